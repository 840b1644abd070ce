import { describe, expect, it } from 'vitest';

import { acceleratorOf } from '#main/desktop/accelerator.ts';
import { menuTemplate } from '#main/desktop/menu.ts';
import { offeredCommands } from '#renderer/app/offered-commands.ts';
import { commandCatalogue } from '#renderer/state/command-catalogue.ts';
import { registerCommands } from '#renderer/state/commands.ts';

/*
 * The application's menu is made by the shell, and the catalogue of commands is the page's: neither knows the other. What a
 * person can do has to be in both.
 */

type Items = ReturnType<typeof menuTemplate>;

const menu = (platform: NodeJS.Platform): Items =>
  menuTemplate({
    platform,
    commands: offeredCommands(),
    recents: [],
    isDeveloped: false,
    newWindow: () => undefined,
    openFolder: () => undefined,
    checkForUpdates: null,
    runCommand: () => undefined,
    zoom: () => undefined,
  });
const flat = (items: Items): Items =>
  items.flatMap((item) => (Array.isArray(item.submenu) ? flat(item.submenu) : [item]));
const commandsIn = (platform: NodeJS.Platform): Items => flat(menu(platform)).filter(({ id }) => id !== undefined);

describe('the application menu', () => {
  it.each(['linux', 'win32', 'darwin'] as const)(
    'has each command of the catalogue exactly once, on %s',
    (platform) => {
      const ids = commandsIn(platform).map(({ id }) => String(id));
      expect(ids.toSorted()).toEqual(Object.keys(commandCatalogue).toSorted());
    },
  );

  it('shows each with its title and its first key', () => {
    const shown = commandsIn('linux').map(({ id, label, accelerator }) => [id, label, accelerator ?? null]);
    const declared = Object.entries(commandCatalogue).map(([id, { title, keys }]) => {
      const chord = keys?.[0];
      return [
        id,
        title.replaceAll('&', '&&'),
        chord === undefined ? null : (acceleratorOf(chord) ?? `no words for ${chord}`),
      ];
    });
    const byId = ([a]: readonly unknown[], [b]: readonly unknown[]): number => String(a).localeCompare(String(b), 'en');
    expect(shown.toSorted(byId)).toEqual(declared.toSorted(byId));
  });

  it('lets a command be chosen while it makes sense and can be done, and shows it disabled otherwise', () => {
    const isEnabled = (id: string): boolean | undefined => commandsIn('linux').find((item) => item.id === id)?.enabled;
    expect(isEnabled('board.terminal')).toBe(false);
    let reason: string | null = null;
    const commands = registerCommands([{ id: 'board.terminal', reason: () => reason, run: () => undefined }]);
    expect(isEnabled('board.terminal')).toBe(true);
    reason = 'It has none.';
    expect(isEnabled('board.terminal')).toBe(false);
    commands.dispose();
    expect(isEnabled('board.terminal')).toBe(false);
  });
});
