import { z } from 'zod';

import { mergeMethod, type MergeMethod } from '#shared/contract/merges.ts';
import type { ProjectConfigState } from '#shared/contract/projects.ts';
import { agentId, type AgentId } from '#shared/ids.ts';
import { readGates, type Gate } from '#main/services/gates/gate-config.ts';
import type { InvariantCommand } from '#main/services/gates/gate-ports.ts';
import type { UnreadableCheck } from '#main/services/gates/unreadable-check.ts';
import { didYouMean } from '#shared/spec/did-you-mean.ts';
import { refuseBranchName, refuseBranchTemplate } from '#shared/spec/branch-name.ts';

import { isElsewhere, refuseWorktreeFolder, resolveWorktreeFolder, type ProjectPlace } from './worktree-folder.ts';
import { YamlSource, type YamlProblem } from './yaml-source.ts';

/** Where a project's config is, relative to its top folder. */
export const configPath = '.switchyard/config.yaml';

/** Nobody writes a megabyte of configuration by hand; whoever does wants to see the app hang. */
export const maxConfigBytes = 1_000_000;

/** What `.switchyard/config.yaml` says, with the defaults where it says nothing or is broken. */
export interface ProjectConfig {
  worktrees: {
    /** Absolute. */
    folder: string;
    /** Whether only the person can say that this is a folder for them. */
    isElsewhere: boolean;
  };
  /** With `{slug}`, and maybe `{agent}` and `{variant}`. */
  branch: string;
  /** Null: the repository's own default branch. */
  base: { branch: string; line: number } | null;
  /** Globs of files that Git ignores and that a new worktree needs, relative to the project. */
  copy: readonly string[];
  /** Folders of dependencies that a new worktree gets from the project's checkout while their lockfile is the same. */
  dependencies: readonly { folder: string; lockfile: string | null }[];
  /** Folders that a worktree has files of, besides those at the top; empty: all. */
  sparse: readonly string[];
  setup: { run: string; timeoutMinutes: number } | null;
  /** Runs in a run's worktree before that is removed. */
  teardown: { run: string; timeoutMinutes: number } | null;
  merge: { method: MergeMethod };
  prompts: {
    /** Modules that every prompt gets, whatever its spec names. */
    always: readonly string[];
    /** Rules files of the repository that go into the prompts of agents which do not read them by themselves. */
    rules: readonly string[];
  };
  agents: readonly ConfiguredAgent[];
  /** How a test is run by its name: a command with `{name}` and `{report}` in it; null: it does not say. */
  tests: { run: string; timeoutMinutes: number } | null;
  gates: readonly Gate[];
  /** As written: what the person is asked to allow. */
  writtenGates: unknown;
  /** What is meant to be checked and cannot be read, of the config and of the invariants. */
  unreadable: readonly UnreadableCheck[];
  /** Commands that the project's invariants carry: named in files of their own, trusted with the others. */
  invariantCommands: readonly InvariantCommand[];
  problems: readonly YamlProblem[];
}

/** An agent that the project declares itself. */
export interface ConfiguredAgent {
  id: AgentId;
  label: string;
  description: string;
  command: string;
  args: readonly string[];
  /** How the prompt goes in. `flag` is set when `via` is `flag`. */
  prompt: { via: 'arg' | 'flag' | 'type' | 'stdin'; flag: string | null };
  /** Arguments that go on with the last session in the same folder; null when the CLI cannot. */
  resume: readonly string[] | null;
  env: Readonly<Record<string, string>>;
  /** How to get the CLI, shown when it is missing. */
  install: string | null;
}

const defaultWorktreeFolder = '../{repo}.worktrees';
const defaultBranchTemplate = 'feature/ai-{slug}';
/** Long enough to install the dependencies of a large project on a slow line. */
const defaultSetupMinutes = 20;
/** As for a criterion's command. */
const defaultTestMinutes = 20;
/** The person waits for it with the dialog open. */
const defaultTeardownMinutes = 2;

const knownKeys = [
  'worktrees',
  'branch',
  'base',
  'copy',
  'dependencies',
  'sparse',
  'setup',
  'teardown',
  'merge',
  'prompts',
  'agents',
  'gates',
  'tests',
];

const refusedBy =
  (refuse: (value: string) => string | null) =>
  ({ value, issues }: z.core.ParsePayload<string>): void => {
    const reason = refuse(value);
    if (reason !== null) issues.push({ code: 'custom', input: value, message: reason });
  };

// A NUL ends an argument early, so that another command would run than the one which was shown.
const text = z
  .string('expected text')
  .max(20_000, 'is too long')
  .refine((value) => !value.includes('\0'), 'contains a NUL character');
const someText = text.refine((value) => value.trim() !== '', 'is empty');
const branchTemplate = text.check(
  refusedBy((template) =>
    template.includes('{slug}')
      ? refuseBranchTemplate(template)
      : 'must contain {slug}, or all specs would share one branch',
  ),
);
const branchName = text.check(refusedBy(refuseBranchName));
const minutes = z.number('expected minutes, a number').min(0.1, 'is too short').max(240, 'is longer than 240 minutes');
const promptModule = text.regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,79}$/, 'is not the name of a prompt module');

const copyGlob = someText.check(
  refusedBy((glob) => {
    const parts = glob.split(/[\\/]/);
    if (glob.startsWith('/') || glob.startsWith('~') || /^[A-Za-z]:/.test(glob))
      return 'must be relative to the project';
    if (parts.includes('..')) return 'must not leave the project';
    return parts.includes('.git') ? "must not name the repository's own data (.git)" : null;
  }),
);

/** A folder as it is: a pattern would be none, and a dash an option of Git's. */
const plainFolder = copyGlob
  .refine((path) => !/[*?[\]{}!\\\n]/.test(path), 'is a pattern, and has to name one folder')
  .refine((path) => !path.startsWith('-'), 'must not start with a dash')
  .transform((path) => path.replace(/^(?:\.\/)+|\/+$/g, ''))
  .refine((path) => path !== '' && path !== '.', 'has to name a folder in the project');

const dependencyFolder = z.union(
  [
    plainFolder.transform((folder) => ({ folder, lockfile: null })),
    z.object({ folder: plainFolder, lockfile: plainFolder.nullable().default(null) }),
  ],
  'expected a folder in the project, or `folder` and `lockfile`',
);

const agent = z
  .object({
    id: text
      .refine((id) => agentId.safeParse(id).success, 'expected lower case letters, digits and dashes, at most 40')
      .transform((id) => id as AgentId),
    label: someText.optional(),
    description: text.optional(),
    command: someText,
    args: z.array(text, 'expected a list').default([]),
    prompt: z
      .object({
        via: z.enum(['arg', 'flag', 'type', 'stdin'], 'expected arg, flag, type or stdin'),
        flag: someText.optional(),
      })
      .refine(({ via, flag }) => via !== 'flag' || flag !== undefined, 'via: flag needs a flag')
      .default({ via: 'arg' }),
    resume: z.array(text, 'expected a list').optional(),
    env: z.record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'is not the name of a variable'), text).default({}),
    install: text.optional(),
  })
  .transform(({ label, description, prompt, resume, install, ...rest }): ConfiguredAgent => ({
    ...rest,
    label: label ?? rest.id,
    description: description ?? '',
    prompt: { via: prompt.via, flag: prompt.via === 'flag' ? (prompt.flag ?? null) : null },
    resume: resume ?? null,
    install: install ?? null,
  }));

/**
 * Reads a config file's text; null stands for a file that is not there. It never fails: what is broken is reported with
 * its line and falls back to its default, part by part.
 */
export function parseProjectConfig(content: string | null, place: ProjectPlace): ProjectConfig {
  const source = new YamlSource(content ?? '');
  const gates = readDeclaredGates(source);
  for (const key of source.keys) {
    if (!knownKeys.includes(key) && !isMeantAsGates(key)) {
      source.report(source.lineOf([key]), `${key}: not a setting that is known here; it is left alone.`);
    }
  }
  const folder = resolveWorktreeFolder(defaultWorktreeFolder, place);
  const worktreeFolder = someText.check(
    refusedBy((value) => refuseWorktreeFolder(resolveWorktreeFolder(value, place), place)),
  );
  const written = source.leaf(['worktrees', 'folder'], worktreeFolder);
  const base = source.leaf(['base'], branchName);
  const config: Omit<ProjectConfig, 'problems'> = {
    worktrees: worktreesIn(written ? resolveWorktreeFolder(written.value, place) : folder, place),
    branch: source.leaf(['branch'], branchTemplate)?.value ?? defaultBranchTemplate,
    base: base ? { branch: base.value, line: base.line } : null,
    copy: source.items(['copy'], copyGlob).map(({ value }) => value),
    dependencies: source.items(['dependencies'], dependencyFolder).map(({ value }) => value),
    sparse: source.items(['sparse'], plainFolder).map(({ value }) => value),
    setup: readCommand(source, 'setup', { minutes: defaultSetupMinutes, does: 'makes a new worktree ready' }),
    teardown: readCommand(source, 'teardown', {
      minutes: defaultTeardownMinutes,
      does: 'clears up before a worktree is removed',
    }),
    merge: {
      method:
        source.leaf(['merge', 'method'], z.enum(mergeMethod.options, 'expected merge, squash or rebase'))?.value ??
        'merge',
    },
    prompts: {
      always: source.items(['prompts', 'always'], promptModule).map(({ value }) => value),
      rules: source.items(['prompts', 'rules'], copyGlob).map(({ value }) => value),
    },
    agents: readAgents(source),
    tests: readCommand(
      source,
      'tests',
      { minutes: defaultTestMinutes, does: 'runs a test by its name' },
      someText
        .refine((run) => run.includes('{name}'), 'must contain {name}, where the name of the test goes')
        .refine((run) => run.includes('{report}'), 'must contain {report}, the file that JUnit’s XML is written to'),
    ),
    ...gates,
    invariantCommands: [],
  };
  for (const section of ['worktrees', 'merge', 'prompts']) {
    if (source.has([section])) source.leaf([section], z.record(z.string(), z.unknown(), 'expected keys with values'));
  }
  return { ...config, problems: source.problems };
}

const worktreesIn = (folder: string, place: ProjectPlace): ProjectConfig['worktrees'] => ({
  folder,
  isElsewhere: isElsewhere(folder, place),
});

/** What the page is told of a config. What is not checked because it cannot be read comes first: it weighs most. */
export const toConfigState = (config: ProjectConfig): ProjectConfigState => ({
  worktreeFolder: config.worktrees.folder,
  branchTemplate: config.branch,
  copy: config.copy,
  setupCommand: config.setup?.run ?? null,
  mergeMethod: config.merge.method,
  gatesOfMerge: [
    ...config.gates.filter(({ when }) => when !== 'by-hand').map(({ title }) => title),
    ...config.invariantCommands.map(({ title }) => title),
  ],
  problems: [
    ...config.unreadable.map(({ path, line, message }) => ({ path, line, message, stopsTrain: true })),
    ...config.problems
      .filter(({ line, message }) => !config.unreadable.some((each) => each.line === line && each.message === message))
      .map(({ line, message }) => ({ path: configPath, line, message, stopsTrain: false })),
  ],
});

/** A key so near to `gates` that leaving it alone could leave gates out. */
const isMeantAsGates = (key: string): boolean => key !== 'gates' && didYouMean(key, knownKeys) === 'gates';

/**
 * The gates, and all that may be one and cannot be read. While the file is no YAML there may be gates in it that the parser does
 * not see, so that counts as well.
 */
function readDeclaredGates(source: YamlSource): Pick<ProjectConfig, 'gates' | 'writtenGates' | 'unreadable'> {
  const written = source.raw(['gates']) ?? null;
  const { gates, problems } = readGates(written);
  const unreadable: UnreadableCheck[] = [];
  const report = (title: string, line: number, message: string): void => {
    source.report(line, message);
    unreadable.push({ kind: 'gate', title, path: configPath, line, message });
  };
  for (const { line, message } of source.syntaxProblems) report('The project’s gates', line, message);
  if (source.isUnreadable('gates')) report('The project’s gates', source.lineOf(['gates']), 'gates: cannot be read.');
  for (const key of source.keys.filter(isMeantAsGates)) {
    report(key, source.lineOf([key]), `${key}: not a setting that is known here. Did you mean \`gates\`?`);
  }
  for (const { gate, message, at } of problems) report(gate, source.lineOf(['gates', ...at]), message);
  return { gates, writtenGates: written, unreadable };
}

/** A command that can be written alone, or as `run` with a `timeout` in minutes. */
function readCommand(
  source: YamlSource,
  key: 'setup' | 'teardown' | 'tests',
  otherwise: { minutes: number; does: string },
  command = someText,
): ProjectConfig['setup'] {
  if (typeof source.raw([key]) === 'string') {
    const run = source.leaf([key], command);
    return run ? { run: run.value, timeoutMinutes: otherwise.minutes } : null;
  }
  const run = source.leaf([key, 'run'], command);
  const timeout = source.leaf([key, 'timeout'], minutes);
  if (!run) {
    if (source.has([key]) && !source.has([key, 'run'])) {
      source.report(source.lineOf([key]), `${key}: expected \`run\`, the command that ${otherwise.does}.`);
    }
    return null;
  }
  return { run: run.value, timeoutMinutes: timeout?.value ?? otherwise.minutes };
}

function readAgents(source: YamlSource): readonly ConfiguredAgent[] {
  const agents = new Map<AgentId, ConfiguredAgent>();
  for (const { value, line } of source.items(['agents'], agent)) {
    if (agents.has(value.id)) source.report(line, `agents: ${value.id} is declared twice; the first one holds.`);
    else agents.set(value.id, value);
  }
  return [...agents.values()];
}
