import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { silentLog } from '#main/base/log.ts';
import { inOrder, readGates } from '#main/services/gates/gate-config.ts';
import { Git } from '#main/services/git/git.ts';
import { Store } from '#main/services/store/store.ts';
import { Terminals } from '#main/services/terminals/terminals.ts';
import type { RunId } from '#shared/ids.ts';

import type { TrainOrder, TrainProcessStart } from './test-train-host.ts';
import { composeTrains, testProject } from './test-trains.ts';

/* The train as a process of its own, for tests that kill it. It takes orders from its parent, and tells how the train stands. */
const { projectPath, root, folder, gates, setup, env } = JSON.parse(process.argv[2] ?? '') as TrainProcessStart;
const terminals = new Terminals({
  platform: process.platform,
  log: silentLog,
  stateFolder: folder,
  ptyHost: {
    execPath: process.execPath,
    args: [fileURLToPath(import.meta.resolve('#main/ptyhost/main.ts'))],
    idleMilliseconds: 60_000,
  },
  environment: { PATH: process.env['PATH'], LANG: 'C' },
});
const store = new Store({ path: join(folder, 'state.db'), log: silentLog });
const trains = composeTrains({
  git: new Git({ log: silentLog, env }),
  projectPath,
  root,
  terminals,
  store,
  folder,
  run: (id: RunId) => ({ branch: id.replace(/^run-/u, ''), decision: 'keep' }),
  project: () => ({
    gates: inOrder(readGates(gates).gates),
    invariantCommands: [],
    setup: setup === null ? null : { command: setup, timeoutMilliseconds: 60_000 },
    copy: [],
    isTrusted: true,
  }),
  promises: () => [],
});

trains.onDidChange(testProject, (train) => process.send?.(train));
process.on('message', (order: TrainOrder) => {
  const projectId = testProject;
  const done: Promise<unknown> = (() => {
    switch (order.kind) {
      case 'start':
        return trains.start({ projectId, ids: [...order.ids], method: 'merge' });
      case 'resume':
        return trains.resume({ projectId, skip: order.skip });
      case 'abort':
        return trains.abort({ projectId });
      case 'end':
        return trains.end().then(() => process.exit(0));
    }
  })();
  // Its test sees what Node says of it.
  done.catch((error: unknown) => {
    process.nextTick(() => {
      throw error;
    });
  });
});
// Its test is gone.
process.on('disconnect', () => process.exit(1));
