import { useEffect } from 'react';

import { registerCommands } from '#renderer/state/commands.ts';
import { useView } from '#renderer/state/view.ts';

import { chooseTheme } from './change-settings.ts';
import { focusNotices } from './focus-sides.ts';

/** What can be done wherever the person is. */
export function useAppCommands(): void {
  useEffect(() => {
    const open = useView.getState().openDialog;
    const commands = registerCommands([
      {
        id: 'app.palette',
        run: () => {
          open({ kind: 'palette' });
        },
      },
      {
        id: 'app.keys',
        run: () => {
          open({ kind: 'keys' });
        },
      },
      {
        id: 'app.settings',
        run: () => {
          open({ kind: 'settings' });
        },
      },
      { id: 'app.notices', run: focusNotices },
      {
        id: 'app.keyboard',
        run: () => {
          open({ kind: 'settings', page: 'keyboard' });
        },
      },
      {
        id: 'app.attention',
        run: () => {
          open({ kind: 'settings', page: 'attention' });
        },
      },
      ...(['dark', 'light', 'system'] as const).map((theme) => ({
        id: `app.theme-${theme}` as const,
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
