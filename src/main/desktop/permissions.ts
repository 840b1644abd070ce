import { session } from 'electron';

import { isOurPage } from './app-scheme.ts';

/** Our page may use the clipboard, as the terminals need it. Nothing else is permitted to anyone. */
export const isPermitted = (permission: string, address: string): boolean =>
  (permission === 'clipboard-read' || permission === 'clipboard-sanitized-write') && isOurPage(address);

export function limitPermissions(): void {
  const { defaultSession } = session;
  defaultSession.setPermissionRequestHandler((_contents, permission, answer, { requestingUrl }) => {
    answer(isPermitted(permission, requestingUrl));
  });
  defaultSession.setPermissionCheckHandler((_contents, permission, origin) => isPermitted(permission, origin));
  defaultSession.setDevicePermissionHandler(() => false);
}
