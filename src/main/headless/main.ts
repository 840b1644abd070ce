import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

import { appVersion } from '#main/base/app-version.ts';
import { demoProject } from '#main/base/demo-project.ts';
import { fileLog, RotatingFile } from '#main/base/file-log.ts';
import { appFolders, type AppFolders } from '#main/base/folders.ts';
import { findHost, HostLock, type HostHolder } from '#main/base/host-lock.ts';
import type { Log } from '#main/base/log.ts';
import { pageApi } from '#main/base/page-api.ts';
import { programs } from '#main/base/programs.ts';
import { CommandListener } from '#main/command/command-listener.ts';
import { firstScreensPatience } from '#main/services/projects/first-screens.ts';
import { createServices } from '#main/services/services.ts';
import { confBacking } from '#main/services/settings/conf-backing.ts';
import { contract } from '#shared/contract/index.ts';
import { assertNever, ok } from '#shared/result.ts';
import { serve } from '#shared/rpc/serve.ts';

import { headlessHelp, parseHeadlessArguments, type HeadlessArguments } from './arguments.ts';
import { secret } from './authenticator.ts';
import { readPlace, rememberPlace } from './place.ts';
import { quitSignal } from './quit-signal.ts';
import { HeadlessServer, type CannotListen } from './server.ts';

/** The longest that quitting waits for the services, in milliseconds. What matters is on disk by then. */
const patience = 8000;

process.exitCode = await main();

async function main(): Promise<number> {
  const asked = parseHeadlessArguments(process.argv.slice(2), process.cwd());
  if (!asked.ok) {
    console.error(`${asked.error.message}\n\n${headlessHelp}`);
    return 2;
  }
  if (asked.value.help) {
    console.log(headlessHelp);
    return 0;
  }
  const folders = appFolders(process.platform, process.env);
  mkdirSync(folders.state, { recursive: true, mode: 0o700 });
  mkdirSync(folders.config, { recursive: true });
  const lock = HostLock.acquire(folders.state, 'headless');
  if (!lock.ok) return await pointToRunningHost(folders.state, asked.value);
  const logFile = new RotatingFile(join(folders.state, 'host.log'));
  try {
    return await host(asked.value, folders, lock.value, fileLog(logFile));
  } finally {
    logFile.close();
    lock.value.dispose();
  }
}

/** Serves until it is told to quit; the exit code. */
async function host(asked: HeadlessArguments, folders: AppFolders, lock: HostLock, log: Log): Promise<number> {
  const quit = quitSignal(process, () => {
    process.exit(1);
  });

  const { pageFolder, ...parts } = programs(join(import.meta.dirname, '..'), process.execPath);
  const services = await createServices({
    folders,
    log,
    platform: process.platform,
    settings: confBacking({ folder: folders.config, log }),
    hostKind: 'headless',
    version: appVersion,
    startProject: asked.project,
    firstScreensPatience,
    chooseFolder: null,
    ...parts,
  });
  const reportFault = (where: string, error: unknown): void => services.faults.report(where, error);
  process.on('unhandledRejection', (error) => {
    reportFault('host', error);
  });

  let demo: Promise<string | null> | null = null;
  const sharedDemo = async (): Promise<string | null> => {
    demo ??= demoProject(services.api.projects, reportFault);
    const path = await demo;
    if (path === null) demo = null; // the next page that asks tries again
    return path;
  };

  const projectOf = (query: URLSearchParams): Promise<string | null> =>
    query.has('demo') ? sharedDemo() : Promise.resolve(query.get('project'));
  // While the browser loads the page, so that it finds its project open.
  const openAhead = async (query: URLSearchParams): Promise<void> => {
    services.firstScreens.expect();
    const path = await projectOf(query);
    if (path !== null) await services.api.projects.open({ path });
  };

  const place = await readPlace(folders.state);
  const listen = (port: number) =>
    HeadlessServer.listen({
      port,
      token: secret(),
      pagePath: place.pagePath,
      pageFolder,
      log,
      onPage: (query) => {
        openAhead(query).catch((error: unknown) => {
          reportFault('Open the project', error);
        });
      },
      accept: (wire, query) => {
        services.firstScreens.expect();
        const startProject = (): Promise<string | null> => projectOf(query);
        return serve(contract, pageApi(services.api, { startProject }), wire, reportFault);
      },
    });
  let server = await listen(asked.port ?? place.port ?? 0);
  // The port of last time was only a wish.
  if (!server.ok && server.error.kind !== 'page-missing' && asked.port === null) server = await listen(0);
  if (!server.ok) {
    console.error(inWords(server.error));
    await services.dispose();
    return 1;
  }
  await rememberPlace(folders.state, { ...place, port: server.value.port });
  const { address } = server.value;
  const commands = await CommandListener.listen({
    stateFolder: folders.state,
    platform: process.platform,
    version: appVersion,
    api: {
      ...services.api,
      shell: {
        ...services.api.shell,
        open: ({ path }) => Promise.resolve(ok({ address: withProject(address, path) })),
      },
    },
    log,
    onFault: reportFault,
  });
  lock.announce({ address, door: commands.door });
  log.info('the headless host is ready', { port: server.value.port, pid: process.pid, version: appVersion });
  console.log(`Switchyard is at ${withQuery(server.value.address, asked)}`);
  console.log('Whoever has this address can work here as you. Ctrl-C quits; agents at work go on.');

  const signal = await quit;
  log.info('the headless host quits', { signal });
  commands.dispose();
  await server.value.close();
  const isOrderly = await Promise.race([services.dispose().then(() => true), wait(patience, false, { ref: false })]);
  if (!isOrderly) log.warn('the services took too long to end', { patience });
  console.log('Switchyard has quit. Agents at work go on; start it again to see them.');
  // What is still open, a watcher or a pipe, must not keep the process.
  setTimeout(() => process.exit(0), 500).unref();
  return 0;
}

async function pointToRunningHost(stateFolder: string, asked: HeadlessArguments): Promise<number> {
  const running = await waitForAddress(stateFolder);
  if (running?.kind === 'headless' && running.address !== null) {
    console.log(`Switchyard is running already (process ${String(running.pid)}).`);
    console.log(`Switchyard is at ${withQuery(running.address, asked)}`);
    return 0;
  }
  console.error(
    running?.kind === 'desktop'
      ? `Switchyard is open already as a desktop app (process ${String(running.pid)}). Quit it first.`
      : 'Another Switchyard is starting or quitting. Try again in a moment.',
  );
  return 1;
}

/** A host that is just starting has its address a moment later. */
async function waitForAddress(stateFolder: string): Promise<HostHolder | null> {
  for (let tries = 0; tries < 20; tries++) {
    const found = findHost(stateFolder);
    if (found.kind === 'nobody') return null;
    if (found.by && (found.by.kind === 'desktop' || found.by.address !== null)) return found.by;
    await wait(500);
  }
  return null;
}

function withQuery(address: string, asked: HeadlessArguments): string {
  if (asked.demo) return `${address}&demo`;
  return asked.project === null ? address : withProject(address, asked.project);
}

function withProject(address: string, path: string): string {
  return `${address}&project=${encodeURIComponent(path)}`;
}

function inWords(problem: CannotListen): string {
  switch (problem.kind) {
    case 'port-taken':
      return `Port ${String(problem.port)} is taken by another program. Choose another with --port, or leave --port out.`;
    case 'port-forbidden':
      return `You may not listen on port ${String(problem.port)}. Choose one from 1024 up.`;
    case 'page-missing':
      return `The page is not built (${problem.folder}). Run: npm run build`;
    default:
      return assertNever(problem);
  }
}
