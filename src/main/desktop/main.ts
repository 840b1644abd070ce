import { join } from 'node:path';

import { startDesktop } from './start-desktop.ts';

startDesktop({
  platform: process.platform,
  manners: process.platform,
  builtFolder: join(import.meta.dirname, '..'),
});
