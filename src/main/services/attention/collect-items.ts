import { placeOf } from '#shared/board/derive-board.ts';
import type { AttentionItem, AttentionPlace, AttentionReason } from '#shared/contract/attention.ts';
import { attentionReasons } from '#shared/contract/attention.ts';
import type { CheckState, RunChecks } from '#shared/contract/gates.ts';
import type { RadarPair } from '#shared/contract/radar.ts';
import type { Run } from '#shared/contract/runs.ts';
import type { RunId } from '#shared/ids.ts';
import { workElsewhereWords } from '#shared/work-elsewhere-words.ts';

/** What is known of a project, as far as it decides who needs the person. */
export interface AttentionFacts {
  runs: readonly Run[];
  checks: ReadonlyMap<RunId, RunChecks>;
  pairs: readonly RadarPair[];
  /** Runs that a train is bringing in: they need nobody. */
  inTrain: ReadonlySet<RunId>;
}

/** One reason why a run needs the person, before it is known which is the most pressing. */
interface Need {
  reason: AttentionReason;
  detail: string | null;
  since: number;
  collidesWith: RunId | null;
  /** Tells this need from a later one of the same kind. */
  mark: string;
}

/** Every run that needs the person, once, unordered, with what it unblocks left out. */
export function collectItems(facts: AttentionFacts): readonly Omit<AttentionItem, 'unblocks'>[] {
  const inReview = new Map(
    facts.runs
      .filter((run) => placeOf(run).group === 'review' && !facts.inTrain.has(run.id))
      .map((run) => [run.id, run]),
  );
  return facts.runs.flatMap((run) => {
    const needs = inReview.has(run.id) ? reviewNeeds(run, facts, inReview) : ownNeed(run);
    const [first, ...others] = needs.toSorted((a, b) => rank(a.reason) - rank(b.reason));
    if (first === undefined) return [];
    const { reason, detail, since, collidesWith, mark } = first;
    return {
      runId: run.id,
      reason,
      detail,
      since,
      also: others.map((other) => other.reason).filter((other) => other !== 'review'),
      standsStill: standing.has(reason),
      place: places[reason],
      collidesWith,
      key: `${reason} ${mark}`,
    };
  });
}

const rank = (reason: AttentionReason): number => attentionReasons.indexOf(reason);

/** What goes no further without the person. Work that is done waits, too, and costs nothing meanwhile. */
const standing: ReadonlySet<AttentionReason> = new Set([
  'permission',
  'question',
  'failed',
  'stuck',
  'stopped',
  'lost',
]);

const places: Readonly<Record<AttentionReason, AttentionPlace>> = {
  permission: 'terminal',
  question: 'terminal',
  failed: 'terminal',
  stuck: 'terminal',
  stopped: 'terminal',
  lost: 'terminal',
  'gate-failed': 'checks',
  collides: 'collisions',
  review: 'review',
};

/** Of a run whose work is not done. */
function ownNeed(run: Run): readonly Need[] {
  const { need } = placeOf(run);
  const { status } = run;
  const of = (reason: AttentionReason, detail: string | null, since = status.since): readonly Need[] => [
    { reason, detail, since, collidesWith: null, mark: String(status.since) },
  ];
  switch (need) {
    case null:
      return [];
    case 'waiting':
      // One question may follow another while the status stays.
      return of(status.asks === 'permission' ? 'permission' : 'question', status.detail).map((each) => ({
        ...each,
        mark: `${each.mark} ${status.detail ?? ''}`,
      }));
    case 'failed':
      return of('failed', run.stages.find(({ state }) => state === 'failed')?.detail ?? status.detail);
    case 'stuck':
      return of('stuck', 'No output, no processor time and no change of a file since.', run.stuckSince ?? status.since);
    case 'nothing-done':
      return of('stopped', status.detail ?? `${run.agent.label} stopped without changing anything.`);
    case 'branch-missing':
      return of('lost', 'Its branch is gone, its files are still in the worktree.');
    case 'worktree-missing':
      return of('lost', 'Its worktree is gone, its commits are safe on the branch.');
    case 'work-elsewhere':
      return of('lost', workElsewhereWords(run)?.fact ?? null);
    case 'unclear':
      return of('lost', 'Nobody can say what became of it.');
  }
}

/** Of a run whose work is done. */
function reviewNeeds(run: Run, facts: AttentionFacts, inReview: ReadonlyMap<RunId, Run>): readonly Need[] {
  const isKept = run.decision.kind === 'keep';
  const checks = facts.checks.get(run.id);
  const underWay = checks?.checks.filter(({ state }) => state === 'running' || state === 'queued').length ?? 0;
  const ready: Need = {
    reason: 'review',
    detail: isKept ? 'Kept: a merge is all it lacks.' : underWay > 0 ? 'Its checks are still running.' : null,
    since: isKept ? (run.decision.at ?? run.status.since) : run.status.since,
    collidesWith: null,
    mark: `${String(run.status.since)} ${run.decision.kind}`,
  };
  return [ready, ...gateNeed(checks), ...collisionNeed(run, facts.pairs, inReview)];
}

function gateNeed(checks: RunChecks | undefined): readonly Need[] {
  // What the person themselves said is no news to them.
  const failed = (checks?.checks ?? []).filter(
    (check): check is CheckState & { evidence: object } =>
      check.state === 'failed' && !check.isStale && check.command !== null && check.evidence !== null,
  );
  const [first] = failed;
  if (first === undefined) return [];
  const more = failed.length > 1 ? `, and ${String(failed.length - 1)} more` : '';
  return [
    {
      reason: 'gate-failed',
      detail: `${first.title}${more}`,
      since: Math.min(...failed.map(({ evidence }) => evidence.endedAt)),
      collidesWith: null,
      mark: `${checks?.tree ?? ''} ${failed.map(({ id }) => id).join(' ')}`,
    },
  ];
}

/**
 * A pair of branches that collide is one thing to look at, not two: it is said of the run that was done later, because the
 * other one can be merged as it is.
 */
function collisionNeed(run: Run, pairs: readonly RadarPair[], inReview: ReadonlyMap<RunId, Run>): readonly Need[] {
  const colliding = pairs.filter(
    ({ a, b, outcome, areVariants }) => outcome.kind === 'conflicts' && !areVariants && (a === run.id || b === run.id),
  );
  const others = colliding.flatMap(({ a, b }) => {
    if (b === null) return [];
    const other = inReview.get(a === run.id ? b : a);
    return other && isLater(run, other) ? other : [];
  });
  const withBase = colliding.some(({ b }) => b === null);
  const [other] = others;
  if (!withBase && other === undefined) return [];
  const names = [...(withBase ? [run.base] : []), ...others.map(({ spec }) => `“${spec.title}”`)];
  const [first = '', ...more] = names;
  return [
    {
      reason: 'collides',
      detail: `With ${first}${more.length > 0 ? `, and ${String(more.length)} more` : ''}`,
      since: run.status.since,
      collidesWith: withBase ? null : (other?.id ?? null),
      mark: [withBase ? run.base : '', ...others.map(({ id }) => id).toSorted()].join(' '),
    },
  ];
}

function isLater(run: Run, other: Run): boolean {
  const kept = (each: Run): number => (each.decision.kind === 'keep' ? 0 : 1);
  const order = kept(run) - kept(other) || run.status.since - other.status.since;
  return order === 0 ? run.id > other.id : order > 0;
}
