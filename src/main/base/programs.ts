import { basename, dirname, join } from 'node:path';

/** A program of ours to start: with this executable, these arguments, and these variables beside the usual ones. */
export interface Program {
  execPath: string;
  args: readonly string[];
  env: Readonly<Record<string, string>>;
}

/** Where the parts of the built app are. */
export interface Programs {
  /** Holds `specs-template/` and the demo's files. */
  resourcesFolder: string;
  pageFolder: string;
  ptyHost: Program;
  scribe: Program;
  /** Not started as a process: a thread of the host. */
  patternWorker: string;
  /** The same: it parses sources. */
  symbolWorker: string;
  reporter: Program;
}

/**
 * Finds the parts from the folder that all is built into (`out`). `execPath` runs them as plain Node: that of this process,
 * where Electron needs `ELECTRON_RUN_AS_NODE` beside it.
 */
export function programs(builtFolder: string, execPath: string, env: Readonly<Record<string, string>> = {}): Programs {
  const { archive, onDisk, resourcesFolder } = placesOf(join(builtFolder, '..'));
  const built = (name: string): string => join(onDisk, 'out', 'programs', `${name}.mjs`);
  const program = (name: string): Program => ({ execPath, args: [built(name)], env });
  return {
    resourcesFolder,
    pageFolder: join(archive, 'out', 'renderer'),
    ptyHost: program('ptyhost'),
    scribe: program('scribe'),
    patternWorker: built('pattern-worker'),
    symbolWorker: built('symbol-worker'),
    reporter: program('reporter'),
  };
}

interface Places {
  /** What Electron checks, and only it can read. */
  archive: string;
  /** What every process can read and start. */
  onDisk: string;
  resourcesFolder: string;
}

/** Packed, `app.asar` is the archive, `app.asar.unpacked` is beside it, and around both is the resources folder. */
function placesOf(appFolder: string): Places {
  const name = basename(appFolder);
  if (name !== 'app.asar' && name !== 'app.asar.unpacked') {
    return { archive: appFolder, onDisk: appFolder, resourcesFolder: appFolder };
  }
  const resourcesFolder = dirname(appFolder);
  const archive = join(resourcesFolder, 'app.asar');
  return { archive, onDisk: `${archive}.unpacked`, resourcesFolder };
}
