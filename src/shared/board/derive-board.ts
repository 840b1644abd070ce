import type { Run } from '#shared/contract/runs.ts';
import type { SpecList, SpecSummary, StrayFile } from '#shared/contract/specs.ts';

/** Why a run cannot go on without the person. */
export type Need =
  /** Its agent asked something. */
  | 'waiting'
  /** The spawn or the agent failed. */
  | 'failed'
  /** Its branch is gone while its worktree is there. */
  | 'branch-missing'
  /** Its worktree is gone while its branch is there. */
  | 'worktree-missing'
  /** Its agent rests, and has committed where no review looks: on another branch, or on a detached HEAD. */
  | 'work-elsewhere'
  /** Its agent's turn is over and nothing was changed. */
  | 'nothing-done'
  /** Its agent says that it works, and nothing moves. */
  | 'stuck'
  /** Nobody can say what it is doing. */
  | 'unclear';

export interface RunCard {
  kind: 'run';
  run: Run;
  /** Set in the group `needsYou` only. */
  need: Need | null;
}

export interface DraftCard {
  kind: 'draft';
  spec: SpecSummary;
}

export interface StrayCard {
  kind: 'stray';
  file: StrayFile;
}

export type BoardCard = RunCard | DraftCard | StrayCard;

/** The groups of the board, in the order in which they are shown. */
export const boardGroupIds = ['needsYou', 'review', 'running', 'queued', 'drafts', 'done'] as const;
export type BoardGroupId = (typeof boardGroupIds)[number];

export interface BoardGroups {
  /** The longest waiting first: questions, then failures, then what is unclear. */
  needsYou: readonly RunCard[];
  /** Work that is there to be looked at; what is decided to be kept comes first, because a merge is all it lacks. */
  review: readonly RunCard[];
  running: readonly RunCard[];
  queued: readonly RunCard[];
  /** Specs that no run works on or has brought in, the last edited first; then files that are no specs. */
  drafts: readonly (DraftCard | StrayCard)[];
  /** Merged, discarded or gone, the latest first. */
  done: readonly RunCard[];
}

/**
 * What each run and each spec needs of the person, by what the host says of them and nothing else. Every run stands in
 * exactly one group. A spec is a draft while no run of it is under way and none was merged.
 */
export function deriveBoard(runs: Iterable<Run>, specs: SpecList | null): BoardGroups {
  const cards: Record<Exclude<BoardGroupId, 'drafts'>, RunCard[]> = {
    needsYou: [],
    review: [],
    running: [],
    queued: [],
    done: [],
  };
  const takenSlugs = new Set<string>();
  for (const run of runs) {
    const { group, need } = placeOf(run);
    cards[group].push({ kind: 'run', run, need });
    // One that only drafts smaller specs carries out nothing of its own.
    if (run.task !== 'split' && (group !== 'done' || run.merged !== null)) takenSlugs.add(run.spec.slug);
  }

  cards.needsYou.sort(
    (a, b) =>
      needRank(a) - needRank(b) || a.run.status.since - b.run.status.since || a.run.id.localeCompare(b.run.id, 'en'),
  );
  cards.review.sort((a, b) => keepRank(a.run) - keepRank(b.run) || a.run.status.since - b.run.status.since);
  cards.running.sort(byAge);
  cards.queued.sort(byAge);
  cards.done.sort((a, b) => doneAt(b.run) - doneAt(a.run));

  const drafts = (specs?.specs ?? [])
    .filter((spec) => !takenSlugs.has(spec.slug))
    .toSorted((a, b) => b.modifiedAt - a.modifiedAt)
    .map((spec): DraftCard => ({ kind: 'draft', spec }));
  const strays = (specs?.strays ?? []).map((file): StrayCard => ({ kind: 'stray', file }));
  return { ...cards, drafts: [...drafts, ...strays] };
}

/** In which group a run stands, and why there if it needs the person. */
export function placeOf(run: Run): { group: Exclude<BoardGroupId, 'drafts'>; need: Need | null } {
  const { status } = run;
  const at = (group: Exclude<BoardGroupId, 'drafts'>): { group: typeof group; need: null } => ({ group, need: null });
  const needs = (need: Need): { group: 'needsYou'; need: Need } => ({ group: 'needsYou', need });

  if (status.kind === 'queued') return at('queued');
  if (status.kind === 'preparing') return at('running');
  if (run.merged !== null) return at('done');
  // A discarded run whose agent still works is not done: it costs something until it is stopped.
  if (run.decision.kind === 'discard') return at(status.kind === 'working' ? 'running' : 'done');
  // It was the person who stopped it: nothing of it needs them before they let it go on.
  if (run.pausedSince !== null) return at('running');
  if (status.kind === 'waiting') return needs('waiting');
  // However its agent ended, what is kept can be merged from its branch.
  if (run.decision.kind === 'keep' && status.kind !== 'working' && run.presence.branch && hasWork(run))
    return at('review');
  if (status.kind === 'failed') return needs('failed');
  if (!run.presence.branch && !run.presence.worktree) return at('done');
  if (!run.presence.branch) return needs('branch-missing');
  if (!run.presence.worktree) return needs('worktree-missing');
  if (run.stuckSince !== null && run.terminalId !== null) return needs('stuck');
  if (status.kind === 'working') return at('running');
  if ((run.presence.elsewhere?.commits ?? 0) > 0) return needs('work-elsewhere');

  if (status.kind === 'unknown') {
    if (run.terminalId !== null) return at('running');
    return hasWork(run) ? at('review') : needs('unclear');
  }
  if (hasWork(run)) return at('review');
  // A shell was given nothing to do: that it has done nothing is no news.
  if (run.promptVersion === null && status.kind === 'idle') return at('running');
  // Until Git has been asked nobody knows whether there is work, so nobody is told that there is none.
  return run.changes === null ? at('review') : needs('nothing-done');
}

/** Whether the run is known to have changed anything at all, committed or not. */
export function hasWork({ changes }: Pick<Run, 'changes'>): boolean {
  return changes !== null && (changes.commits > 0 || changes.uncommitted > 0 || changes.files > 0);
}

const needOrder: readonly Need[] = [
  'waiting',
  'failed',
  'stuck',
  'branch-missing',
  'worktree-missing',
  'work-elsewhere',
  'unclear',
  'nothing-done',
];
const needRank = (card: RunCard): number => (card.need === null ? needOrder.length : needOrder.indexOf(card.need));
const keepRank = (run: Run): number => (run.decision.kind === 'keep' ? 0 : 1);
const byAge = (a: RunCard, b: RunCard): number =>
  a.run.createdAt - b.run.createdAt || (a.run.variant ?? 0) - (b.run.variant ?? 0);
const doneAt = (run: Run): number => run.merged?.at ?? run.decision.at ?? run.status.since;
