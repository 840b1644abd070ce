import { join } from 'node:path';

import { fileLog, RotatingFile } from '#main/base/file-log.ts';
import { contract } from '#shared/contract/index.ts';
import { serve } from '#shared/rpc/serve.ts';
import type { Frame } from '#shared/rpc/wire.ts';

import { createServices } from './services.ts';
import { confBacking } from './settings/conf-backing.ts';
import { testServicesOptions } from './test-services-options.ts';

/* A host as a process of its own, for tests that kill it. It speaks the contract over the channel to its parent. */
const { root, state, logFile } = JSON.parse(process.argv[2] ?? '') as { root: string; state: string; logFile: string };
const log = fileLog(new RotatingFile(logFile));
const settings = confBacking({ folder: join(root, 'config'), log });
const services = await createServices(testServicesOptions({ root, state, settings, log }));
const report = services.faults.report.bind(services.faults);

process.on('unhandledRejection', (error) => report('unhandled rejection', error));
serve(
  contract,
  services.api,
  {
    post: (frame) => process.send?.(frame),
    onFrame: (listener) => {
      process.on('message', (message) => {
        if (message !== 'quit') listener(message as Frame);
      });
    },
    onClose: (listener) => process.on('disconnect', listener),
  },
  report,
);
process.on('message', (message) => {
  if (message === 'quit') void services.dispose().then(() => process.exit(0));
});
// Its test is gone.
process.on('disconnect', () => process.exit(1));
