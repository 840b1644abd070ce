import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import type { Log } from '#main/base/log.ts';

import type { ServicesOptions } from './services.ts';
import type { SettingsBacking } from './settings/settings.ts';

/** What a host of a test world is composed of: everything from source, in folders below `root`. */
export function testServicesOptions(world: {
  root: string;
  state: string;
  settings: SettingsBacking;
  log: Log;
}): ServicesOptions {
  const source = (name: string): string => fileURLToPath(import.meta.resolve(`#main/${name}/main.ts`));
  return {
    folders: { config: join(world.root, 'config'), state: join(world.root, world.state) },
    log: world.log,
    platform: process.platform,
    settings: world.settings,
    hostKind: 'headless',
    version: '0.0.0-test',
    startProject: null,
    chooseFolder: null,
    // One that a test forgets ends by itself.
    ptyHost: { execPath: process.execPath, args: [source('ptyhost'), '--idle-ms', '5000'], env: {} },
    scribe: { execPath: process.execPath, args: [source('scribe')], env: {} },
    reporter: { execPath: process.execPath, args: [source('reporter')], env: {} },
    resourcesFolder: join(import.meta.dirname, '..', '..', '..'),
  };
}
