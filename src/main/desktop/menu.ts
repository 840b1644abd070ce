import type { MenuItemConstructorOptions } from 'electron';

export interface MenuActions {
  newWindow: () => void;
}

/**
 * The application menu. Outside a Mac it takes no Ctrl+letter: those keys belong to the terminals (Ctrl+W deletes a word,
 * Ctrl+R searches the history, Ctrl+M is Enter), and editing keys work in the page without a menu.
 */
export function menuTemplate(platform: NodeJS.Platform, actions: MenuActions): MenuItemConstructorOptions[] {
  const newWindow: MenuItemConstructorOptions = {
    label: 'New Window',
    accelerator: 'CommandOrControl+Shift+N',
    click: actions.newWindow,
  };
  if (platform === 'darwin') {
    return [
      { role: 'appMenu' },
      { label: 'File', submenu: [newWindow, { type: 'separator' }, { role: 'close' }] },
      { role: 'editMenu' },
      {
        label: 'View',
        submenu: [{ role: 'togglefullscreen' }, { type: 'separator' }, { role: 'toggleDevTools' }],
      },
      { role: 'windowMenu' },
    ];
  }
  return [
    {
      label: 'File',
      submenu: [
        newWindow,
        { label: 'Close Window', click: (_item, window) => window?.close() },
        { type: 'separator' },
        { role: 'quit', accelerator: 'Control+Shift+Q' },
      ],
    },
    {
      label: 'View',
      submenu: [
        { role: 'togglefullscreen', accelerator: 'F11' },
        { role: 'toggleDevTools', accelerator: 'Control+Shift+F12' },
      ],
    },
  ];
}
