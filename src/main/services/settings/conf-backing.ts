import { existsSync, mkdirSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';

import Conf from 'conf';

import { errorCode } from '#main/base/error-code.ts';
import type { Log } from '#main/base/log.ts';

import type { SettingsBacking } from './settings.ts';

/** What of `conf`, or of `electron-store` which extends it, is used. */
interface KeyValueFile {
  readonly path: string;
  get(key: string): unknown;
  set(key: string, value: unknown): void;
}

/** The options of `conf`; `electron-store` calls the file's name `name` and takes the others as they are. */
interface KeyValueFileOptions {
  cwd: string;
  fileName: string;
  /** Only the person themself: the file says which commands are trusted. */
  configFileMode: number;
  accessPropertiesByDotNotation: false;
}

const fileName = 'settings';

const openConf = ({ fileName: configName, ...options }: KeyValueFileOptions): KeyValueFile =>
  new Conf<Record<string, unknown>>({ ...options, configName });

/**
 * Settings in `<folder>/settings.json`, written atomically. A file that is no JSON is never lost: it is renamed to
 * `settings.json.broken-<time>`, that is said in the log, and the defaults hold.
 *
 * The desktop host passes its own `open`, which makes an `electron-store` from the same options; both write the same file
 * in the same way.
 */
export function confBacking({
  folder,
  log,
  now = Date.now,
  open = openConf,
}: {
  folder: string;
  log: Log;
  now?: () => number;
  open?: (options: KeyValueFileOptions) => KeyValueFile;
}): SettingsBacking {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `${fileName}.json`);
  setAsideIfBroken(path, log, now);
  const file = open({ cwd: folder, fileName, configFileMode: 0o600, accessPropertiesByDotNotation: false });
  return {
    // The file is looked at anew each time, since it may have been edited, and broken, while the app runs.
    get: (key) => {
      setAsideIfBroken(path, log, now);
      return file.get(key);
    },
    set: (key, value) => {
      setAsideIfBroken(path, log, now);
      file.set(key, value);
    },
  };
}

function setAsideIfBroken(path: string, log: Log, now: () => number): void {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return;
    throw error;
  }
  if (isJsonObject(text)) return;
  // A colon is not allowed in a file name on Windows.
  const wanted = `${path}.broken-${new Date(now()).toISOString().replaceAll(':', '-')}`;
  let aside = wanted;
  for (let n = 2; existsSync(aside); n++) aside = `${wanted}-${n}`;
  renameSync(path, aside);
  log.warn('the settings file could not be read; it is kept aside and the defaults hold', { path, aside });
}

function isJsonObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}
