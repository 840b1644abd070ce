import type { Log } from '#main/base/log.ts';
import { isAncestor } from '#main/services/git/ancestry.ts';
import { GitError } from '#main/services/git/git.ts';
import { saysNobody } from '#main/services/git/own-identity.ts';
import { commitTree } from '#main/services/merges/commits.ts';
import { shownPath, type RawChange } from '#main/services/review/raw-diff.ts';
import { newRunId } from '#main/services/runs/record-planned.ts';
import type { TakenRefused } from '#main/services/runs/taken-run.ts';
import type { Run } from '#shared/contract/runs.ts';
import { counted } from '#shared/counted.ts';
import type { RunId } from '#shared/ids.ts';
import { fail, type Result } from '#shared/result.ts';

import { nameOf, type Comparison, type RunComparer } from './compare-runs.ts';
import { composeTree, type TreeClash, type TreePick } from './compose-tree.ts';
import { takenMessage, type TakenFrom } from './taken-message.ts';
import type { GitPort, RadarPort, RunsPort, VariantProject } from './variant-ports.ts';

interface TakePorts {
  git: GitPort;
  radar: Pick<RadarPort, 'commitOf'>;
  runs: Pick<RunsPort, 'whyNotBranch' | 'spawnTaken'>;
  comparer: RunComparer;
  log: Log;
}

interface TakeRequest {
  project: VariantProject;
  /** The runs of the spec, as they are now. */
  all: readonly Run[];
  /** What was seen: the commit that all began from, and the trees of those that are taken from. */
  from: string;
  seen: readonly { runId: RunId; tree: string }[];
  /** Null: the file stays as it was. */
  picks: readonly { path: string; runId: RunId | null }[];
  branch: string;
}

export type TakeFailure =
  | { kind: 'run-missing'; runs: readonly RunId[] }
  | { kind: 'moved'; runs: readonly RunId[] }
  | TreeClash
  | { kind: 'nothing-taken' }
  | { kind: 'disk-full'; message: string }
  | { kind: 'git-failed'; message: string }
  | TakenRefused;

/**
 * Puts files of several runs into a commit, and makes a run of that. Only objects are written before the run is recorded;
 * nothing of the runs that are taken from is touched.
 */
export async function takeFiles(ports: TakePorts, request: TakeRequest): Promise<Result<RunId, TakeFailure>> {
  try {
    return await take(ports, request);
  } catch (error) {
    if (!(error instanceof GitError)) throw error;
    ports.log.error('git could not take files from variants', error, { call: error.call });
    if (saysNobody(error.stderr)) {
      const message =
        'Git does not know who you are, and the commit is made in your name. Tell it with `git config --global user.name "…"` and `git config --global user.email "…"`.';
      return fail({ kind: 'git-failed', message });
    }
    const kind = /No space left on device|Disk quota exceeded/u.test(error.stderr) ? 'disk-full' : 'git-failed';
    return fail({ kind, message: error.message });
  }
}

async function take(ports: TakePorts, request: TakeRequest): Promise<Result<RunId, TakeFailure>> {
  const { git, radar, runs, comparer } = ports;
  const { project, all, from, seen, branch } = request;
  const obstacle = runs.whyNotBranch(project.id, branch);
  if (obstacle !== null) return fail(obstacle);
  const sources = all.filter(({ id }) => seen.some(({ runId }) => runId === id));
  const gone = seen.flatMap(({ runId }) => (sources.some(({ id }) => id === runId) ? [] : [runId]));
  if (gone.length > 0) return fail({ kind: 'run-missing', runs: gone });

  // Written into the repository itself: so far the objects of what is not committed lie beside it.
  const vanished: RunId[] = [];
  const moved: RunId[] = [];
  for (const { runId, tree } of seen) {
    const present = await radar.commitOf(runId);
    if (present === null) vanished.push(runId);
    else if (present.tree !== tree) moved.push(runId);
  }
  if (vanished.length > 0) return fail({ kind: 'run-missing', runs: vanished });
  if (moved.length > 0) return fail({ kind: 'moved', runs: moved });
  const comparison = await comparer.compare(sources);
  const notSeen = comparison.runs.flatMap(({ run, work }) =>
    work?.node.tree === seen.find(({ runId }) => runId === run.id)?.tree ? [] : [run.id],
  );
  if (notSeen.length > 0) return fail({ kind: 'moved', runs: notSeen });

  const chosen = choose(comparison, request.picks);
  const start = comparison.from;
  const isStart =
    start === from || (start !== null && (await isAncestor(git, project.path, { ancestor: from, of: start })));
  if (chosen === null || !isStart) return fail({ kind: 'moved', runs: [] });
  const composed = await composeTree(git, project.path, from, chosen);
  if (!composed.ok) return composed;
  const { text: before } = await git.read({
    name: 'look up where the variants began',
    cwd: project.path,
    args: ['rev-parse', '--verify', '--end-of-options', `${from}^{tree}`],
  });
  if (composed.value === before.trim()) return fail({ kind: 'nothing-taken' });
  return commitAndSpawn(ports, request, { sources, chosen, tree: composed.value });
}

type Chosen = TreePick & { change: RawChange; runId: RunId };

/** The picks as changes; null: one of them names what is not there. What stays as it was is left out. */
function choose(comparison: Comparison, picks: TakeRequest['picks']): readonly Chosen[] | null {
  const byPath = new Map(comparison.files.map((each) => [each.file.path, each]));
  const chosen: Chosen[] = [];
  for (const { path, runId } of picks) {
    if (runId === null) continue;
    const compared = byPath.get(path);
    const index = comparison.runs.findIndex(({ run }) => run.id === runId);
    const change = compared?.changes[index] ?? null;
    if (compared === undefined || change === null || compared.file.obstacle !== null) return null;
    chosen.push({ key: compared.key, change, runId });
  }
  return chosen;
}

async function commitAndSpawn(
  { git, runs }: TakePorts,
  { project, seen, from, branch }: TakeRequest,
  { sources, chosen, tree }: { sources: readonly Run[]; chosen: readonly Chosen[]; tree: string },
): Promise<Result<RunId, TakeFailure>> {
  const [first] = sources;
  if (!first) return fail({ kind: 'nothing-taken' });
  const id = newRunId();
  const taken = sources.flatMap((run): TakenFrom[] => {
    const files = chosen.flatMap(({ runId, change }) => {
      if (runId !== run.id) return [];
      const was = change.status === 'R' && change.oldPath !== null ? shownPath(change.oldPath) : null;
      return [{ path: shownPath(change.path), was, isDeleted: change.status === 'D' }];
    });
    if (files.length === 0) return [];
    const seenTree = seen.find(({ runId }) => runId === run.id)?.tree ?? '';
    return [{ runId: run.id, name: nameOf(run), branch: run.branch, tree: seenTree, files }];
  });
  const { spec, base } = first;
  const commit = await commitTree(git, project.path, { tree, parents: [from], message: takenMessage(spec, id, taken) });
  const inWords = `${counted(chosen.length, 'file')} taken from ${taken.map((source) => source.branch).join(' and ')}.`;
  return runs.spawnTaken(project.id, { id, spec, branch, base, work: { commit, parent: from, inWords } });
}
