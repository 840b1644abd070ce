import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A program of ours to start: with this executable, these arguments, and these variables beside the usual ones. */
export interface Program {
  execPath: string;
  args: readonly string[];
  env: Readonly<Record<string, string>>;
}

/** Where the parts of the built app are. */
export interface Programs {
  /** Holds `package.json`, `specs-template/` and the demo's files. */
  programFolder: string;
  pageFolder: string;
  ptyHost: Program;
  scribe: Program;
  /** Not started as a process: a thread of the host. */
  patternWorker: string;
  /** The same: it parses sources. */
  symbolWorker: string;
  reporter: Program;
  version: string;
}

/**
 * Finds the parts from the folder that the hosts are built into (`out/main`). `execPath` runs them as plain Node: that of
 * this process, where Electron needs `ELECTRON_RUN_AS_NODE` beside it.
 */
export function programs(builtFolder: string, execPath: string, env: Readonly<Record<string, string>> = {}): Programs {
  const programFolder = join(builtFolder, '..', '..');
  const program = (name: string): Program => ({ execPath, args: [join(builtFolder, `${name}.js`)], env });
  const manifest = JSON.parse(readFileSync(join(programFolder, 'package.json'), 'utf8')) as { version: string };
  return {
    programFolder,
    pageFolder: join(builtFolder, '..', 'renderer'),
    ptyHost: program('ptyhost'),
    scribe: program('scribe'),
    patternWorker: join(builtFolder, 'pattern-worker.js'),
    symbolWorker: join(builtFolder, 'symbol-worker.js'),
    reporter: program('reporter'),
    version: manifest.version,
  };
}
