import { setImmediate } from 'node:timers/promises';

import { GitError } from '#main/services/git/git.ts';
import { ecosystemOf, largestManifestBytes, readManifest, type Manifest } from '#main/services/manifests/manifest.ts';
import { largestComparedBytes, type BranchChange } from '#main/services/radar/branch-changes.ts';
import type { GitPort } from '#main/services/radar/radar-ports.ts';
import { objectSizes, readObjects } from '#main/services/review/objects.ts';
import type { InvariantFinding } from '#shared/contract/invariants.ts';
import { counted } from '#shared/counted.ts';
import { matchesAny } from '#shared/footprint/glob.ts';
import { limitInWords } from '#shared/invariant/rules-in-words.ts';

import { readAddedLines, type AddedLine } from './added-lines.ts';
import type { CompiledLineRule, Invariant } from './read-invariants.ts';

/** A branch as it is to be checked. */
export interface CheckedBranch {
  cwd: string;
  from: string;
  tree: string;
  changes: readonly BranchChange[];
}

export interface CheckedRules {
  findings: readonly InvariantFinding[];
  omitted: number;
  unchecked: readonly string[];
}

const mostFindings = 200;
/** Of one rule: it says what is wrong after a few. */
const mostOfOneRule = 50;
/** A line is looked at this far; beyond that it is no line that a person reads. */
const longestLine = 2000;
/** How long the patterns of one invariant may take altogether, and how long before others get their turn. */
const patternMilliseconds = 3000;
const sliceMilliseconds = 12;

/** Holds a branch against the rules. Nothing is run, and nothing of the repository can make it take long. */
export async function checkInvariants(
  git: Pick<GitPort, 'read'>,
  branch: CheckedBranch,
  invariants: readonly Invariant[],
): Promise<CheckedRules> {
  const found: InvariantFinding[] = [];
  const unchecked: string[] = [];
  let omitted = 0;
  const add = (invariant: Invariant, findings: readonly Omit<InvariantFinding, 'invariant' | 'title'>[]): void => {
    for (const finding of findings) {
      if (found.length < mostFindings) found.push({ invariant: invariant.id, title: invariant.title, ...finding });
      else omitted++;
    }
  };
  const manifests = invariants.some(({ rules }) => rules.dependencies !== null)
    ? await changedManifests(git, branch, unchecked)
    : [];
  const added = invariants.some(({ lines }) => lines.length > 0) ? await linesOf(git, branch, unchecked) : new Map();
  for (const invariant of invariants) {
    const { rules } = invariant;
    add(invariant, forbidden(branch.changes, rules.forbid));
    add(invariant, missing(branch.changes, rules.require));
    if (rules.dependencies !== null) add(invariant, newDependencies(manifests, rules.dependencies));
    if (rules.limit !== null) add(invariant, tooMuch(branch.changes, rules.limit));
    if (invariant.lines.length === 0) continue;
    const matched = await matchLines(added, invariant.lines);
    add(invariant, matched.findings);
    omitted += matched.omitted;
    unchecked.push(...matched.unchecked.map((reason) => `“${invariant.title}”: ${reason}`));
  }
  return { findings: found, omitted, unchecked: [...new Set(unchecked)] };
}

type Finding = Omit<InvariantFinding, 'invariant' | 'title'>;

const happened: Readonly<Record<BranchChange['kind'], string>> = {
  added: 'is added',
  modified: 'is changed',
  deleted: 'is deleted',
  renamed: 'is renamed',
  'type-changed': 'is changed',
};

function forbidden(changes: readonly BranchChange[], globs: readonly string[]): readonly Finding[] {
  if (globs.length === 0) return [];
  return changes.flatMap(({ path, oldPath, kind }) => {
    if (matchesAny(path, globs)) {
      return [{ rule: 'forbid', path, line: null, words: `${path} ${happened[kind]}, and nothing there may be.` }];
    }
    return oldPath !== null && matchesAny(oldPath, globs)
      ? [{ rule: 'forbid', path, line: null, words: `${oldPath} is moved away, and nothing there may be changed.` }]
      : [];
  });
}

function missing(changes: readonly BranchChange[], rules: Invariant['rules']['require']): readonly Finding[] {
  const paths = changes.flatMap(({ path, oldPath }) => (oldPath === null ? [path] : [path, oldPath]));
  return rules.flatMap(({ path: required, with: condition }) => {
    const cause = paths.find((path) => condition.length === 0 || matchesAny(path, condition));
    if (cause === undefined || paths.some((path) => matchesAny(path, [required]))) return [];
    const words = `${cause} is changed, and nothing in ${required} is.`;
    return [{ rule: 'require', path: null, line: null, words }];
  });
}

function tooMuch(all: readonly BranchChange[], limit: NonNullable<Invariant['rules']['limit']>): readonly Finding[] {
  const changes = all.filter(({ path }) => !matchesAny(path, limit.except));
  const lines = changes.reduce((sum, { insertions, deletions }) => sum + (insertions ?? 0) + (deletions ?? 0), 0);
  const isTooMuch =
    (limit.files !== null && changes.length > limit.files) || (limit.lines !== null && lines > limit.lines);
  if (!isTooMuch) return [];
  const words = `It changes ${counted(changes.length, 'file')} and ${counted(lines, 'line')}; at most ${limitInWords(limit)} may be.`;
  return [{ rule: 'limit', path: null, line: null, words }];
}

interface ChangedManifest {
  path: string;
  before: Manifest | null;
  now: Manifest;
}

async function changedManifests(
  git: Pick<GitPort, 'read'>,
  { cwd, changes }: CheckedBranch,
  unchecked: string[],
): Promise<readonly ChangedManifest[]> {
  const files = changes.filter(({ path, kind }) => kind !== 'deleted' && ecosystemOf(path) !== null);
  const sizes = await objectSizes(
    git,
    cwd,
    files.map(({ newHash }) => newHash),
  );
  const readable = files.filter(({ newHash }) => (sizes.get(newHash) ?? 0) <= largestManifestBytes);
  const texts = await readObjects(
    git,
    cwd,
    readable.flatMap(({ oldHash, newHash }) => [oldHash, newHash]),
  );
  const text = (hash: string): string => texts.get(hash)?.toString('utf8') ?? '';
  return files.flatMap(({ path, oldPath, oldHash, newHash }) => {
    const now = readable.some((file) => file.path === path) ? readManifest(path, text(newHash)) : null;
    if (now !== null) return [{ path, before: readManifest(oldPath ?? path, text(oldHash)), now }];
    unchecked.push(`The dependencies in ${path} could not be read, so they were not checked.`);
    return [];
  });
}

function newDependencies(manifests: readonly ChangedManifest[], allowed: readonly string[]): readonly Finding[] {
  const isAllowed = new Set(allowed);
  return manifests.flatMap(({ path, before, now }) => {
    const known = new Set(before?.dependencies.map(({ name }) => name));
    return now.dependencies
      .filter(({ name }) => !known.has(name) && !isAllowed.has(name))
      .map(({ name, line }) => ({
        rule: 'dependencies' as const,
        path,
        line,
        words: `${name} is a new dependency${allowed.length === 0 ? ', and none may be added' : ', and not among those that may be added'}.`,
      }));
  });
}

/** The added lines by file; what cannot be looked through is said. */
async function linesOf(
  git: Pick<GitPort, 'read'>,
  { cwd, from, tree, changes }: CheckedBranch,
  unchecked: string[],
): Promise<ReadonlyMap<string, readonly AddedLine[]>> {
  const uncounted = changes.filter(({ kind, insertions }) => kind !== 'deleted' && insertions === null);
  const sizes = await objectSizes(
    git,
    cwd,
    uncounted.map(({ newHash }) => newHash),
  );
  for (const { path, newHash } of uncounted) {
    if ((sizes.get(newHash) ?? 0) > largestComparedBytes) unchecked.push(`${path} is too large to be looked through.`);
  }
  try {
    return await readAddedLines(git, cwd, { from, tree }, changes);
  } catch (error) {
    if (!(error instanceof GitError)) throw error;
    unchecked.push('The lines that it adds are too many to be looked through.');
    return new Map();
  }
}

async function matchLines(
  added: ReadonlyMap<string, readonly AddedLine[]>,
  rules: readonly CompiledLineRule[],
): Promise<{ findings: readonly Finding[]; omitted: number; unchecked: readonly string[] }> {
  const findings: Finding[] = [];
  const unchecked = new Set<string>();
  let omitted = 0;
  let spent = 0;
  for (const rule of rules) {
    let ofRule = 0;
    let sliceBegan = performance.now();
    for (const [path, lines] of added) {
      if ((rule.in.length > 0 && !matchesAny(path, rule.in)) || matchesAny(path, rule.except)) continue;
      for (const { line, text } of lines) {
        if (performance.now() - sliceBegan > sliceMilliseconds) {
          spent += performance.now() - sliceBegan;
          await setImmediate();
          sliceBegan = performance.now();
        }
        if (spent > patternMilliseconds) {
          unchecked.add('its patterns take too long on this branch, so some lines were not looked at.');
          return { findings, omitted, unchecked: [...unchecked] };
        }
        if (text.length > longestLine) {
          unchecked.add(`lines were looked at for their first ${String(longestLine)} characters.`);
        }
        if (!rule.expression.matcher(text.slice(0, longestLine)).find()) continue;
        if (++ofRule > mostOfOneRule) {
          omitted++;
          continue;
        }
        const more = rule.say === '' ? '' : ` ${rule.say}`;
        findings.push({ rule: 'lines', path, line, words: `This line matches ${rule.match}.${more}` });
      }
    }
    spent += performance.now() - sliceBegan;
  }
  return { findings, omitted, unchecked: [...unchecked] };
}
