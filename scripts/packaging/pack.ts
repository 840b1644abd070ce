import { build, Platform } from 'electron-builder';

import { projectFolder } from '#scripts/project-paths.ts';

import { packagingConfig } from './packaging-config.ts';

export interface PackOptions {
  /** `folder`: the app as it would lie on disk once it is installed. `packages`: what is given to people. */
  what: 'folder' | 'packages';
  /** Where to put it. */
  output: string;
  /** An unpacked Electron of this platform; null: electron-builder gets it from where Electron is published. */
  electronFolder: string | null;
  updateFeed: string | null;
}

const platforms: Partial<Record<NodeJS.Platform, Platform>> = {
  darwin: Platform.MAC,
  linux: Platform.LINUX,
  win32: Platform.WINDOWS,
};

/**
 * Packs the built app for the platform that this runs on, and for no other: its native modules are those that are installed. The
 * paths of what was made; none for a folder. Rejects with electron-builder's words, also where the configuration breaks its schema.
 */
export async function pack({ what, output, electronFolder, updateFeed }: PackOptions): Promise<readonly string[]> {
  const platform = platforms[process.platform];
  if (!platform) throw new Error(`there is no package for ${process.platform}`);
  const config = packagingConfig(updateFeed);
  return await build({
    projectDir: projectFolder,
    targets: platform.createTarget(what === 'folder' ? 'dir' : null),
    publish: 'never',
    config: {
      ...config,
      directories: { ...config.directories, output },
      ...(electronFolder !== null && { electronDist: electronFolder }),
    },
  });
}
