import { readFile } from 'node:fs/promises';

import type { Browser, Page } from '@playwright/test';

/** Memory of a process in megabytes, its part of what it shares counted in (PSS). Linux only. */
export async function memoryOf(pid: number): Promise<number> {
  const rollup = await readFile(`/proc/${String(pid)}/smaps_rollup`, 'utf8');
  return Number(/^Pss:\s+(\d+) kB$/m.exec(rollup)?.[1]) / 1024;
}

/** Of the renderer that draws the only page of this browser: the largest of its renderers. Garbage is collected first. */
export async function rendererMemory(browser: Browser, page: Page): Promise<number> {
  const ofPage = await page.context().newCDPSession(page);
  await ofPage.send('HeapProfiler.enable');
  await ofPage.send('HeapProfiler.collectGarbage');
  await ofPage.send('HeapProfiler.collectGarbage');
  await ofPage.detach();
  // The system gets back what was freed a moment later.
  await new Promise((resolve) => setTimeout(resolve, 1500));
  const pids = await rendererPids(browser);
  return Math.max(...(await Promise.all(pids.map((pid) => memoryOf(pid).catch(() => 0)))));
}

export async function rendererPids(browser: Browser): Promise<number[]> {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  await session.detach();
  return processInfo.filter(({ type }) => type === 'renderer').map(({ id }) => id);
}
