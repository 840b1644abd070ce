import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { PackedApp } from '#scripts/packaging/packed-app.ts';
import { projectFolder } from '#scripts/project-paths.ts';

import type { Section } from './section.ts';

const megabyte = 1024 * 1024;

/** What is downloaded and lies on disk beside Electron itself. */
export const packageSection: Section = {
  name: 'package',
  about: 'the size of the app as it is packed, without Electron',
  measure: async (bench) => {
    if (process.platform !== 'linux') {
      bench.leaveOut('the packed app', 'it is packed around an empty Electron, which is written for Linux only');
      return;
    }
    const manifest = JSON.parse(await readFile(join(projectFolder, 'package.json'), 'utf8')) as {
      devDependencies: { electron: string };
    };
    const app = await PackedApp.make(manifest.devDependencies.electron);
    try {
      const { packed, unpacked } = app.listArchive();
      bench.say(`${String(packed.length)} files in the archive, ${String(unpacked.length)} beside it`);
      bench.report({
        name: 'the packed app, without Electron',
        value: (await app.size()) / megabyte,
        unit: 'MB',
        baseline: null,
        goal: null,
      });
    } finally {
      await app.dispose();
    }
  },
};
