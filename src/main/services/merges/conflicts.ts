import { fileModes } from '#main/services/git/file-modes.ts';
import type { Conflict } from '#shared/contract/merges.ts';

/** One version of a path that did not merge. Stage 1 is the common ancestor, 2 the base, 3 the branch. */
export interface StagedPath {
  mode: string;
  stage: number;
  path: string;
}

/** What Git says about some paths; `type` is the stable short name, such as `CONFLICT (contents)`. */
export interface ConflictMessage {
  type: string;
  paths: readonly string[];
}

export interface ConflictSides {
  ours: string;
  theirs: string;
}

/** Every path that did not merge, in order, each once, with the reason in words. */
export function conflictsOf(merge: {
  staged: readonly StagedPath[];
  messages: readonly ConflictMessage[];
  sides: ConflictSides;
}): readonly Conflict[] {
  const stages = new Map<string, Map<number, string>>();
  for (const { path, stage, mode } of merge.staged) {
    stages.set(path, (stages.get(path) ?? new Map<number, string>()).set(stage, mode));
  }
  const types = new Map<string, Set<string>>();
  for (const { type, paths } of merge.messages) {
    if (!type.startsWith('CONFLICT')) continue;
    // `CONFLICT(directory rename collision)` is written without the space.
    const kind = /\((.*)\)/u.exec(type)?.[1] ?? type;
    // A message also names where things were; what is asked of the person is only about what did not merge.
    const unmerged = paths.filter((path) => stages.has(path));
    for (const path of unmerged.length > 0 ? unmerged : paths)
      types.set(path, (types.get(path) ?? new Set<string>()).add(kind));
  }
  const paths = [...new Set([...stages.keys(), ...types.keys()])].toSorted((one, other) => (one < other ? -1 : 1));
  return paths.map((path) => ({
    path,
    reason: reasonOf(types.get(path) ?? new Set(), stages.get(path) ?? new Map<number, string>(), merge.sides),
  }));
}

function reasonOf(
  types: ReadonlySet<string>,
  stages: ReadonlyMap<number, string>,
  { ours, theirs }: ConflictSides,
): string {
  const modes = [stages.get(2), stages.get(3)].filter((mode) => mode !== undefined);
  const has = (stage: number): boolean => stages.has(stage);
  const reasons: string[] = [];
  const say = (type: string, reason: string): void => {
    if (types.has(type)) reasons.push(reason);
  };
  say('rename/rename', `renamed differently in ${ours} and in ${theirs}`);
  say('rename involved in collision', `${ours} and ${theirs} moved different files here`);
  say('rename/delete', `renamed on one side, deleted on the other`);
  if (!types.has('rename/delete')) {
    say(
      'modify/delete',
      has(2) ? `changed in ${ours}, deleted in ${theirs}` : `deleted in ${ours}, changed in ${theirs}`,
    );
  }
  say('file/directory', 'a file on one side, a folder on the other');
  say('distinct modes', 'different kinds of file on the two sides');
  say('directory rename suggested', 'its folder was renamed on the other side, so it may belong there');
  say('file in way of directory rename', 'its folder was renamed, and a file is in the way there');
  say('directory rename collision', 'a folder rename would put several files here');
  say('directory rename unclear split', 'its folder was split on the other side, so its place is unclear');
  if ([...types].some((type) => type.startsWith('submodule')) || modes.includes(fileModes.submodule)) {
    reasons.push(`a submodule that ${ours} and ${theirs} set to different commits`);
  } else if (types.has('binary')) {
    reasons.push(has(1) ? 'both changed this binary file' : 'both added this binary file, with different content');
  } else if (types.has('contents')) {
    const isModeOnly = has(1) && has(2) && has(3) && stages.get(2) !== stages.get(3);
    if (!has(1)) reasons.push('both added it, with different content');
    else reasons.push(isModeOnly ? 'both changed its content or its mode' : 'both changed the same lines');
  }
  if (reasons.length > 0) return reasons.join('; ');
  return types.size > 0 ? [...types].join('; ') : 'changed on both sides in ways that do not fit together';
}
