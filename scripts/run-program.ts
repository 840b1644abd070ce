import { spawn } from 'node:child_process';

import { nodePath, projectFolder, toolEnvironment } from './project-paths.ts';

export interface Ended {
  /** 128 and the signal's number for what a signal ended, as a shell has it; 127 for what could not be started. */
  code: number;
  output: string;
}

interface RunOptions {
  /** `show`: the person sees it as it comes. `keep`: it comes back as `output`. */
  output: 'show' | 'keep';
  env?: NodeJS.ProcessEnv;
  /** Milliseconds. */
  timeLimit?: number;
}

/** Runs a program to its end. It gets no input, so nothing can wait for an answer. */
export function runProgram(command: string, args: readonly string[], options: RunOptions): Promise<Ended> {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: projectFolder,
      env: { ...toolEnvironment, ...options.env },
      stdio: options.output === 'show' ? ['ignore', 'inherit', 'inherit'] : ['ignore', 'pipe', 'pipe'],
      ...(options.timeLimit === undefined ? {} : { timeout: options.timeLimit }),
    });
    let output = '';
    const keep = (chunk: Buffer): void => {
      output += chunk.toString();
    };
    child.stdout?.on('data', keep);
    child.stderr?.on('data', keep);
    child.on('error', (error) => {
      resolve({ code: 127, output: error.message });
    });
    child.on('close', (code, signal) => {
      resolve({ code: code ?? (signal === null ? 1 : 128), output });
    });
  });
}

/** Runs one of our tools (see `toolPath`) with the project's Node. */
export const runTool = (script: string, args: readonly string[], options: RunOptions): Promise<Ended> =>
  runProgram(nodePath, [script, ...args], options);
