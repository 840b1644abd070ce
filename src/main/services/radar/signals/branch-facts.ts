import { posix } from 'node:path';

import { ecosystemOf, largestManifestBytes, readManifest, type Manifest } from '#main/services/manifests/manifest.ts';
import { readBranchChanges, type BranchChange } from '#main/services/radar/branch-changes.ts';
import { objectSizes, readObjects } from '#main/services/review/objects.ts';

import type { GitPort } from '#main/services/radar/radar-ports.ts';

import { moduleOf, placeOf, type ModulePlace } from './modules.ts';
import { largestSourceBytes, type SymbolReader } from './symbol-reader.ts';
import { languageOf, type FileSymbols, type SymbolLanguage, type UsedName } from './symbols.ts';

export interface FilePlace {
  path: string;
  line: number | null;
}

/** A name that a branch takes away from whoever uses it. */
export interface RemovedName {
  language: SymbolLanguage;
  module: string;
  /** `*`: the whole module. */
  name: string;
  /** What it seems to be called now; null: nothing says so. */
  now: string | null;
  /** Where it was; the file may be gone. */
  place: FilePlace;
  movedTo: string | null;
}

/** A use of a name that a branch adds. */
export interface AddedUse {
  language: SymbolLanguage;
  place: ModulePlace;
  name: string;
  at: FilePlace;
}

/** What a branch does that another one may stumble over although Git merges them. */
export interface BranchFacts {
  /** Files that it adds, by their path in lower case and normal form. */
  added: ReadonlyMap<string, { path: string; hash: string }>;
  /** Numbered files that it adds, by folder and number. */
  numbers: ReadonlyMap<string, { path: string; number: string }>;
  /** Versions of its own that it sets, by manifest. */
  versions: ReadonlyMap<string, { value: string; at: FilePlace }>;
  /** Dependencies that it adds or moves to another version, by ecosystem and name. */
  dependencies: ReadonlyMap<string, { name: string; version: string; at: FilePlace }>;
  removed: readonly RemovedName[];
  /** By the name that is used. */
  uses: ReadonlyMap<string, readonly AddedUse[]>;
}

/** So many changed sources of one branch are read; a branch that changes more is a sweep through everything. */
const mostSources = 400;
const mostManifests = 100;

/** Finds out what a branch does from a commit to a tree. */
export async function readBranchFacts(
  ports: { git: Pick<GitPort, 'read'>; cwd: string; symbols: SymbolReader },
  range: { from: string; tree: string },
): Promise<BranchFacts> {
  const changes = await readBranchChanges(ports.git, ports.cwd, range);
  const manifests = await manifestFacts(ports, changes);
  const names = await nameFacts(ports, changes);
  const added = changes.filter(({ kind, newMode }) => kind === 'added' && newMode !== '160000');
  return {
    added: new Map(added.map(({ path, newHash }) => [sameName(path), { path, hash: newHash }])),
    numbers: new Map(
      added.flatMap(({ path }) => {
        const number = numberOf(path);
        return number === null ? [] : [[`${posix.dirname(path)}\0${number}`, { path, number }] as const];
      }),
    ),
    ...manifests,
    ...names,
  };
}

/** Names that some file systems take for the same. */
export const sameName = (path: string): string => path.normalize('NFC').toLowerCase();

/**
 * The number that a file's name begins with, where such numbers are meant to be unique: `0007_add.sql`, `V12__add.sql`.
 * A year or a date in front of a document is none.
 */
export function numberOf(path: string): string | null {
  const name = posix.basename(path);
  const found = /^(?:[Vv](?=\d))?(\d{1,20})(?=[_.-]|__)/u.exec(name)?.[1];
  if (found === undefined) return null;
  const isMigration =
    /(?:^|\/)(?:[\w-]*migrations?|migrate|alembic|flyway|versions|changesets?|adrs?|decisions|rfcs?)(?:\/|$)/iu.test(
      posix.dirname(path),
    ) || name.endsWith('.sql');
  return isMigration || /^0\d{2,}$/u.test(found) ? found.replace(/^0+(?=\d)/u, '') : null;
}

async function manifestFacts(
  { git, cwd }: { git: Pick<GitPort, 'read'>; cwd: string },
  changes: readonly BranchChange[],
): Promise<Pick<BranchFacts, 'versions' | 'dependencies'>> {
  const versions = new Map<string, { value: string; at: FilePlace }>();
  const dependencies = new Map<string, { name: string; version: string; at: FilePlace }>();
  const files = changes
    .filter(({ path, kind }) => kind !== 'deleted' && ecosystemOf(path) !== null)
    .slice(0, mostManifests);
  const texts = await readTexts(git, cwd, files, largestManifestBytes);
  for (const { path, oldPath, oldHash, newHash } of files) {
    const now = manifestOf(path, texts.get(newHash));
    const before = manifestOf(oldPath ?? path, texts.get(oldHash));
    if (now === null) continue;
    // A manifest that is new sets no version that anybody else could have set as well.
    if (now.version && before?.version && before.version.value !== now.version.value) {
      versions.set(path, { value: now.version.value, at: { path, line: now.version.line } });
    }
    const known = new Map(before?.dependencies.map(({ name, version }) => [name, version]));
    for (const { name, version, line } of now.dependencies) {
      if (known.get(name) === version) continue;
      dependencies.set(`${now.ecosystem} ${name}`, { name, version, at: { path, line } });
    }
  }
  return { versions, dependencies };
}

const manifestOf = (path: string, text: string | undefined): Manifest | null =>
  text === undefined ? null : readManifest(path, text);

async function readTexts(
  git: Pick<GitPort, 'read'>,
  cwd: string,
  files: readonly BranchChange[],
  most: number,
): Promise<ReadonlyMap<string, string>> {
  const hashes = files.flatMap(({ oldHash, newHash }) => [oldHash, newHash]).filter((hash) => !/^0+$/u.test(hash));
  const sizes = await objectSizes(git, cwd, hashes);
  const readable = hashes.filter((hash) => (sizes.get(hash) ?? Infinity) <= most);
  const contents = await readObjects(git, cwd, readable);
  return new Map(Array.from(contents, ([hash, content]) => [hash, content.toString('utf8')]));
}

interface SourceChange {
  change: BranchChange;
  language: SymbolLanguage;
  before: FileSymbols | null;
  now: FileSymbols | null;
}

async function nameFacts(
  { git, cwd, symbols }: { git: Pick<GitPort, 'read'>; cwd: string; symbols: SymbolReader },
  changes: readonly BranchChange[],
): Promise<Pick<BranchFacts, 'removed' | 'uses'>> {
  const sources = changes.flatMap((change) => {
    const language = languageOf(change.path) ?? languageOf(change.oldPath ?? '');
    return language === null || change.newMode === '120000' ? [] : [{ change, language }];
  });
  if (sources.length === 0 || sources.length > mostSources) return { removed: [], uses: new Map() };
  const wanted = sources.filter(({ change, language }) =>
    [change.oldHash, change.newHash].some((hash) => !/^0+$/u.test(hash) && symbols.known(language, hash) === undefined),
  );
  const texts = await readTexts(
    git,
    cwd,
    wanted.map(({ change }) => change),
    largestSourceBytes,
  );
  const read = async (language: SymbolLanguage, hash: string): Promise<FileSymbols | null> => {
    if (/^0+$/u.test(hash)) return null;
    const known = symbols.known(language, hash);
    if (known !== undefined) return known;
    const text = texts.get(hash);
    // One that is too large is not known to export nothing.
    return text === undefined ? null : symbols.read(language, hash, text);
  };
  const files: SourceChange[] = [];
  for (const { change, language } of sources) {
    const before = await read(language, change.oldHash);
    files.push({ change, language, before, now: await read(language, change.newHash) });
  }
  return { removed: removedNames(files), uses: addedUses(files) };
}

function removedNames(files: readonly SourceChange[]): readonly RemovedName[] {
  /** What each module of which something has changed exports now, as far as the changed files say it. */
  const present = new Map<string, Set<string>>();
  const past = new Map<string, Set<string>>();
  const isUnclear = new Set<string>();
  for (const { change, language, before, now } of files) {
    const was = moduleOf(change.oldPath ?? change.path, language);
    past.set(was, new Set([...(past.get(was) ?? []), ...(before?.exports.map(({ name }) => name) ?? [])]));
    if (change.kind === 'deleted') continue;
    const module = moduleOf(change.path, language);
    const names = present.get(module) ?? new Set<string>();
    for (const { name } of now?.exports ?? []) names.add(name);
    present.set(module, names);
    // Of what was not read, or passes on what others export, nothing can be said to be gone.
    if (
      !now ||
      now.isBroken ||
      now.passesOn ||
      (change.oldHash !== change.newHash && !before && change.kind !== 'added')
    )
      isUnclear.add(module);
  }
  return files.flatMap(({ change, language, before }): readonly RemovedName[] => {
    const oldPath = change.oldPath ?? change.path;
    const module = moduleOf(oldPath, language);
    const isGone = change.kind === 'deleted' || (change.oldPath !== null && module !== moduleOf(change.path, language));
    const movedTo = change.oldPath !== null && isGone ? change.path : null;
    const names = present.get(module);
    if (before === null || isUnclear.has(module)) return [];
    const whole: readonly RemovedName[] =
      isGone && language !== 'go' && !names
        ? [{ language, module, name: '*', now: null, place: { path: oldPath, line: null }, movedTo }]
        : [];
    const missing = before.exports.filter(({ name }) => !names?.has(name));
    const fresh = [...(names ?? [])].filter((name) => past.get(module)?.has(name) !== true);
    const renamed = missing.length === 1 && fresh.length === 1 ? (fresh[0] ?? null) : null;
    return [
      ...whole,
      ...missing.map(({ name, line }) => ({
        language,
        module,
        name,
        now: renamed,
        place: { path: oldPath, line },
        movedTo,
      })),
    ];
  });
}

function addedUses(files: readonly SourceChange[]): BranchFacts['uses'] {
  const uses = new Map<string, AddedUse[]>();
  for (const { change, language, before, now } of files) {
    if (now === null || change.kind === 'deleted') continue;
    const left = new Map<string, number>();
    for (const use of before?.uses ?? []) left.set(keyOf(use), (left.get(keyOf(use)) ?? 0) + 1);
    for (const use of now.uses) {
      const count = left.get(keyOf(use)) ?? 0;
      // As many as there were before are none that the branch adds.
      if (count > 0) {
        left.set(keyOf(use), count - 1);
        continue;
      }
      const place = placeOf(change.path, use.module, language);
      if (place === null) continue;
      const found = uses.get(use.name) ?? [];
      found.push({ language, place, name: use.name, at: { path: change.path, line: use.line } });
      uses.set(use.name, found);
    }
  }
  return uses;
}

const keyOf = ({ module, name }: UsedName): string => `${module} ${name}`;
