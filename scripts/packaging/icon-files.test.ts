import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { expect, it } from 'vitest';

import { projectFolder } from '#scripts/project-paths.ts';
import { icnsOf, icoOf, icoSides, linuxSides, nameOfDrawing } from './icon-files.ts';

const folder = join(projectFolder, 'packaging', 'icons');

/** Width and height, as the PNG itself says. */
function sizeOf(png: Buffer): readonly [number, number] {
  expect(png.subarray(1, 4).toString('latin1')).toBe('PNG');
  return [png.readUInt32BE(16), png.readUInt32BE(20)];
}

it('has icons of the drawing as it is now', async () => {
  const svg = await readFile(join(projectFolder, 'src', 'renderer', 'icon.svg'), 'utf8');
  const drawn = (await readFile(join(folder, 'drawing.sha256'), 'utf8')).trim();
  // If this fails: node scripts/packaging/make-icons.ts
  expect(drawn).toBe(nameOfDrawing(svg));
});

it('has a PNG of each size for Linux, of just that size', async () => {
  const names = linuxSides.map((side) => `${String(side)}x${String(side)}.png`);
  expect((await readdir(join(folder, 'linux'))).toSorted()).toEqual(names.toSorted());
  for (const [index, side] of linuxSides.entries()) {
    expect(sizeOf(await readFile(join(folder, 'linux', names[index] ?? '')))).toEqual([side, side]);
  }
});

it('has an icon for Windows whose every picture is where its directory says, in the size that it says', async () => {
  const ico = await readFile(join(folder, 'icon.ico'));
  expect([ico.readUInt16LE(0), ico.readUInt16LE(2)]).toEqual([0, 1]);
  const sides = Array.from({ length: ico.readUInt16LE(4) }, (_, index) => {
    const at = 6 + 16 * index;
    const [offset, length] = [ico.readUInt32LE(at + 12), ico.readUInt32LE(at + 8)];
    const [width, height] = sizeOf(ico.subarray(offset, offset + length));
    expect(width).toBe(height);
    expect(ico.readUInt8(at)).toBe(width % 256);
    return width;
  });
  expect(sides).toEqual([...icoSides]);
});

it('has an icon for macOS that is as long as it says, with pictures up to 1,024 pixels', async () => {
  const icns = await readFile(join(folder, 'icon.icns'));
  expect(icns.subarray(0, 4).toString('latin1')).toBe('icns');
  expect(icns.readUInt32BE(4)).toBe(icns.length);
  const pictures = new Map<string, number>();
  for (let at = 8; at < icns.length; at += icns.readUInt32BE(at + 4)) {
    const picture = icns.subarray(at + 8, at + icns.readUInt32BE(at + 4));
    pictures.set(icns.subarray(at, at + 4).toString('latin1'), sizeOf(picture)[0]);
  }
  // Apple's names for 128, 256 and 512 points, each plain and for a screen of double density.
  expect(Object.fromEntries(pictures)).toMatchObject({
    ic07: 128,
    ic13: 256,
    ic08: 256,
    ic14: 512,
    ic09: 512,
    ic10: 1024,
  });
});

it('refuses to make an icon that lacks a size', () => {
  expect(() => icoOf([{ side: 16, png: new Uint8Array(1) }])).toThrow('24 pixels');
  expect(() => icnsOf([])).toThrow('16 pixels');
});
