import type { RunStatusKind } from '#shared/contract/runs.ts';
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
  prompt: PromptEntry;
  /** What its screen shows once its input takes keys; null where any output means that. */
  readyPattern: RegExp | null;
  /** `paste`: a message goes in as a bracketed paste. `line`: as typed, for a program that knows no paste. */
  message: 'paste' | 'line';
  session: SessionSupport;
  /** Variables beside the usual ones of a terminal. */
  env: Readonly<Record<string, string>>;
  version: { args: readonly string[]; pattern: RegExp } | null;
  /** How to get it, as a command or a sentence. */
  install: string;
  status: StatusRules;
  /**
   * Files of the repository that it reads as rules by itself, from the top: paths, or a folder with `/*`. `A|B`: A, and B
   * only where there is no A.
   */
  rules?: readonly string[];
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
  /** The CLI can go on with the last session of the folder that it is started in. */
  | { kind: 'last'; resume: readonly string[] };

/**
 * What a title says. `resting`: it has stopped, and either waits for an answer or has finished; the title does not tell
 * which.
 */
export type TitleMeaning = Extract<RunStatusKind, 'working' | 'waiting' | 'idle'> | 'resting';

export interface StatusRules {
  /** Looked at in their order; the first that matches holds. */
  titles: readonly { pattern: RegExp; means: TitleMeaning }[];
  /** What any other title says; null: nothing, its titles do not tell. */
  otherTitles: TitleMeaning | null;
  notifications: readonly { pattern: RegExp; means: Extract<RunStatusKind, 'working' | 'waiting' | 'idle'> }[];
}

/** For a CLI of which nothing is known: the signs that several of them use in their titles. */
export const noStatusRules: StatusRules = { titles: [], otherTitles: null, notifications: [] };
