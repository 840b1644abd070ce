// Draws the app's icons for every platform from one drawing, `src/renderer/icon.svg`: `node scripts/packaging/make-icons.ts`.
// What it makes is committed, because a browser is needed to draw it.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { chromium } from '@playwright/test';

import { findOrInstallBrowser } from '#scripts/find-browser.ts';
import { projectFolder } from '#scripts/project-paths.ts';
import { icnsOf, icnsSides, icoOf, icoSides, linuxSides, nameOfDrawing, type Picture } from './icon-files.ts';

/** Apple's grid leaves 100 of 1,024 points free on each side of a rounded square; elsewhere an icon fills its place. */
const macShare = 824 / 1024;

const folder = join(projectFolder, 'packaging', 'icons');
const svg = await readFile(join(projectFolder, 'src', 'renderer', 'icon.svg'), 'utf8');
const executablePath = await findOrInstallBrowser();
if (executablePath === null) throw new Error('there is no browser to draw with');
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
try {
  const page = await browser.newPage();
  const draw = async (side: number, share: number): Promise<Picture> => {
    await page.setViewportSize({ width: side, height: side });
    await page.setContent(
      `<style>body{margin:0;height:100vh;display:grid;place-items:center}svg{width:${String(share * 100)}%}</style>${svg}`,
    );
    return { side, png: await page.screenshot({ omitBackground: true }) };
  };
  const drawAll = async (sides: readonly number[], share: number): Promise<readonly Picture[]> => {
    const pictures: Picture[] = [];
    for (const side of sides) pictures.push(await draw(side, share));
    return pictures;
  };
  await mkdir(join(folder, 'linux'), { recursive: true });
  for (const { side, png } of await drawAll(linuxSides, 1)) {
    await writeFile(join(folder, 'linux', `${String(side)}x${String(side)}.png`), png);
  }
  await writeFile(join(folder, 'icon.ico'), icoOf(await drawAll(icoSides, 1)));
  await writeFile(join(folder, 'icon.icns'), icnsOf(await drawAll(icnsSides, macShare)));
  await writeFile(join(folder, 'drawing.sha256'), `${nameOfDrawing(svg)}\n`);
} finally {
  await browser.close();
}
