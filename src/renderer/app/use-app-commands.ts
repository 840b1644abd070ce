import { useEffect } from 'react';

import { registerCommands } from '#renderer/state/commands.ts';
import { useView } from '#renderer/state/view.ts';

import { appKeys } from './app-keys.ts';
import { chooseTheme } from './change-settings.ts';

/** What can be done wherever the person is. */
export function useAppCommands(): void {
  useEffect(() => {
    const open = useView.getState().openDialog;
    const commands = registerCommands([
      {
        id: 'app.palette',
        title: 'Go to anything',
        group: 'App',
        keys: Array.from(new Set([appKeys.palette, 'Mod+K', 'Mod+Shift+P'])),
        inTerminal: true,
        inPalette: false,
        run: () => {
          open({ kind: 'palette' });
        },
      },
      {
        id: 'app.keys',
        title: 'Show the keys',
        group: 'App',
        keys: ['?', 'Mod+/'],
        keywords: ['keyboard', 'shortcuts', 'help'],
        run: () => {
          open({ kind: 'keys' });
        },
      },
      {
        id: 'app.settings',
        title: 'Settings',
        group: 'App',
        keys: [appKeys.settings],
        keywords: ['preferences', 'font', 'scrollback'],
        run: () => {
          open({ kind: 'settings' });
        },
      },
      ...(['dark', 'light', 'system'] as const).map((theme) => ({
        id: `app.theme-${theme}`,
        title: theme === 'system' ? 'Theme: as the system' : `Theme: ${theme}`,
        group: 'App' as const,
        keywords: ['colours', 'appearance'],
        run: () => {
          chooseTheme(theme);
        },
      })),
    ]);
    return () => {
      commands.dispose();
    };
  }, []);
}
