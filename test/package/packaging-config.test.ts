import { validateConfiguration } from 'app-builder-lib/out/util/config/config.js';
import { DebugLogger } from 'builder-util';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { packagingConfig } from '#scripts/packaging/packaging-config.ts';
import { projectFolder } from '#scripts/project-paths.ts';

const check = (config: object): Promise<void> => validateConfiguration(config, new DebugLogger(false));

describe('the configuration of packages', () => {
  it.each([null, 'https://updates.example.com/switchyard'])(
    'fits electron-builder’s schema, with the feed %s',
    async (feed) => {
      await expect(check(packagingConfig(feed))).resolves.toBeUndefined();
    },
  );

  it('is refused where it breaks that schema', async () => {
    const { mac, ...others } = packagingConfig(null);
    await expect(check({ ...others, mac: { ...mac, hardenedRuntme: true } })).rejects.toThrow(
      'configuration.mac should be',
    );
  });

  it('makes what each platform installs, from files that are there', () => {
    const { linux, mac, win, nsis, directories } = packagingConfig(null);
    expect([linux?.target, mac?.target, win?.target]).toEqual([['AppImage', 'deb', 'rpm'], ['dmg'], ['nsis']]);
    const resources = join(projectFolder, directories?.buildResources ?? '');
    for (const icon of [linux?.icon, mac?.icon, win?.icon]) {
      expect(existsSync(join(resources, String(icon))), String(icon)).toBe(true);
    }
    for (const file of [mac?.entitlements, nsis?.include]) {
      expect(existsSync(join(projectFolder, String(file))), String(file)).toBe(true);
    }
  });

  it('looks for no updates unless it is given a feed', () => {
    expect(packagingConfig(null).publish).toBeNull();
  });
});
