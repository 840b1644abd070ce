// Packs the app for this platform into `dist/`: `npm run package [-- --folder]`. It needs Electron, which electron-builder gets.
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { buildIfStale } from './build-if-stale.ts';
import { pack } from './packaging/pack.ts';
import { projectFolder } from './project-paths.ts';

const { values } = parseArgs({ options: { folder: { type: 'boolean', default: false } } });
const feed = process.env['SWITCHYARD_UPDATE_FEED'] ?? '';
if (await buildIfStale()) {
  const made = await pack({
    what: values.folder ? 'folder' : 'packages',
    output: join(projectFolder, 'dist'),
    electronFolder: null,
    updateFeed: feed === '' ? null : feed,
  });
  for (const path of made) console.log(path);
} else process.exitCode = 1;
