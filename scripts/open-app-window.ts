import { spawn } from 'node:child_process';
import { mkdir, realpath, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { findBrowser } from './find-browser.ts';

/** Whether a window can be shown here. */
export function hasDisplay(platform: NodeJS.Platform, env: NodeJS.ProcessEnv): boolean {
  if (platform === 'darwin' || platform === 'win32') return true;
  return (env['DISPLAY'] ?? '') !== '' || (env['WAYLAND_DISPLAY'] ?? '') !== '';
}

/**
 * Shows an address as an app window of an installed Chromium, Chrome or Edge, in a profile of its own. The address holds
 * a token, and everybody on the machine can read a command line; so the browser is given a file that only the person can
 * read and that leads there. Whether there was a browser.
 */
export async function openAppWindow(address: string, stateFolder: string): Promise<boolean> {
  const browser = await findBrowser();
  if (browser === null) return false;
  const folder = await browserFolder(browser, stateFolder);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const launchFile = join(folder, 'open.html');
  await writeFile(launchFile, launchPage(address), { mode: 0o600 });
  const args = [
    `--app=${pathToFileURL(launchFile).href}`,
    `--user-data-dir=${join(folder, 'profile')}`,
    '--no-first-run',
    '--no-default-browser-check',
    '--window-size=1440,900',
    ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), // Chromium refuses to start as root otherwise
  ];
  const child = spawn(browser, args, { detached: true, stdio: 'ignore' });
  const started = await new Promise<boolean>((resolve) => {
    child.on('spawn', () => {
      resolve(true);
    });
    child.on('error', () => {
      resolve(false);
    });
  });
  child.unref();
  return started;
}

/** A browser from a snap sees no hidden folder of the home folder, but has one of its own. */
async function browserFolder(browser: string, stateFolder: string): Promise<string> {
  const real = await realpath(browser).catch(() => browser);
  const isSnap = browser.startsWith('/snap/') || real === '/usr/bin/snap';
  return isSnap ? join(homedir(), 'snap', 'chromium', 'common', 'switchyard') : join(stateFolder, 'browser');
}

export function launchPage(address: string): string {
  const escaped = address.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
  return `<!doctype html>
<meta charset="utf-8">
<title>Switchyard</title>
<meta http-equiv="refresh" content="0;url=${escaped}">
<style>:root { color-scheme: light dark; }</style>
`;
}
