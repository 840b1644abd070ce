import { perform } from '#renderer/ui/notify.ts';
import type { Settings } from '#shared/contract/host.ts';

import { host } from './host.ts';

export const themeWords: Readonly<Record<Settings['theme'], string>> = {
  system: 'As the system',
  dark: 'Dark',
  light: 'Light',
};

/** Changes a setting; the new value comes back through the feed. */
export function changeSettings(change: Partial<Settings>): void {
  perform('Change the settings', async () => {
    await host.host.updateSettings(change);
  });
}

export function chooseTheme(theme: Settings['theme']): void {
  changeSettings({ theme });
}
