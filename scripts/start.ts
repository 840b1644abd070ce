// Opens the app: `npm start`. See `startHelp`.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';

import { appFolders } from '#main/base/folders.ts';
import { findHost } from '#main/base/host-lock.ts';

import { buildIfStale } from './build-if-stale.ts';
import { findElectron } from './find-electron.ts';
import { hasDisplay, openAppWindow } from './open-app-window.ts';
import { headlessHost, nodePath, projectFolder, toolEnvironment } from './project-paths.ts';
import { parseStartArguments, startHelp, type StartArguments } from './start-arguments.ts';

/** An Electron that fails sooner than this never showed a window: libraries or permissions are missing. Milliseconds. */
const earlyFailure = 10_000;

const stateFolder = appFolders(process.platform, process.env).state;

process.exitCode = await start();

async function start(): Promise<number> {
  // npm runs scripts in the project's folder, and remembers where the person typed the command.
  const parsed = parseStartArguments(process.argv.slice(2), process.env['INIT_CWD'] ?? process.cwd());
  if (!parsed.ok) {
    console.error(`${parsed.error.message}\n\n${startHelp}`);
    return 2;
  }
  const asked = parsed.value;
  if (asked.help) {
    console.log(startHelp);
    return 0;
  }
  const running = existsSync(stateFolder) ? findHost(stateFolder) : { kind: 'nobody' as const };
  const runningKind = running.kind === 'held' ? (running.by?.kind ?? null) : null;
  // A host that runs is using what was built; building anew would take it away from under its pages. Where nothing was built
  // here, it runs from somewhere else.
  const mayBuild = running.kind === 'nobody' || !existsSync(headlessHost);
  if (mayBuild && !(await buildIfStale())) return 1;
  if (asked.headless) return await serve(asked, 'print');
  if (!hasDisplay(process.platform, process.env)) {
    console.log('There is no display here, so the app is served for a browser.');
    return await serve(asked, 'print');
  }
  if (runningKind === 'headless') return await serve(asked, 'open');
  return (await openInElectron(asked)) ?? (await serve(asked, 'open'));
}

/** The exit code of the desktop app; null when Electron cannot be had or does not start here, which has been said. */
async function openInElectron(asked: StartArguments): Promise<number | null> {
  const serveInstead = (reason: string): null => {
    console.log(`${reason} The same app is served for a browser instead.`);
    return null;
  };
  if (process.platform === 'linux' && process.getuid?.() === 0) {
    return serveInstead('Electron does not run as root with its sandbox on.');
  }
  const electron = await findElectron();
  if (electron.kind === 'missing') return serveInstead(`Electron’s binary is not to be had here (${electron.reason}).`);
  const started = performance.now();
  const child = spawn(electron.path, [projectFolder, ...projectArguments(asked)], {
    env: toolEnvironment,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  passSignals((signal) => child.kill(signal));
  const code = await new Promise<number>((resolve) => {
    child.on('error', () => {
      resolve(127);
    });
    child.on('close', (ended) => {
      resolve(ended ?? 128);
    });
  });
  if (code === 0 || performance.now() - started > earlyFailure) return code;
  return serveInstead(`Electron did not start (exit code ${String(code)}, see above).`);
}

/** Runs the headless host until it quits; its exit code. */
async function serve(asked: StartArguments, then: 'open' | 'print'): Promise<number> {
  const port = asked.port === null ? [] : ['--port', String(asked.port)];
  const child = spawn(nodePath, [headlessHost, ...port, ...projectArguments(asked)], {
    env: toolEnvironment,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  passSignals((signal) => child.kill(signal));
  const ended = new Promise<number>((resolve) => {
    child.on('error', (error) => {
      console.error(error.message);
      resolve(127);
    });
    child.on('close', (code) => {
      resolve(code ?? 128);
    });
  });
  for await (const line of createInterface({ input: child.stdout })) {
    console.log(line);
    const address = /^Switchyard is at (http:\S+)$/.exec(line)?.[1];
    if (address === undefined || then === 'print') continue;
    const isOpen = await openAppWindow(address, stateFolder);
    console.log(
      isOpen
        ? 'It opens in a window of its own.'
        : 'No Chromium, Chrome or Edge is installed: open the address in your browser.',
    );
  }
  return await ended;
}

function projectArguments({ project, demo }: StartArguments): readonly string[] {
  if (demo) return ['--demo'];
  return project === null ? [] : ['--project', project];
}

/** Ctrl-C reaches the host by itself, and we wait for it to quit in order; what was sent to us alone is passed on. */
function passSignals(pass: (signal: NodeJS.Signals) => void): void {
  process.on('SIGINT', () => undefined);
  for (const signal of ['SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      pass(signal);
    });
  }
}
