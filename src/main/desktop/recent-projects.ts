import { app, Menu, type MenuItemConstructorOptions } from 'electron';

import type { Recent } from '#main/services/settings/settings.ts';

/** More are on the start screen. */
const mostShown = 10;

/** Recent projects as lines of a menu. Two of one name show where they are. */
export function recentItems(recents: readonly Recent[], open: (path: string) => void): MenuItemConstructorOptions[] {
  const names = recents.slice(0, mostShown).map(({ name }) => name);
  return recents.slice(0, mostShown).map(({ name, path }) => ({
    label: (names.filter((other) => other === name).length > 1 ? `${name} (${path})` : name).replaceAll('&', '&&'),
    click: () => {
      open(path);
    },
  }));
}

/** Windows' jump list: each line starts the app once more, which hands the request to the one that runs. */
export const jumpList = (recents: readonly Recent[], execPath: string): Electron.JumpListCategory[] => [
  {
    type: 'custom',
    name: 'Recent projects',
    items: recents.slice(0, mostShown).map(({ name, path }) => ({
      type: 'task',
      title: name,
      description: path,
      program: execPath,
      // A path on Windows holds no quote; one that ends with a backslash, as a drive's does, would escape ours.
      args: `--project "${path.replace(/\\$/, '\\.')}"`,
    })),
  },
  { type: 'tasks', items: [] },
];

/** Shows recent projects where the platform has a place for them outside of our windows. */
export function showRecents(platform: NodeJS.Platform, recents: readonly Recent[], open: (path: string) => void): void {
  if (platform === 'darwin') app.dock?.setMenu(Menu.buildFromTemplate(recentItems(recents, open)));
  else if (platform === 'win32' && app.isPackaged) app.setJumpList(jumpList(recents, process.execPath));
}
