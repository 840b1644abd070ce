import { createHash } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';

import { lockFile } from '#main/base/file-lock.ts';

import { builtFolder, cacheFolder, projectFolder, toolPath } from './project-paths.ts';
import { runTool } from './run-program.ts';

/** The desktop app, and what runs as plain Node beside it. */
const configs = ['electron.vite.config.ts', 'electron.vite.programs.config.ts'];
const stampFile = join(builtFolder, '.stamp');
/** A build takes seconds; this long is a machine that is very busy. Milliseconds. */
const patience = 300_000;

/** Builds the app when its sources are not those that were built last. Says so in one line; whether it is there now. */
export async function buildIfStale(): Promise<boolean> {
  if (await isFresh()) return true;
  // Two builds at once would delete each other's files.
  mkdirSync(cacheFolder, { recursive: true });
  const lock = lockFile(join(cacheFolder, 'build.lock'), patience);
  if (!lock) {
    console.error('Another build of this folder does not come to an end.');
    return false;
  }
  try {
    return (await isFresh()) || (await build());
  } finally {
    lock.dispose();
  }
}

async function build(): Promise<boolean> {
  process.stdout.write('Building the app … ');
  const started = performance.now();
  await rm(stampFile, { force: true });
  const hash = await hashSources();
  for (const config of configs) {
    const args = ['build', '--logLevel', 'warn', '--config', config];
    const built = await runTool(toolPath('electron-vite', 'bin', 'electron-vite.js'), args, { output: 'keep' });
    if (built.code === 0) continue;
    console.log(`failed after ${seconds(started)} s`);
    console.error(built.output.trim());
    return false;
  }
  await writeFile(stampFile, hash);
  console.log(`${seconds(started)} s`);
  return true;
}

const seconds = (started: number): string => ((performance.now() - started) / 1000).toFixed(1);

async function isFresh(): Promise<boolean> {
  const stamp = await readFile(stampFile, 'utf8').catch(() => null);
  return stamp !== null && stamp === (await hashSources());
}

/** Names the sources by what is in them; times mean little after a checkout. */
async function hashSources(): Promise<string> {
  const entries = await readdir(join(projectFolder, 'src'), { recursive: true, withFileTypes: true });
  const sources = entries
    .filter((entry) => entry.isFile() && !/\.test\.tsx?$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));
  const settings = [...configs, 'package.json', 'package-lock.json'].map((name) => join(projectFolder, name));
  const hash = createHash('sha256').update(process.platform);
  for (const path of [...sources, ...settings].toSorted()) {
    hash.update(`\0${relative(projectFolder, path)}\0`).update(await readFile(path));
  }
  return hash.digest('hex');
}
