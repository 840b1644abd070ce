import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';

import { readProjectFile } from '#main/base/project-file.ts';
import type { Git } from '#main/services/git/git.ts';
import { invariantCommandsOf, readInvariantFiles } from '#main/services/invariants/read-invariants.ts';
import type { Project } from '#shared/contract/projects.ts';
import type { ProjectId } from '#shared/ids.ts';

import { configPath, maxConfigBytes, parseProjectConfig, toConfigState, type ProjectConfig } from './config.ts';
import type { FoundProject } from './inspect-folder.ts';
import { trustOf } from './trust.ts';

export interface ReadPorts {
  git: Pick<Git, 'read'>;
  trusted(projectPath: string): readonly string[];
  homeFolder: string;
  temporaryFolders: readonly string[];
}

/** A project as it is on disk now. */
export async function readProject(
  id: ProjectId,
  { path, commonDir }: FoundProject,
  ports: ReadPorts,
): Promise<{ project: Project; config: ProjectConfig }> {
  const [parsed, facts, isSetUp] = await Promise.all([
    readConfig({ path, commonDir }, ports),
    readFacts(path, ports.git),
    looksSetUp(path),
  ]);
  const config = withKnownBase(parsed, facts.branches);
  return {
    config,
    project: {
      id,
      path,
      name: basename(path),
      headBranch: facts.headBranch,
      checkoutIsDirty: facts.isDirty,
      defaultBase: config.base?.branch ?? defaultBase(facts),
      branches: facts.branches,
      isSetUp,
      config: toConfigState(config),
      trust: trustOf(config, ports.trusted(path)),
    },
  };
}

/** The config as it is on disk now. A file that cannot be read is a problem of the config, like any other. */
export async function readConfig(
  { path, commonDir }: FoundProject,
  ports: Pick<ReadPorts, 'homeFolder' | 'temporaryFolders'>,
): Promise<ProjectConfig> {
  const { homeFolder, temporaryFolders } = ports;
  const place = { projectPath: path, commonDir, homeFolder, temporaryFolders };
  const content = await readConfigFile(path);
  const parsed = parseProjectConfig(content.text, place);
  const { invariants, unreadable } = await readInvariantFiles(path);
  const config = {
    ...parsed,
    invariantCommands: invariantCommandsOf(invariants),
    unreadable: [...parsed.unreadable, ...unreadable],
  };
  const { problem } = content;
  if (problem === null) return config;
  // Nobody knows which gates are in it.
  const gates = { kind: 'gate', title: 'The project’s gates', path: configPath, line: 1, message: problem } as const;
  return {
    ...config,
    unreadable: [gates, ...config.unreadable],
    problems: [{ line: 1, message: problem }, ...config.problems],
  };
}

async function readConfigFile(projectPath: string): Promise<{ text: string | null; problem: string | null }> {
  const file = await readProjectFile(projectPath, configPath);
  if (file.ok) {
    const isTooLarge = file.value.stats.size > maxConfigBytes;
    return isTooLarge
      ? { text: null, problem: `${configPath} is larger than a megabyte.` }
      : { text: file.value.text, problem: null };
  }
  return { text: null, problem: file.error.kind === 'missing' ? null : `${configPath} ${file.error.reason}.` };
}

interface Facts {
  headBranch: string | null;
  isDirty: boolean;
  branches: readonly string[];
  /** The branch that the remote calls its default. */
  remoteDefault: string | null;
}

async function readFacts(path: string, git: ReadPorts['git']): Promise<Facts> {
  const symbolic = (ref: string) =>
    git.read({ name: `read ${ref}`, cwd: path, args: ['symbolic-ref', '--quiet', ref], okExitCodes: [0, 1] });
  const [head, remote, refs, status] = await Promise.all([
    symbolic('HEAD'),
    symbolic('refs/remotes/origin/HEAD'),
    git.read({
      name: 'list the branches',
      cwd: path,
      args: ['for-each-ref', '--sort=-committerdate', '--format=%(refname)', 'refs/heads'],
    }),
    git.read({
      name: 'look for uncommitted changes',
      cwd: path,
      args: ['status', '--porcelain=v2', '-z', '--untracked-files=normal'],
    }),
  ]);
  return {
    headBranch: without('refs/heads/', head.text.trimEnd()),
    isDirty: status.stdout.length > 0,
    branches: refs.text.split('\n').flatMap((ref) => without('refs/heads/', ref) ?? []),
    remoteDefault: without('refs/remotes/origin/', remote.text.trimEnd()),
  };
}

const without = (prefix: string, ref: string): string | null =>
  ref.startsWith(prefix) ? ref.slice(prefix.length) : null;

/** The remote's default where there is one here, else the usual names, else what is checked out, else the latest. */
function defaultBase({ branches, remoteDefault, headBranch }: Facts): string {
  const candidates = [remoteDefault, 'main', 'master', headBranch];
  return candidates.find((name) => name !== null && branches.includes(name)) ?? branches[0] ?? 'HEAD';
}

/** A base that is no branch here does not hold, and that is said at its line. */
function withKnownBase(config: ProjectConfig, branches: readonly string[]): ProjectConfig {
  const { base } = config;
  if (base === null || branches.includes(base.branch)) return config;
  const problem = { line: base.line, message: `base: there is no branch ${base.branch} here.` };
  return { ...config, base: null, problems: [...config.problems, problem].toSorted((a, b) => a.line - b.line) };
}

async function looksSetUp(path: string): Promise<boolean> {
  const config = access(join(path, configPath), constants.F_OK).then(
    () => true,
    () => false,
  );
  const specs = stat(join(path, 'specs')).then(
    (stats) => stats.isDirectory(),
    () => false,
  );
  return (await config) && (await specs);
}
