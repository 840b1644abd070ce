import type { BaseWindow, MenuItemConstructorOptions } from 'electron';

import type { OfferedCommand } from '#shared/contract/shell.ts';

import { acceleratorOf } from './accelerator.ts';

type Item = MenuItemConstructorOptions;

export interface MenuState {
  platform: NodeJS.Platform;
  /** What the page of the focused window offers; none where no window is, or its page has not said. */
  commands: readonly OfferedCommand[];
  recents: readonly Item[];
  /** Whether the app is being developed. */
  isDeveloped: boolean;
  newWindow: () => void;
  openFolder: () => void;
  /** Null: there is nowhere to look. */
  checkForUpdates: (() => void) | null;
  runCommand: (id: string) => void;
  /** By so many steps; 0 for the page's own size. */
  zoom: (window: BaseWindow | undefined, steps: number) => void;
}

/** The page's commands that are a part of View. */
const inView = 'App';
/** One for each number key: they would make a menu long, and have one of their own in it. */
const isNumbered = (id: string): boolean => /^go\.terminal-\d$/.test(id);

/** The groups of the page's commands, as menus in their order. One that is not known here comes after them. */
const groups: readonly (readonly [group: string, label: string])[] = [
  ['Go to', 'Go'],
  ['Run', 'Run'],
  ['Spec', 'Spec'],
  ['Terminals', 'Terminals'],
  ['Review', 'Review'],
  ['Variants', 'Variants'],
  ['Project', 'Project'],
  ['On the board', 'Board'],
];

/**
 * The application menu. Every command of the page is in it, with its key, and goes to the focused window's page; those that
 * cannot be done there now are disabled. Outside a Mac the keys are shown and not taken: they belong to the page, which knows
 * whether a terminal has them (Ctrl+W deletes a word there, Ctrl+R searches the history), and editing needs no menu.
 */
export function menuTemplate(state: MenuState): Item[] {
  const isMac = state.platform === 'darwin';
  const separator: Item = { type: 'separator' };
  const known = new Set([inView, ...groups.map(([group]) => group)]);
  const others = new Set(state.commands.map(({ group }) => group).filter((group) => !known.has(group)));
  const menus = [...groups, ...Array.from(others, (group) => [group, group] as const)].flatMap(
    ([group, label]): Item[] => {
      const submenu = commandItems(state, group);
      return submenu.length === 0 ? [] : [{ label, submenu }];
    },
  );
  const newWindow: Item = { label: 'New Window', accelerator: 'CommandOrControl+Shift+N', click: state.newWindow };
  const openFolder: Item = { label: 'Open Folder…', click: state.openFolder };
  const openRecent: Item = {
    label: 'Open Recent',
    submenu: state.recents.length > 0 ? [...state.recents] : [{ label: 'No project yet', enabled: false }],
  };
  const closeWindow: Item = isMac
    ? { role: 'close' }
    : { label: 'Close Window', click: (_item, window) => window?.close() };
  const updates: Item[] = state.checkForUpdates
    ? [separator, { id: 'updates', label: 'Check for Updates…', click: state.checkForUpdates }]
    : [];
  const quit: Item[] = isMac ? [] : [separator, { role: 'quit', accelerator: 'Control+Shift+Q' }];
  return [
    ...(isMac ? [{ role: 'appMenu' } satisfies Item] : []),
    { label: 'File', submenu: [newWindow, openFolder, openRecent, ...updates, separator, closeWindow, ...quit] },
    ...(isMac ? [{ role: 'editMenu' } satisfies Item] : []),
    { label: 'View', submenu: viewItems(state) },
    ...menus,
    ...(isMac ? [{ role: 'windowMenu' } satisfies Item] : []),
  ];
}

function viewItems(state: MenuState): Item[] {
  const isMac = state.platform === 'darwin';
  const commands = commandItems(state, inView);
  const zoom = (label: string, accelerator: string, steps: number): Item => ({
    label,
    accelerator,
    click: (_item, window) => {
      state.zoom(window, steps);
    },
  });
  return [
    ...commands,
    ...(commands.length > 0 ? [{ type: 'separator' } satisfies Item] : []),
    zoom('Zoom In', 'CommandOrControl+Plus', 1),
    zoom('Zoom Out', 'CommandOrControl+-', -1),
    zoom('Actual Size', 'CommandOrControl+0', 0),
    { type: 'separator' },
    isMac ? { role: 'togglefullscreen' } : { role: 'togglefullscreen', accelerator: 'F11' },
    ...(state.isDeveloped
      ? [
          isMac
            ? ({ role: 'toggleDevTools' } satisfies Item)
            : ({ role: 'toggleDevTools', accelerator: 'Control+Shift+F12' } satisfies Item),
        ]
      : []),
  ];
}

function commandItems(state: MenuState, group: string): Item[] {
  const commands = state.commands.filter((command) => command.group === group);
  const items = commands.filter(({ id }) => !isNumbered(id)).map((command) => commandItem(state, command));
  const numbered = commands.filter(({ id }) => isNumbered(id)).map((command) => commandItem(state, command));
  return numbered.length === 0 ? items : [...items, { label: 'Terminal by Number', submenu: numbered }];
}

function commandItem({ platform, runCommand }: MenuState, { id, title, chord, isEnabled }: OfferedCommand): Item {
  const accelerator = chord === null ? null : acceleratorOf(chord);
  // A Mac takes a menu's key before the page has it, so only those with Command are given to it.
  const isShown = accelerator !== null && (platform !== 'darwin' || accelerator.includes('CommandOrControl'));
  return {
    id,
    label: title.replaceAll('&', '&&'),
    enabled: isEnabled,
    ...(isShown && { accelerator, registerAccelerator: platform === 'darwin' }),
    click: () => {
      runCommand(id);
    },
  };
}

/** What a press of the right button offers where text can be edited, or is selected; empty: nothing. */
export function textMenu({ isEditable, selectionText }: { isEditable: boolean; selectionText: string }): Item[] {
  const hasText = selectionText.trim() !== '';
  if (isEditable) {
    return [
      { role: 'cut', enabled: hasText },
      { role: 'copy', enabled: hasText },
      { role: 'paste' },
      { type: 'separator' },
      { role: 'selectAll' },
    ];
  }
  return hasText ? [{ role: 'copy' }] : [];
}

/** By how much a step enlarges. */
const zoomStep = 1.1;

export function zoomedFactor(factor: number, steps: number): number {
  if (steps === 0) return 1;
  return Math.min(3, Math.max(0.5, Math.round(factor * zoomStep ** steps * 100) / 100));
}
