import { win32 } from 'node:path';

/** What is really started by a command. */
export interface Resolved {
  command: string;
  /** Before all other arguments. */
  args: readonly string[];
  /** What it wants in its environment beside the rest. */
  env: Readonly<Record<string, string>>;
}

/**
 * What a batch file starts that does nothing else: one of npm's (a script with Node, or a program), or one of an editor's of VS
 * Code's family (its own executable as Node, with a script). Started through the file itself, every argument would be
 * read again by cmd.exe, which takes neither line ends nor `%`, and executes what stands behind `&`. Null when the
 * file is none of those.
 */
export function readShim(text: string, shimPath: string, nodePath: string): Resolved | null {
  return readEditorShim(text, shimPath) ?? readNpmShim(text, shimPath, nodePath);
}

function readNpmShim(text: string, shimPath: string, nodePath: string): Resolved | null {
  const folder = win32.dirname(shimPath);
  const target = /"%(?:~dp0|dp0%)\\?([^"%]+)"\s+%\*\s*$/m.exec(text)?.[1];
  // An editor's file that was not understood: its script is not for Node.
  if (target === undefined || /"%~dp0[^"]*(?<!\\node)\.exe"\s+"%~dp0/i.test(text)) return null;
  const path = win32.join(folder, target);
  if (/\.exe$/i.test(path)) return { command: path, args: [], env: {} };
  return /\.[cm]?js$/i.test(path) ? { command: nodePath, args: [path], env: {} } : null;
}

/** Variables, and then one program beside the file with a script beside it. Any other line is one that is not understood. */
function readEditorShim(text: string, shimPath: string): Resolved | null {
  const folder = win32.dirname(shimPath);
  const env: Record<string, string> = {};
  let found: Omit<Resolved, 'env'> | null = null;
  for (const line of text.split(/\r?\n/).map((each) => each.trim())) {
    if (line === '' || /^(?:@echo off|setlocal|endlocal|rem\b.*|::.*|if %errorlevel% .*|exit \/b.*)$/i.test(line))
      continue;
    const [, name = '', value = ''] = /^set "?([A-Z_][A-Z0-9_]*)=([^%&|<>^"]*)"?$/i.exec(line) ?? [];
    const [, program, script] = /^(?:call )?"%~dp0([^"%]+\.exe)" "%~dp0([^"%]+\.js)" %\*$/i.exec(line) ?? [];
    if (name !== '') {
      env[name] = value;
    } else if (found === null && program !== undefined && script !== undefined) {
      found = { command: win32.join(folder, program), args: [win32.join(folder, script)] };
    } else return null;
  }
  return found && { ...found, env };
}
