import { mkdir, mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative, sep } from 'node:path';

import { extractAll, listPackage, statFile } from '@electron/asar';

import { pack } from './pack.ts';

import { writeElectronFolder } from './electron-folder.ts';

/** The app as electron-builder lays it on disk, for the platform that this runs on. */
export class PackedApp {
  readonly #folder: string;
  /** The folder that has the program. */
  readonly appFolder: string;
  readonly resources: string;

  private constructor(folder: string, appFolder: string) {
    this.#folder = folder;
    this.appFolder = appFolder;
    this.resources = join(appFolder, 'resources');
  }

  /** Packs what was built, around a folder that has Electron's name only. Linux. */
  static async make(electronVersion: string, updateFeed: string | null = null): Promise<PackedApp> {
    const folder = await mkdtemp(join(tmpdir(), 'switchyard-packed-'));
    const electronFolder = join(folder, 'electron');
    await mkdir(electronFolder);
    await writeElectronFolder(electronFolder, electronVersion);
    const output = join(folder, 'dist');
    await pack({ what: 'folder', output, electronFolder, updateFeed });
    return new PackedApp(folder, join(output, 'linux-unpacked'));
  }

  get archive(): string {
    return join(this.resources, 'app.asar');
  }

  /** Every file of the archive, with `/`: those that are in it, and those that lie beside it. */
  listArchive(): { packed: readonly string[]; unpacked: readonly string[] } {
    const packed: string[] = [];
    const unpacked: string[] = [];
    for (const entry of listPackage(this.archive, { isPack: false })) {
      const path = entry.split(sep).slice(1).join('/');
      const about = statFile(this.archive, path, true);
      if ('files' in about) continue;
      ('unpacked' in about && about.unpacked ? unpacked : packed).push(path);
    }
    return { packed, unpacked };
  }

  /** Every file in a folder of the resources, with `/`. */
  async list(name: string): Promise<readonly string[]> {
    const folder = join(this.resources, name);
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    return entries
      .filter((entry) => entry.isFile())
      .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
      .toSorted();
  }

  /** What the resources take on disk, in bytes. */
  async size(): Promise<number> {
    const entries = await readdir(this.resources, { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
    const sizes = await Promise.all(files.map(async (path) => (await stat(path)).size));
    return sizes.reduce((sum, size) => sum + size, 0);
  }

  /**
   * Puts a folder in the archive's place that shows what Electron shows of it: all of its files, also those beside it. Plain Node
   * can run the app then, from the paths that it has in Electron.
   */
  async openArchive(): Promise<void> {
    const shown = join(this.#folder, 'shown');
    extractAll(this.archive, shown);
    await rename(this.archive, join(this.#folder, 'app.asar'));
    await rename(shown, this.archive);
  }

  async dispose(): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true });
  }
}
