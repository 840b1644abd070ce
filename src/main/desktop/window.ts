import { BrowserWindow, dialog, screen, session, shell } from 'electron';

import type { Log } from '#main/base/log.ts';
import type { Settings, WindowState } from '#main/services/settings/settings.ts';

import { isExternalLink, isOurPage, pageAddress } from './app-scheme.ts';
import { visibleBounds } from './bounds.ts';

export interface WindowOptions {
  /** Under which name the window's place is remembered: its project's path, or that of the start window. */
  name: () => string;
  preload: string;
  settings: Pick<Settings, 'windowState' | 'rememberWindowState'>;
  log: Log;
}

/** Opens a window on the page: sandboxed, isolated, and unable to go anywhere else. */
export function openWindow({ name, preload, settings, log }: WindowOptions): BrowserWindow {
  const remembered = settings.windowState(name());
  const areas = screen.getAllDisplays().map(({ workArea }) => workArea);
  const window = new BrowserWindow({
    ...visibleBounds(remembered, areas),
    minWidth: 720,
    minHeight: 480,
    show: false,
    title: 'Switchyard',
    backgroundColor: '#16181d',
    autoHideMenuBar: true,
    webPreferences: {
      preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInSubFrames: false,
      nodeIntegrationInWorker: false,
      webSecurity: true,
      webviewTag: false,
      allowRunningInsecureContent: false,
      experimentalFeatures: false,
      navigateOnDragDrop: false,
      spellcheck: false,
    },
  });
  if (remembered?.isMaximised) window.maximize();
  window.once('ready-to-show', () => {
    window.show();
  });
  window.on('close', () => {
    settings.rememberWindowState(name(), stateOf(window));
  });
  keepToOurPage(window, log);
  askBeforeLosingEdits(window);
  window.webContents.on('render-process-gone', (_event, { reason }) => {
    log.warn('a window’s process has gone', { reason });
    if (reason !== 'clean-exit' && !window.isDestroyed()) window.reload();
  });
  window.loadURL(pageAddress).catch((error: unknown) => {
    log.error('the page did not load', error);
  });
  return window;
}

const stateOf = (window: BrowserWindow): WindowState => ({
  ...window.getNormalBounds(),
  isMaximised: window.isMaximized(),
});

function keepToOurPage(window: BrowserWindow, log: Log): void {
  const { webContents } = window;
  const stay = (event: { preventDefault(): void; url: string }): void => {
    if (!isOurPage(event.url)) event.preventDefault();
  };
  webContents.on('will-navigate', stay);
  webContents.on('will-frame-navigate', stay);
  webContents.on('will-redirect', stay);
  webContents.on('will-attach-webview', (event) => {
    event.preventDefault();
  });
  webContents.setWindowOpenHandler(({ url }) => {
    // A link in a terminal or a spec: the person clicked it and saw where it goes.
    if (isExternalLink(url)) {
      shell.openExternal(url).catch((error: unknown) => {
        log.error('a link could not be opened', error);
      });
    }
    return { action: 'deny' };
  });
}

/** The page asks to stay when a spec has edits that are not saved; Electron would then not close, without a word. */
function askBeforeLosingEdits(window: BrowserWindow): void {
  window.webContents.on('will-prevent-unload', (event) => {
    const choice = dialog.showMessageBoxSync(window, {
      type: 'warning',
      message: 'There are changes that are not saved.',
      detail: 'They are lost when this window closes.',
      buttons: ['Stay', 'Close without saving'],
      defaultId: 0,
      cancelId: 0,
    });
    if (choice === 1) event.preventDefault();
  });
}

/** Our page may use the clipboard, as the terminals need it. Nothing else is permitted to anyone. */
export function limitPermissions(): void {
  const isPermitted = (permission: string, address: string): boolean =>
    (permission === 'clipboard-read' || permission === 'clipboard-sanitized-write') && isOurPage(address);
  const { defaultSession } = session;
  defaultSession.setPermissionRequestHandler((_contents, permission, answer, { requestingUrl }) => {
    answer(isPermitted(permission, requestingUrl));
  });
  defaultSession.setPermissionCheckHandler((_contents, permission, origin) => isPermitted(permission, origin));
  defaultSession.setDevicePermissionHandler(() => false);
}
