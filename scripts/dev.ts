// Builds anew on every change, and starts the host again: `npm run dev [-- options of npm start]`. A page that is open
// connects again by itself on the desktop; in a browser, open the address that is printed.
import { spawn, type ChildProcess } from 'node:child_process';
import { watch } from 'node:fs';
import { join } from 'node:path';

import { buildIfStale } from './build-if-stale.ts';
import { findElectron } from './find-electron.ts';
import { hasDisplay } from './open-app-window.ts';
import { headlessHost, nodePath, projectFolder, toolEnvironment } from './project-paths.ts';

/** Editors and `git checkout` write many files in a row. Milliseconds. */
const settling = 400;

const hostArguments = process.argv.slice(2).filter((argument) => argument !== '--headless');
const isServedOnly = hostArguments.length < process.argv.length - 2;
const [command, firstArguments] = await chooseHost();

let host: ChildProcess | null = null;
let isBusy = false;
let isStale = true;
let timer: NodeJS.Timeout | null = null;

watch(join(projectFolder, 'src'), { recursive: true }, () => {
  isStale = true;
  if (timer) clearTimeout(timer);
  timer = setTimeout(() => void refresh(), settling);
});
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    isBusy = true; // nothing is started any more
    void stopHost().then(() => process.exit(0));
  });
}
await refresh();

async function refresh(): Promise<void> {
  if (isBusy) return;
  isBusy = true;
  while (isStale) {
    isStale = false;
    if (!(await buildIfStale())) continue; // the old host goes on until the sources build again
    await stopHost();
    startHost();
  }
  isBusy = false;
}

async function chooseHost(): Promise<readonly [string, readonly string[]]> {
  const isRoot = process.platform === 'linux' && process.getuid?.() === 0;
  if (!isServedOnly && !isRoot && hasDisplay(process.platform, process.env)) {
    const electron = await findElectron();
    if (electron.kind === 'found') return [electron.path, [projectFolder]];
  }
  return [nodePath, [headlessHost]];
}

function startHost(): void {
  host = spawn(command, [...firstArguments, ...hostArguments], {
    env: toolEnvironment,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  host.on('error', (error) => {
    console.error(error.message);
  });
}

async function stopHost(): Promise<void> {
  const child = host;
  if (!child || child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  await ended;
}
