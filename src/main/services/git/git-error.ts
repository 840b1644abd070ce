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

/**
 * The line that says what went wrong: Git's `fatal:` or `error:` line where there is one, else the first. Where Git could not go
 * on speaking with a program, such as a filter that is not installed or ssh, what the program said stands before all that.
 */
function firstLine(stderr: string): string | null {
  const lines = stderr.split('\n').filter((line) => line.trim() !== '');
  const [first = ''] = lines;
  const isOfProgram = lines.some((line) => saysThatItEnded.test(line)) && !gitsOwn.test(first);
  const told = isOfProgram ? first : lines.find((line) => failureLine.test(line) && !saysThatItEnded.test(line));
  return (told ?? lines[0])?.replace(failureLine, '').trim() ?? null;
}

const failureLine = /^(?:fatal|error): /u;
const gitsOwn = /^(?:fatal|error|warning|hint): /u;
/** Of a program that Git spoke with, and no more than that. */
const saysThatItEnded =
  /the remote end hung up|packet write.* failed|Could not write client identification|initialization for subprocess/u;
