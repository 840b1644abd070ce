import type { AgentMode } from '#shared/contract/agents.ts';
import type { RunStatus, RunStatusKind } from '#shared/contract/runs.ts';
import type { AgentId } from '#shared/ids.ts';

/** A CLI that can be spawned, declared as data: everything that is particular to it is here and nowhere else. */
export interface AgentDefinition {
  id: AgentId;
  label: string;
  description: string;
  source: 'built-in' | 'config';
  /** Ours, for demos and tests. Said wherever it is offered. */
  isForDemos: boolean;
  /** A name that is looked up on PATH, or an absolute path. */
  command: string;
  /** Given at every start, before everything else. Nothing here loosens what the CLI asks the person about. */
  args: readonly string[];
  /** From least to most freedom; empty: the CLI has no such choice. What a start uses is the person's choice. */
  modes: readonly ModeDefinition[];
  prompt: PromptEntry;
  /** What its screen shows once its input takes keys; null where any output means that. */
  readyPattern: RegExp | null;
  /** `paste`: a message goes in as a bracketed paste. `line`: as typed, for a program that knows no paste. */
  message: 'paste' | 'line';
  session: SessionSupport;
  /** The instructions in a repository that the CLI reads by itself, so that a prompt need not repeat them. */
  rules: readonly RulesFile[];
  /** Variables beside the usual ones of a terminal. */
  env: Readonly<Record<string, string>>;
  /** Variables in which it takes its configuration and its permissions as JSON: a person may have set them too. */
  jsonVariables?: { config: string; permission: string };
  version: { args: readonly string[]; pattern: RegExp } | null;
  /** How to get it, as a command or a sentence. */
  install: string;
  /** How its own hooks are given to it for one start; null when it has none that could be. */
  hooks: ((place: HookPlace) => HookInjection) | null;
  status: StatusRules;
}

export interface ModeDefinition extends AgentMode {
  args: readonly string[];
  env?: Readonly<Record<string, string>>;
}

export interface RulesFile {
  /** Relative to the top of the repository; a folder ends in a slash. */
  path: string;
  /** It is passed over where this one is there. */
  unless?: string;
}

/** How the first prompt goes in. */
export type PromptEntry =
  /** None: the person types. */
  | { via: 'none' }
  /** The last argument, behind `endOfOptions` where the CLI knows such a thing. */
  | { via: 'arg'; endOfOptions: string | null }
  | { via: 'flag'; flag: string }
  /** Typed, as soon as its screen shows the ready pattern. */
  | { via: 'type' }
  /** Read from standard input, which is then no terminal: for a CLI that runs once and ends. */
  | { via: 'stdin' }
  /** The last argument is the path of a file that holds it. */
  | { via: 'file' };

/** How a later start goes on where an earlier one ended. `{session}` and `{promptFile}` are filled in. */
export type SessionSupport =
  | { kind: 'none' }
  /** The CLI takes a session id that we make up. */
  | { kind: 'preset'; start: readonly string[]; resume: readonly string[] }
  /** The CLI makes up an id and reports it; until it has, `last` goes on with the last session of the folder. */
  | { kind: 'reported'; resume: readonly string[]; last: readonly string[] | null }
  /** The CLI can go on with the last session of the folder that it is started in. */
  | { kind: 'last'; resume: readonly string[] };

/** What a CLI's hooks have to know to reach us. */
export interface HookPlace {
  /** The reporter as a command line for a shell, to which an event's name can be added; null where a shell cannot run it. */
  command: string | null;
  /** The same as a program and its arguments; null where it needs variables that nothing there would set. */
  argv: readonly string[] | null;
  /** A folder of ours for this run alone, where the files of the injection are written. */
  folder: string;
}

/** What gives a CLI its hooks for one start, and for no other: nothing of the person's is changed. */
export interface HookInjection {
  args: readonly string[];
  env: Readonly<Record<string, string>>;
  /** Written into the folder before the start. */
  files: readonly { name: string; text: string }[];
}

export const noHooks: HookInjection = { args: [], env: {}, files: [] };

/**
 * What a title says. `resting`: it has stopped, and either waits for an answer or has finished; the title does not tell
 * which.
 */
export type TitleMeaning = Extract<RunStatusKind, 'working' | 'waiting' | 'idle'> | 'resting';

/** What an agent's report says. `error`: it has stopped because something went wrong, which the report names. */
export type ReportMeaning = Extract<RunStatusKind, 'working' | 'waiting' | 'idle'> | 'error';

export interface StatusRules {
  /** Looked at in their order; the first that matches holds. `asks`: what it waits for, where its words do not say. */
  titles: readonly { pattern: RegExp; means: TitleMeaning; asks?: RunStatus['asks'] }[];
  /** What any other title says; null: nothing, its titles do not tell. */
  otherTitles: TitleMeaning | null;
  notifications: readonly { pattern: RegExp; means: Extract<RunStatusKind, 'working' | 'waiting' | 'idle'> }[];
  /** What its hooks report, by the event's name and, where there is a pattern, its type. The first that matches holds. */
  reports: readonly { event: string; type?: RegExp; means: ReportMeaning }[];
}

/** For a CLI of which nothing is known: the signs that several of them use in their titles. */
export const noStatusRules: StatusRules = { titles: [], otherTitles: null, notifications: [], reports: [] };
