import { describe, expect, it } from 'vitest';

import type { Agent } from '#shared/contract/agents.ts';
import type { SpecSummary } from '#shared/contract/specs.ts';
import { testSpec } from '#shared/contract/test-spec.ts';
import type { AgentId, SpecSlug } from '#shared/ids.ts';

import { firstPicks, requestsOf, withPick } from './spawn-requests.ts';

const slug = 'toggles' as SpecSlug;
const spec = (agents: readonly string[]): SpecSummary => testSpec(slug, { agents });
const agent = (id: string): Agent => ({
  id: id as AgentId,
  label: id,
  description: '',
  source: 'built-in',
  isForDemos: false,
  takesPrompt: true,
  modes: [],
  mode: null,
  availability: { kind: 'checking' },
});
const agents = [agent('scribe'), agent('codex')];
const listed = (picks: ReturnType<typeof firstPicks>): unknown => [...(picks.get(slug) ?? [])];

describe('what is picked for a spawn', () => {
  it('starts from what the spec names, and leaves out what nobody knows', () => {
    expect(listed(firstPicks([spec(['codex', 'ghost'])], agents, 'scribe'))).toEqual([['codex', 1]]);
  });

  it('falls back to the agent that was used last', () => {
    expect(listed(firstPicks([spec([])], agents, 'scribe'))).toEqual([['scribe', 1]]);
    expect(listed(firstPicks([spec([])], agents, null))).toEqual([]);
  });

  it('asks for one request an agent, with its number of variants', () => {
    const picks = withPick(firstPicks([spec(['codex'])], agents, null), slug, 'scribe' as AgentId, 3);
    expect(requestsOf({ picks, base: 'main', branch: null })).toEqual([
      { slug, agentId: 'codex', variants: 1, base: 'main', branch: null },
      { slug, agentId: 'scribe', variants: 3, base: 'main', branch: null },
    ]);
    expect(requestsOf({ picks: withPick(picks, slug, 'codex' as AgentId, 0), base: null, branch: null })).toHaveLength(
      1,
    );
  });
});
