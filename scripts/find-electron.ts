import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { cacheFolder, toolPath } from './project-paths.ts';
import { runTool } from './run-program.ts';

const folder = toolPath('electron');
const attemptFile = join(cacheFolder, 'electron-attempt.json');
/** The archive has about 110 MB. Milliseconds. */
const downloadLimit = 300_000;
/** A machine that could not reach the download is not asked again for a day. Milliseconds. */
const attemptLasts = 24 * 60 * 60 * 1000;

export type FoundElectron = { kind: 'found'; path: string } | { kind: 'missing'; reason: string };

/**
 * Electron's binary. It comes in no package: Electron's own installer downloads it when it is first needed. That is tried
 * once, and a failure is remembered for a day.
 */
export async function findElectron(): Promise<FoundElectron> {
  const present = await installedElectron();
  if (present !== null) return { kind: 'found', path: present };
  const failed = await lastFailure();
  if (failed !== null) return { kind: 'missing', reason: failed };
  process.stdout.write('Getting Electron’s binary (about 110 MB, once) … ');
  const started = performance.now();
  const installed = await runTool(join(folder, 'install.js'), [], { output: 'keep', timeLimit: downloadLimit });
  const downloaded = installed.code === 0 ? await installedElectron() : null;
  console.log(downloaded === null ? 'not to be had' : `${((performance.now() - started) / 1000).toFixed(0)} s`);
  if (downloaded !== null) return { kind: 'found', path: downloaded };
  const reason = /^\w*Error: .*$/m.exec(installed.output)?.[0] ?? 'the download took too long';
  await mkdir(dirname(attemptFile), { recursive: true });
  await writeFile(attemptFile, JSON.stringify({ at: Date.now(), reason }));
  return { kind: 'missing', reason };
}

/** As Electron's own `index.js` finds it. */
async function installedElectron(): Promise<string | null> {
  const name = await readFile(join(folder, 'path.txt'), 'utf8').catch(() => null);
  if (name === null) return null;
  const path = join(process.env['ELECTRON_OVERRIDE_DIST_PATH'] ?? join(folder, 'dist'), name);
  return existsSync(path) ? path : null;
}

async function lastFailure(): Promise<string | null> {
  try {
    const { at, reason } = JSON.parse(await readFile(attemptFile, 'utf8')) as { at: number; reason: string };
    return Date.now() - at < attemptLasts ? reason : null;
  } catch {
    return null; // not tried yet
  }
}
