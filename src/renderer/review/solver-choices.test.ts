import { describe, expect, it } from 'vitest';

import type { Agent } from '#shared/contract/agents.ts';
import type { ConflictHelp } from '#shared/contract/conflicts.ts';
import { testRun } from '#shared/contract/test-run.ts';
import type { AgentId, RunId, SpecSlug } from '#shared/ids.ts';

import { solverChoices, solverOf } from './solver-choices.ts';

const agent = (id: string, more: Partial<Agent> = {}): Agent => ({
  id: id as AgentId,
  label: id,
  description: '',
  source: 'built-in',
  isForDemos: false,
  takesPrompt: true,
  modes: [],
  mode: null,
  availability: { kind: 'available', path: `/bin/${id}`, version: null },
  ...more,
});

const agents = [
  agent('scribe'),
  agent('claude', { availability: { kind: 'missing', command: 'claude', install: 'npm install it' } }),
  agent('shell', { takesPrompt: false }),
];

const help = (run: string): ConflictHelp => ({
  base: 'main',
  baseCommit: 'a',
  branch: 'feature/own',
  branchCommit: 'b',
  files: [],
  origins: [
    {
      hash: 'c',
      subject: 'Merge it',
      author: 'Ann',
      at: 1,
      spec: { slug: 'other' as SpecSlug, title: 'Other' },
      run: run as RunId,
    },
  ],
  own: [],
  isUncommitted: false,
});

const run = testRun('own');

describe('who can be asked to solve a conflict', () => {
  it('is each agent in the same worktree, each other run that can take it in, and a run of its own', () => {
    const runs = [
      run,
      testRun('far'),
      testRun('wrote-it'),
      testRun('of-another-base', { base: 'next' }),
      testRun('gone', { presence: { branch: true, worktree: false } }),
      testRun('thrown-away', { decision: { kind: 'discard', reason: '', at: 1 } }),
      testRun('being-made', { status: { kind: 'preparing', source: 'stages', since: 1, detail: null } }),
      testRun('of-a-shell', { agent: { id: 'shell' as AgentId, label: 'Shell' } }),
      testRun('splits', { task: 'split' }),
    ];
    const choices = solverChoices(run, { help: help('wrote-it'), runs, agents });
    expect(choices.map(({ value }) => value)).toEqual([
      'same',
      'hand-over scribe',
      'run wrote-it',
      'run far',
      'new scribe',
    ]);
    expect(choices.find(({ value }) => value === 'run wrote-it')?.description).toContain('It wrote the other side');
  });

  it('is nobody in a worktree that is gone', () => {
    const gone = testRun('own', { presence: { branch: true, worktree: false } });
    const choices = solverChoices(gone, { help: null, runs: [gone], agents: [agent('scribe')] });
    expect(choices.map(({ value, reason }) => [value, !reason])).toEqual([
      ['same', false],
      ['hand-over scribe', false],
      ['new scribe', true],
    ]);
  });

  it('is what its name says', () => {
    expect(solverOf('same')).toEqual({ kind: 'same' });
    expect(solverOf('run abc')).toEqual({ kind: 'run', id: 'abc' });
    expect(solverOf('hand-over scribe')).toEqual({ kind: 'hand-over', agentId: 'scribe' });
    expect(solverOf('new scribe')).toEqual({ kind: 'new', agentId: 'scribe' });
  });
});
