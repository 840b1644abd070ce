import { createHash } from 'node:crypto';

/** A square picture: its side in pixels, and it as a PNG. */
export interface Picture {
  side: number;
  png: Uint8Array;
}

/** The sides that Windows takes from an `.ico`, for screens of 100 to 200 per cent. */
export const icoSides = [16, 24, 32, 48, 64, 128, 256] as const;

/** Which pictures an `.icns` of macOS has, by Apple's four letters; `@2x` ones stand for half their side. */
const icnsTypes: readonly (readonly [type: string, side: number])[] = [
  ['icp4', 16],
  ['ic11', 32],
  ['icp5', 32],
  ['ic12', 64],
  ['ic07', 128],
  ['ic13', 256],
  ['ic08', 256],
  ['ic14', 512],
  ['ic09', 512],
  ['ic10', 1024],
];
export const icnsSides: readonly number[] = [...new Set(icnsTypes.map(([, side]) => side))];

/** The sides of the PNGs that a Linux desktop looks for. */
export const linuxSides = [16, 32, 48, 64, 128, 256, 512] as const;

/** An `.ico` of PNGs, as Windows reads them from Vista on. Throws when a side is missing. */
export function icoOf(pictures: readonly Picture[]): Buffer {
  const chosen = icoSides.map((side) => pictureOf(pictures, side));
  const head = Buffer.alloc(6 + 16 * chosen.length);
  head.writeUInt16LE(1, 2); // an icon, not a cursor
  head.writeUInt16LE(chosen.length, 4);
  let offset = head.length;
  for (const [index, { side, png }] of chosen.entries()) {
    const at = 6 + 16 * index;
    head.writeUInt8(side % 256, at); // 0 stands for 256
    head.writeUInt8(side % 256, at + 1);
    head.writeUInt16LE(1, at + 4);
    head.writeUInt16LE(32, at + 6); // bits a pixel
    head.writeUInt32LE(png.length, at + 8);
    head.writeUInt32LE(offset, at + 12);
    offset += png.length;
  }
  return Buffer.concat([head, ...chosen.map(({ png }) => png)]);
}

/** An `.icns` of PNGs. Throws when a side is missing. */
export function icnsOf(pictures: readonly Picture[]): Buffer {
  const parts = icnsTypes.map(([type, side]) => {
    const { png } = pictureOf(pictures, side);
    return Buffer.concat([icnsHead(type, png.length), png]);
  });
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  return Buffer.concat([icnsHead('icns', length), ...parts]);
}

/** What the pictures were made from, to tell when they are of an older drawing. */
export const nameOfDrawing = (svg: string): string => createHash('sha256').update(svg).digest('hex');

function icnsHead(type: string, length: number): Buffer {
  const head = Buffer.alloc(8);
  head.write(type, 'latin1');
  head.writeUInt32BE(length + 8, 4);
  return head;
}

function pictureOf(pictures: readonly Picture[], side: number): Picture {
  const picture = pictures.find((each) => each.side === side);
  if (!picture) throw new Error(`there is no picture of ${String(side)} pixels`);
  return picture;
}
