/** Git ended in a way that its caller did not expect. What it printed is kept whole for the log. */
export class GitError extends Error {
  override readonly name = 'GitError';
  /** The name of the call, as its caller gave it. */
  readonly call: string;
  readonly args: readonly string[];
  /** Null when Git could not be started, was ended by a signal, or printed more than was allowed. */
  readonly exitCode: number | null;
  readonly stderr: string;

  constructor(failure: { call: string; args: readonly string[]; exitCode: number | null; stderr: string }) {
    const said = firstLine(failure.stderr) ?? (failure.exitCode === null ? 'it did not finish' : 'it gave no reason');
    super(`git could not ${failure.call}: ${said}`);
    this.call = failure.call;
    this.args = failure.args;
    this.exitCode = failure.exitCode;
    this.stderr = failure.stderr;
  }
}

/** The line that says what went wrong: Git's `fatal:` or `error:` line where there is one, else the first. */
function firstLine(stderr: string): string | null {
  const lines = stderr.split('\n').filter((line) => line.trim() !== '');
  const told = lines.find((line) => /^(fatal|error): /.test(line) && !saysOnlyThatItEnded.test(line)) ?? lines[0];
  return told?.replace(/^(fatal|error): /, '').trim() ?? null;
}

/** Of a program that Git spoke with, such as a filter that is not installed or ssh; what was wrong stands before it. */
const saysOnlyThatItEnded = /the remote end hung up|packet write.* failed/u;
