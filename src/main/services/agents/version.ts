import { programOutput } from './program-output.ts';

export interface VersionQuestion {
  command: string;
  args: readonly string[];
  pattern: RegExp;
  /** Not a worktree: some CLIs read what lies around them before they answer. */
  cwd: string;
  env: Readonly<Record<string, string>>;
  platform: NodeJS.Platform;
  /** Windows: see `ProgramStart`. */
  windowsVerbatimArguments?: boolean;
  limitMilliseconds?: number;
}

/** The slowest that was measured took 1.9 s, on an idle machine. */
const defaultLimitMilliseconds = 8000;

/** What a CLI says its version is; null when it does not say in time. */
export async function readVersion({
  pattern,
  limitMilliseconds = defaultLimitMilliseconds,
  ...question
}: VersionQuestion): Promise<string | null> {
  const output = await programOutput({ ...question, streams: 'both', limitMilliseconds });
  return pattern.exec(output)?.[1] ?? null;
}
