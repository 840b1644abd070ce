import { isBatchFile } from '#main/base/program-start.ts';
import type { Resolved } from '#main/base/windows-shim.ts';

import type { AgentDefinition, HookInjection, ModeDefinition, SessionSupport } from './agent-definition.ts';

export interface LaunchInput {
  definition: AgentDefinition;
  /** What the definition's command turned out to be. */
  program: Resolved;
  /** PATH of the person's terminal; null where that of the process is right. */
  path: string | null;
  /** How much it may do before it asks; null for one that has no such choice. */
  mode: ModeDefinition | null;
  hooks: HookInjection;
  prompt: string | null;
  /** Where a prompt goes that cannot be an argument. */
  promptFile: string;
  /** For an agent that lets us choose. */
  newSessionId: string;
  /** The session to go on with; null for a new start. */
  resumeSession: string | null;
  platform: NodeJS.Platform;
}

/** How an agent is started: never through a shell of its choosing, and with nothing of a repository's on the way. */
export interface LaunchPlan {
  /** Absolute. */
  command: string;
  args: readonly string[];
  /** Beside the usual variables of a terminal. */
  env: Readonly<Record<string, string>>;
  /** A first prompt that is typed, once the screen shows the pattern. `text` is what goes in before the key that sends it. */
  typed: { text: string; readyPattern: RegExp | null } | null;
  /** What its screen shows once it takes keys; null: nobody knows. */
  readyPattern: RegExp | null;
  /** What a later start can go on with; null when it cannot. */
  sessionId: string | null;
}

/** A plan, and the file that has to be there before it is carried out. */
export interface LaunchDraft extends LaunchPlan {
  promptFileText: string | null;
}

/** Stands for "the last session of this folder", where a CLI has no ids that we know. */
const lastSession = 'last';

/** Linux takes 128 KiB in one argument, its variables and end included. */
const maxArgumentBytes = 120_000;
/** Windows takes 32,767 characters in the whole command line. */
const maxWindowsArgumentLength = 20_000;

/** Everything that a start needs, worked out and not done. */
export function planLaunch(input: LaunchInput): LaunchDraft {
  const { definition, program, prompt, platform } = input;
  const { session } = definition;
  const isResumed = input.resumeSession !== null && session.kind !== 'none';
  const sessionId = isResumed ? input.resumeSession : newSession(definition, input.newSessionId);
  const filled = (args: readonly string[]): readonly string[] =>
    args.map((arg) => arg.replaceAll('{session}', sessionId ?? '').replaceAll('{promptFile}', input.promptFile));
  const sessionArgs = isResumed
    ? filled(resumeArgs(session, sessionId))
    : session.kind === 'preset'
      ? filled(session.start)
      : [];

  const entry = isResumed || prompt === null ? null : enterPrompt(input, prompt);
  const command = program.command;
  const settings = [...definition.args, ...(input.mode?.args ?? []), ...input.hooks.args];
  const args = [...program.args, ...settings, ...sessionArgs, ...(entry?.args ?? [])];
  const plan: LaunchDraft = {
    command,
    args,
    env: {
      ...(input.path !== null && { PATH: input.path }),
      ...program.env,
      ...definition.env,
      ...input.mode?.env,
      ...input.hooks.env,
    },
    typed: entry?.typed ?? null,
    readyPattern: definition.readyPattern,
    sessionId,
    promptFileText: entry?.file ?? null,
  };
  if (definition.prompt.via !== 'stdin' || entry === null || platform === 'win32') return plan;
  // A terminal's input can hold no long line, so the file itself is the input. The shell sees only its own script.
  const script = 'file=$1; shift; exec "$@" <"$file"';
  return { ...plan, command: '/bin/sh', args: ['-c', script, 'sh', input.promptFile, command, ...args] };
}

/** Whether a run whose session this was can go on. */
export const canResume = ({ session }: AgentDefinition): boolean => session.kind !== 'none';

function newSession({ session }: AgentDefinition, made: string): string | null {
  switch (session.kind) {
    case 'none':
      return null;
    case 'preset':
      return made;
    case 'reported':
      return session.last === null ? null : lastSession;
    case 'last':
      return lastSession;
  }
}

function resumeArgs(session: Exclude<SessionSupport, { kind: 'none' }>, id: string | null): readonly string[] {
  return session.kind === 'reported' && session.last !== null && id === lastSession ? session.last : session.resume;
}

interface Entry {
  args: readonly string[];
  typed: LaunchPlan['typed'];
  file: string | null;
}

function enterPrompt({ definition, promptFile, program, platform }: LaunchInput, prompt: string): Entry {
  const { prompt: entry, readyPattern } = definition;
  // What cannot be an argument, or would be thousands of typed characters, goes into a file that the prompt names.
  const fits = isArgument(prompt, platform, isBatchFile(program.command));
  const text = fits ? prompt : `Read the file ${promptFile} and do what it says. It holds your whole task.`;
  const file = fits ? null : prompt;
  switch (entry.via) {
    case 'none':
      return { args: [], typed: null, file: null };
    case 'arg':
      return { args: entry.endOfOptions === null ? [noOption(text)] : [entry.endOfOptions, text], typed: null, file };
    case 'flag':
      return { args: [entry.flag, noOption(text)], typed: null, file };
    case 'type':
      return { args: [], typed: { text, readyPattern }, file };
    case 'stdin':
      return platform === 'win32'
        ? { args: [], typed: { text, readyPattern }, file }
        : { args: [], typed: null, file: prompt };
    case 'file':
      return { args: [promptFile], typed: null, file: prompt };
  }
}

/** A text that starts with a dash would be taken for an option. */
const noOption = (text: string): string => (text.startsWith('-') ? `\n${text}` : text);

function isArgument(text: string, platform: NodeJS.Platform, isBatchFile: boolean): boolean {
  if (text.includes('\0')) return false;
  if (platform !== 'win32') return Buffer.byteLength(text) <= maxArgumentBytes;
  // cmd.exe, which runs a batch file, ends a command at a line's end.
  return !isBatchFile && text.length <= maxWindowsArgumentLength;
}
