import { spawn } from 'node:child_process';

import { endProcessGroup, groupOptions } from '#main/base/process-group.ts';

export interface ProgramQuestion {
  command: string;
  args: readonly string[];
  /** Left out: that of this process. */
  cwd?: string;
  env: Readonly<Record<string, string>>;
  platform: NodeJS.Platform;
  /** Windows: the arguments are a command line as it stands. */
  windowsVerbatimArguments?: boolean;
  /** Some programs answer on one stream and chatter on the other, some answer on either. */
  streams: 'stdout' | 'both';
  limitMilliseconds: number;
  /** Whether this output has the answer in it, so that there is no need to wait for the end. */
  isAnswer?: (output: string) => boolean;
}

/** No answer that is asked for is longer. */
const mostChars = 1_000_000;
/** A daemon that the program leaves behind can hold the pipes open; what has been said by then is all there is. */
const afterExitMilliseconds = 250;

/**
 * What a program prints until it ends, its answer is there, its time is over, or it prints without an end. It is then
 * ended with all that it has started. Empty when it could not be started.
 */
export function programOutput(question: ProgramQuestion): Promise<string> {
  const { command, args, cwd, env, platform, streams, limitMilliseconds, isAnswer } = question;
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      ...(cwd !== undefined && { cwd }),
      env,
      // A program that waits for input would wait for ever.
      stdio: ['ignore', 'pipe', streams === 'both' ? 'pipe' : 'ignore'],
      // An interactive shell takes the terminal it finds, which is the one we were started from, and stops us.
      ...groupOptions(platform),
      windowsVerbatimArguments: question.windowsVerbatimArguments ?? false,
    });
    let output = '';
    let isSettled = false;
    const settle = (): void => {
      if (isSettled) return;
      isSettled = true;
      clearTimeout(timer);
      endProcessGroup(child, platform);
      child.stdout?.destroy();
      child.stderr?.destroy();
      resolve(output);
    };
    const timer = setTimeout(settle, limitMilliseconds);
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8');
      stream?.on('data', (chunk: string) => {
        output += chunk;
        if (output.length > mostChars || isAnswer?.(output) === true) settle();
      });
    }
    child.on('error', settle);
    child.on('close', settle);
    child.on('exit', () => setTimeout(settle, afterExitMilliseconds));
  });
}
