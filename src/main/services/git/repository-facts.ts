import { readFile, realpath, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';

import { hardeningFor, type ConfigEntry, type ConfigOverride } from './hardening.ts';

/** What must be known of the repository around a folder before any other call is made there. */
export interface RepositoryFacts {
  /** Canonical. */
  gitDir: string;
  /** Canonical; the same for all worktrees of a repository. */
  commonDir: string;
  overrides: readonly ConfigOverride[];
}

/** Asks Git, without the repository's hardening, which is not known yet. Neither question starts a program. */
export type Ask = (cwd: string, args: readonly string[]) => Promise<{ exitCode: number | null; stdout: Buffer }>;

interface Known {
  facts: RepositoryFacts | null;
  files: readonly string[];
  signature: string;
  isFinal: boolean;
}

/** Remembers the facts of each folder for as long as the files that they were read from stay the same. */
export class RepositoryFactsCache {
  readonly #ask: Ask;
  readonly #platform: NodeJS.Platform;
  readonly #known = new Map<string, Promise<Known>>();

  constructor(ask: Ask, platform: NodeJS.Platform) {
    this.#ask = ask;
    this.#platform = platform;
  }

  /** Null: the folder is in no repository that Git accepts. */
  async get(cwd: string): Promise<RepositoryFacts | null> {
    const known = await this.#known.get(cwd)?.catch(() => null);
    if (known?.isFinal === true && known.signature === (await signatureOf(known.files))) return known.facts;
    const reading = this.#read(cwd);
    this.#known.set(cwd, reading);
    return (await reading).facts;
  }

  async #read(cwd: string): Promise<Known> {
    const discovery = await this.#ask(cwd, ['rev-parse', '--absolute-git-dir']);
    if (discovery.exitCode !== 0) return { facts: null, files: [], signature: '', isFinal: false };
    const gitDir = await realpath(discovery.stdout.toString('utf8').replace(/\n$/, ''));
    const commonDir = await commonDirOf(gitDir);
    const before = [
      ...(await discoveryFiles(cwd)),
      join(gitDir, 'commondir'),
      join(commonDir, 'config'),
      join(gitDir, 'config.worktree'),
    ];
    // Taken first: a change while Git reads then makes the next call read again.
    const signatureBefore = await signatureOf(before);
    const listing = await this.#ask(cwd, ['config', '--list', '-z', '--show-scope', '--show-origin', '--includes']);
    if (listing.exitCode !== 0) return { facts: null, files: [], signature: '', isFinal: false };
    const { entries, files } = parseConfigList(listing.stdout.toString('utf8'), cwd);
    const isUnchanged = signatureBefore === (await signatureOf(before));
    // An included file can appear later without any of the known files changing; so such a repository is read every time.
    const includes = entries.some(({ key }) => key === 'include.path' || /^includeif\..*\.path$/s.test(key));
    const watched = [...new Set([...before, ...files])];
    return {
      facts: { gitDir, commonDir, overrides: hardeningFor(entries, this.#platform) },
      files: watched,
      signature: await signatureOf(watched),
      isFinal: isUnchanged && !includes,
    };
  }
}

/** `scope NUL origin NUL key LF value NUL`, the value missing for a bare key. */
function parseConfigList(text: string, cwd: string): { entries: readonly ConfigEntry[]; files: readonly string[] } {
  const fields = text.split('\0');
  const entries: ConfigEntry[] = [];
  const files = new Set<string>();
  for (let index = 0; index + 2 < fields.length; index += 3) {
    const [scope = '', origin = '', item = ''] = fields.slice(index, index + 3);
    if (origin.startsWith('file:')) files.add(resolve(cwd, origin.slice('file:'.length)));
    const lineEnd = item.indexOf('\n');
    entries.push({
      scope,
      key: lineEnd === -1 ? item : item.slice(0, lineEnd),
      value: lineEnd === -1 ? null : item.slice(lineEnd + 1),
    });
  }
  return { entries, files: Array.from(files) };
}

async function commonDirOf(gitDir: string): Promise<string> {
  const named = await readFile(join(gitDir, 'commondir'), 'utf8').catch(() => null);
  return named === null ? gitDir : realpath(resolve(gitDir, named.replace(/\r?\n$/, '')));
}

/** Where Git looks for the repository, from the folder upwards: a new `.git` on the way would be another repository. */
async function discoveryFiles(cwd: string): Promise<readonly string[]> {
  const files: string[] = [];
  for (let folder = resolve(cwd); ; folder = dirname(folder)) {
    files.push(join(folder, '.git'));
    if ((await stampOf(join(folder, '.git'))) !== 'none') return files;
    files.push(join(folder, 'HEAD'));
    if (dirname(folder) === folder) return files;
  }
}

const signatureOf = async (files: readonly string[]): Promise<string> =>
  (await Promise.all(files.map(stampOf))).join(' ');

/** Names a file's state. A folder only by its identity: its times change with every file in it. */
async function stampOf(file: string): Promise<string> {
  const stats = await stat(file, { bigint: true }).catch(() => null);
  if (stats === null) return 'none';
  const identity = `${String(stats.dev)}:${String(stats.ino)}`;
  return stats.isDirectory()
    ? identity
    : `${identity}:${String(stats.size)}:${String(stats.mtimeNs)}:${String(stats.ctimeNs)}`;
}
