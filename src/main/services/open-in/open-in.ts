import { spawn } from 'node:child_process';
import { mkdir, rm, stat, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';

import type { Log } from '#main/base/log.ts';
import { resolveProgram, startOf, type ProgramSystem } from '#main/base/resolve-program.ts';
import type { Resolved } from '#main/base/windows-shim.ts';
import type { DomainApi } from '#shared/contract/define.ts';
import type { openIn as contract, OpenTarget } from '#shared/contract/open-in.ts';
import { errorMessage } from '#shared/error-message.ts';
import type { RunId } from '#shared/ids.ts';
import { fail, ok, type Result } from '#shared/result.ts';

import { openTargets, type OpenWay, type TargetDefinition } from './targets.ts';
import { workspaceText } from './workspace-file.ts';

export interface OpenInOptions {
  platform: NodeJS.Platform;
  /** Ours: workspace files are kept in it. */
  folder: string;
  /** With PATH as a new terminal of the person's has it. */
  environment: () => Promise<Readonly<Record<string, string>>>;
  run: (id: RunId) => { worktreePath: string; branch: string; title: string } | null;
  log: Log;
  /** Where apps are on a Mac. */
  appFolders?: readonly string[];
  /** For tests of platforms that are not there: see `ProgramSystem`. */
  isProgram?: (path: string) => Promise<boolean>;
  readText?: (path: string) => Promise<string>;
}

type Api = DomainApi<typeof contract>;

/** A program that ends with an error so soon has not opened anything. */
const startMilliseconds = 1500;

/** A way to open something, and the program of this machine for it; or why the program that is there is not started. */
type Found = { way: OpenWay; program: Resolved } | { way: null; message: string };

/**
 * Opens runs' worktrees in the editors, terminals and file managers of this machine. Never through a shell that reads what is
 * opened.
 */
export class OpenIn implements Api {
  readonly #options: OpenInOptions;

  constructor(options: OpenInOptions) {
    this.#options = options;
  }

  async list(): Promise<Result<readonly OpenTarget[], never>> {
    const described = await Promise.all(
      openTargets.map(async (target) => ({ target, found: await this.#find(target) })),
    );
    const families = new Set(described.flatMap(({ target, found }) => (found && target.family ? [target.family] : [])));
    const listed = described.flatMap(({ target, found }): readonly OpenTarget[] => {
      const { id, label, kind, note, install, family } = target;
      if (found?.way === null) return [{ id, label, kind, note, missing: found.message }];
      if (found) return [{ id, label, kind, note, missing: null }];
      if (family === undefined) return [{ id, label, kind, note, missing: install }];
      if (families.has(family)) return [];
      families.add(family);
      return [{ id, label: family, kind, note, missing: install }];
    });
    return ok(listed);
  }

  async open({ id, target: targetId }: Parameters<Api['open']>[0]): ReturnType<Api['open']> {
    const run = this.#options.run(id);
    if (!run) return fail({ kind: 'run-missing' });
    const stats = await stat(run.worktreePath).catch(() => null);
    if (stats?.isDirectory() !== true) return fail({ kind: 'worktree-missing' });
    const target = openTargets.find((each) => each.id === targetId);
    const found = target && (await this.#find(target));
    if (!found) return fail({ kind: 'not-there', missing: target?.install ?? 'There is no such program.' });
    const folder = run.worktreePath;
    if (found.way === null) return fail({ kind: 'not-there', missing: found.message });
    const workspaceFile = this.#workspaceFile(id);
    await mkdir(this.#options.folder, { recursive: true, mode: 0o700 });
    await writeFile(workspaceFile, workspaceText({ folder, branch: run.branch, title: run.title }), { mode: 0o600 });
    const problem = await this.#start(found, { folder, workspaceFile });
    return problem === null ? ok(undefined) : fail({ kind: 'could-not-start', message: problem });
  }

  /** Takes away what was written down for a run. */
  async forget(id: RunId): Promise<void> {
    await rm(this.#workspaceFile(id), { force: true });
  }

  #workspaceFile(id: RunId): string {
    return join(this.#options.folder, `${id}.code-workspace`);
  }

  async #find(target: TargetDefinition): Promise<Found | null> {
    const { platform, appFolders = ['/Applications', join(homedir(), 'Applications')] } = this.#options;
    const system = await this.#system();
    let obstacle: Found | null = null;
    for (const way of target.ways(platform)) {
      if (way.app !== undefined && !(await isThere(appFolders.map((folder) => join(folder, `${way.app ?? ''}.app`))))) {
        continue;
      }
      const found = await resolveProgram(way.command, system);
      if (found.ok) return { way, program: found.value };
      if (found.error.kind === 'no-program') obstacle ??= { way: null, message: found.error.message };
    }
    return obstacle;
  }

  async #system(): Promise<ProgramSystem> {
    const { platform, isProgram, readText } = this.#options;
    const env = await this.#options.environment();
    return { platform, env, ...(isProgram && { isProgram }), ...(readText && { readText }) };
  }

  /** Null: it has been started. Else what went wrong, in a sentence. */
  async #start(
    { way, program }: Exclude<Found, { way: null }>,
    place: Parameters<OpenWay['args']>[0],
  ): Promise<string | null> {
    const system = await this.#system();
    const start = startOf(program, way.args(place), system);
    if (!start.ok) return start.error.message;
    const { command, args, windowsVerbatimArguments } = start.value;
    return new Promise((resolve) => {
      try {
        const child = spawn(command, [...args], {
          cwd: place.folder,
          env: { ...system.env, ...program.env },
          detached: true,
          stdio: 'ignore',
          windowsVerbatimArguments,
        });
        const timer = setTimeout(() => {
          resolve(null);
        }, startMilliseconds);
        child.once('error', (error) => {
          clearTimeout(timer);
          this.#options.log.warn('a program could not be started', { command, why: error.message });
          resolve(`${command} could not be started: ${error.message}.`);
        });
        child.once('exit', (code) => {
          clearTimeout(timer);
          const isFine = code === 0 || way.codeMeansNothing === true;
          resolve(isFine ? null : `${command} ended at once, with exit code ${String(code ?? 'none')}.`);
        });
        child.unref();
      } catch (error) {
        resolve(`${command} could not be started: ${errorMessage(error)}.`);
      }
    });
  }
}

async function isThere(paths: readonly string[]): Promise<boolean> {
  for (const path of paths) if ((await stat(path).catch(() => null)) !== null) return true;
  return false;
}
