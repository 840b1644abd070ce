import { win32 } from 'node:path';

import { fail, ok, type Result } from '#shared/result.ts';

/** What `spawn` is given. */
export interface ProgramStart {
  command: string;
  args: readonly string[];
  /** The arguments are a command line as it stands; only Windows has such. */
  windowsVerbatimArguments: boolean;
}

/** What is there cannot be started; `message` says why, in a sentence. */
export interface NoProgram {
  kind: 'no-program';
  message: string;
}

const refuse = (message: string) => fail<NoProgram>({ kind: 'no-program', message });

export const isBatchFile = (path: string): boolean => /\.(?:cmd|bat)$/i.test(path);

/** Ended by it, begun by it, or replaced by it, inside quotes or not: a batch file may hand its arguments on as it likes. */
const readByBatchFiles = /["%!&|<>^\r\n\0]/;

/** Whether a batch file that is given this argument can only take it for an argument. */
export const isSafeForBatchFile = (argument: string): boolean => !readByBatchFiles.test(argument);

/**
 * How a program is started that was found at a path. Node does not start batch files (CVE-2024-27980), and a shell of its would
 * read the arguments again; so the command line of cmd.exe is ours, and arguments that cmd.exe or the file could take for
 * something else are refused, with a sentence. PowerShell's scripts are not started: how they read arguments is each one's own.
 */
export function programStart(
  path: string,
  args: readonly string[],
  system: { platform: NodeJS.Platform; systemRoot: string | undefined },
): Result<ProgramStart, NoProgram> {
  const plain = ok({ command: path, args, windowsVerbatimArguments: false });
  if (system.platform !== 'win32') return plain;
  if (/\.ps1$/i.test(path)) return refuse(scriptSentence(path));
  if (!isBatchFile(path)) return plain;
  const unsafe = [path, ...args].find((each) => !isSafeForBatchFile(each));
  if (unsafe !== undefined) {
    return refuse(
      `${path} is a batch file, and Windows' command processor would read “${shortened(unsafe)}” as more than one argument. ` +
        'Nothing was started. Use a folder whose path has none of " % ! & | < > ^ in it.',
    );
  }
  const line = [path, ...args].map((each) => `"${each}"`).join(' ');
  return ok({
    // Not ComSpec, which may be another shell with other rules; and by its path: it is not taken from where one stands.
    command: win32.join(system.systemRoot ?? 'C:\\Windows', 'System32', 'cmd.exe'),
    // /d: without the registry's AutoRun. /v:off: `!` means nothing. /s: exactly the outer quotes are taken off.
    args: ['/d', '/v:off', '/s', '/c', `"${line}"`],
    windowsVerbatimArguments: true,
  });
}

/** Why a PowerShell script that stands where a program should is not started. */
export const scriptSentence = (path: string): string =>
  `${path} is a PowerShell script, which cannot be started as a program. ` +
  'Install the command so that it has a .exe or .cmd file too; npm makes one by itself.';

const shortened = (text: string): string => (text.length > 80 ? `${text.slice(0, 79)}…` : text);
