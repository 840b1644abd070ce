import type { ReactNode } from 'react';

import { useView } from '#renderer/state/view.ts';

import { CommandPalette } from './CommandPalette.tsx';
import { KeysDialog } from './KeysDialog.tsx';
import { SettingsDialog } from './SettingsDialog.tsx';

/** The dialogs that need no project. */
export function AppDialogs(): ReactNode {
  const dialog = useView((view) => view.dialog);
  const kind = dialog?.kind;
  const close = useView((view) => view.closeDialog);
  if (kind === 'palette') return <CommandPalette onClose={close} />;
  if (kind === 'keys') return <KeysDialog onClose={close} />;
  if (dialog?.kind === 'settings') return <SettingsDialog page={dialog.page ?? 'general'} onClose={close} />;
  return null; // no dialog, or one of the project's
}
