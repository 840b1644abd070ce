import { spawn } from 'node:child_process';
import { stat } from 'node:fs/promises';

import { GitPluginError, simpleGit } from 'simple-git';

import { endProcessGroup, groupOptions } from '#main/base/process-group.ts';

export interface GitProcess {
  platform: NodeJS.Platform;
  /** Null: there is no Git to start. */
  program: string | null;
  cwd: string;
  args: readonly string[];
  env: Readonly<Record<string, string>>;
  input?: string | Uint8Array | undefined;
  signal?: AbortSignal | undefined;
  maxBytes?: number | undefined;
}

/** How a Git process ended. `exitCode` is null when it could not start, or was ended; `stderr` then says why. */
export interface GitProcessEnd {
  exitCode: number | null;
  stdout: Buffer;
  stderr: string;
}

/**
 * Runs a plain question through simple-git, which refuses arguments that start programs (`--upload-pack`, `--exec`, ...)
 * and abbreviated options. Its guard is told to let through the categories that our own hardening sets.
 */
export async function runSimple(process: GitProcess): Promise<GitProcessEnd> {
  if (process.program === null) return missingGit;
  if (!(await isFolder(process.cwd))) return missingFolder(process.cwd);
  let end: GitProcessEnd = { exitCode: null, stdout: Buffer.alloc(0), stderr: '' };
  const git = simpleGit({
    baseDir: process.cwd,
    binary: process.program,
    // The default closes 50 ms after the exit, whether or not all output was read.
    completion: { onClose: true, onExit: false },
    allowEnvironment: Object.keys(process.env),
    unsafe: {
      allowUnsafeAskPass: true,
      allowUnsafeCommandBinaries: true,
      allowUnsafeConfigEnvCount: true,
      allowUnsafeConfigPaths: true,
      allowUnsafeCustomBinary: true,
      allowUnsafeCredentialHelper: true,
      allowUnsafeDiffExternal: true,
      allowUnsafeDiffTextConv: true,
      allowUnsafeEditor: true,
      allowUnsafeExec: true,
      allowUnsafeFilter: true,
      allowUnsafeFsMonitor: true,
      allowUnsafeGitProxy: true,
      allowUnsafeGpgProgram: true,
      allowUnsafeHooksPath: true,
      allowUnsafeMergeDriver: true,
      allowUnsafePack: true,
      allowUnsafePager: true,
      allowUnsafeProtocolOverride: true,
      allowUnsafeSshCommand: true,
      allowUnsafeSubmodule: true,
    },
    // Nothing to read: without this, stdin stays open and a Git that reads it waits for ever.
    input: () => Buffer.alloc(0),
    // Which exit codes are failures is the caller's to say, so none is an error here.
    errors: (error, { exitCode, stdOut, stdErr }) => {
      end = { exitCode, stdout: Buffer.concat(stdOut), stderr: Buffer.concat(stdErr).toString('utf8') };
      return error instanceof GitPluginError ? error : undefined;
    },
  });
  // simple-git 4.0.2 waits another 50 ms after a command that printed nothing. An empty chunk counts as printed.
  git.outputHandler((_command, stdout) => {
    stdout.once('end', () => stdout.emit('data', Buffer.alloc(0)));
  });
  await git.env({ ...process.env }).raw([...process.args]);
  // Below 0: libuv could not start the program.
  return end.exitCode !== null && end.exitCode < 0 ? { ...end, exitCode: null } : end;
}

/** Grace between asking Git to stop, so that it takes its lock files away, and ending it. */
const killAfterMs = 2000;

/**
 * Runs what simple-git cannot: input, a limit on the output, and an end that takes the whole process group along, so
 * that a cancelled checkout does not go on writing through the helpers that it started.
 */
export async function runSpawned(given: GitProcess): Promise<GitProcessEnd> {
  const { program, platform } = given;
  if (program === null) return missingGit;
  // Otherwise it would look as if Git itself were missing.
  if (!(await isFolder(given.cwd))) return missingFolder(given.cwd);
  return new Promise((resolve) => {
    const { signal, maxBytes } = given;
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    let bytes = 0;
    let ended: string | null = null;
    let killTimer: NodeJS.Timeout | null = null;
    const child = spawn(program, given.args, { cwd: given.cwd, env: given.env, ...groupOptions(platform) });
    const end = (reason: string): void => {
      if (ended !== null) return;
      ended = reason;
      endProcessGroup(child, platform, 'SIGTERM');
      killTimer = setTimeout(() => endProcessGroup(child, platform, 'SIGKILL'), killAfterMs);
    };
    const onAbort = (): void => end('cancelled');
    const finish = (exitCode: number | null, text: string): void => {
      signal?.removeEventListener('abort', onAbort);
      if (killTimer !== null) clearTimeout(killTimer);
      resolve({ exitCode: ended === null ? exitCode : null, stdout: Buffer.concat(stdout), stderr: ended ?? text });
    };
    child.stdout.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (maxBytes !== undefined && bytes > maxBytes) end(`printed more than ${String(maxBytes)} bytes`);
      else stdout.push(chunk);
    });
    child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
    child.on('error', (error) => finish(null, error.message));
    child.on('close', (code) => finish(code, Buffer.concat(stderr).toString('utf8')));
    // A Git that ends before it has read everything breaks the pipe; its exit code says why.
    child.stdin.on('error', () => undefined);
    child.stdin.end(given.input);
    signal?.addEventListener('abort', onAbort);
    if (signal?.aborted === true) onAbort();
  });
}

const isFolder = async (path: string): Promise<boolean> => {
  const stats = await stat(path).catch(() => null);
  return stats?.isDirectory() ?? false;
};

const missingGit: GitProcessEnd = { exitCode: null, stdout: Buffer.alloc(0), stderr: 'Git is not on PATH' };

const missingFolder = (path: string): GitProcessEnd => ({
  exitCode: null,
  stdout: Buffer.alloc(0),
  stderr: `the folder ${path} is not there`,
});
