import { attentionReasons, type AttentionItem } from '#shared/contract/attention.ts';
import type { Run } from '#shared/contract/runs.ts';
import type { RunId } from '#shared/ids.ts';

type Unordered = Omit<AttentionItem, 'unblocks'>;

/**
 * Orders what needs the person by what an answer sets free: the runs that wait for this one's work, and its own agent where
 * it stands still. Where that is the same, questions come before failures and those before finished work; then the longest
 * waiting comes first.
 */
export function orderItems(items: readonly Unordered[], runs: readonly Run[]): readonly AttentionItem[] {
  const byId = new Map(runs.map((run) => [run.id, run]));
  const withUnblocked = items.map((item): AttentionItem => {
    const run = byId.get(item.runId);
    return { ...item, unblocks: run ? unblockedBy(run, runs) : [] };
  });
  const frees = ({ unblocks, standsStill }: AttentionItem): number => unblocks.length + (standsStill ? 1 : 0);
  const rank = ({ reason }: AttentionItem): number => attentionReasons.indexOf(reason);
  return withUnblocked.toSorted(
    (a, b) => frees(b) - frees(a) || group(rank(a)) - group(rank(b)) || a.since - b.since || compare(a.runId, b.runId),
  );
}

const compare = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);

/** Permission and question are one thing to the order: an agent that waits for words. */
const group = (rank: number): number => Math.max(rank, 1);

/** The held runs that begin once this one's work is in their base, directly or behind others that do. */
export function unblockedBy(run: Run, runs: readonly Run[]): readonly RunId[] {
  const held = runs.filter(({ status }) => status.kind === 'queued' && (status.waitsFor ?? []).length > 0);
  const found = new Set<RunId>();
  const follow = ({ spec, base }: Run): void => {
    for (const waiting of held) {
      const waits = waiting.base === base && (waiting.status.waitsFor ?? []).includes(spec.slug);
      if (!waits || waiting.id === run.id || found.has(waiting.id)) continue;
      found.add(waiting.id);
      follow(waiting);
    }
  };
  follow(run);
  return [...found];
}
