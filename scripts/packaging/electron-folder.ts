import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** What `@electron/fuses` looks for in the binary: this text, a version, a number of fuses, and a character for each. */
const sentinel = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX';

/**
 * A folder that electron-builder takes for Electron's, with no Electron in it: a file with that name, which has fuses to be set.
 * With it the real packer packs the real app where Electron's binary cannot be had; what it packs does not run as an app.
 */
export async function writeElectronFolder(folder: string, version: string): Promise<void> {
  await mkdir(join(folder, 'resources'), { recursive: true });
  await mkdir(join(folder, 'locales'));
  const wire = Buffer.concat([Buffer.from(sentinel), Buffer.from([1, 9]), Buffer.from('100001011')]);
  await writeFile(join(folder, 'electron'), Buffer.concat([Buffer.alloc(4096), wire, Buffer.alloc(4096)]), {
    mode: 0o755,
  });
  await writeFile(join(folder, 'version'), version);
  for (const name of ['LICENSE', 'LICENSES.chromium.html']) await writeFile(join(folder, name), name);
  await writeFile(join(folder, 'locales', 'en-US.pak'), '');
}
