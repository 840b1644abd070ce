import { app, BrowserWindow, dialog, nativeTheme, screen } from 'electron';

import type { Log } from '#main/base/log.ts';
import type { Settings, WindowState } from '#main/services/settings/settings.ts';

import { pageAddress } from './app-scheme.ts';
import { broughtBack, visibleBounds, type Rectangle } from './bounds.ts';
import { webPreferences } from './web-preferences.ts';

export interface WindowOptions {
  /** Under which name the window's place is remembered: its project's path, or that of the start window. */
  name: () => string;
  preload: string;
  settings: Pick<Settings, 'windowState' | 'rememberWindowState'>;
  log: Log;
  /** The person would rather keep what is not saved in it: it does not close, and what closed it comes to nothing. */
  onDidStay: () => void;
}

/** Renderers that crash again and again are not started again and again. */
const mostCrashes = 3;
const crashWindowMilliseconds = 60_000;

const workAreas = (): readonly Rectangle[] => screen.getAllDisplays().map(({ workArea }) => workArea);

/** Opens a window on the page: sandboxed, isolated, and unable to go anywhere else. */
export function openWindow({ name, preload, settings, log, onDidStay }: WindowOptions): BrowserWindow {
  const remembered = settings.windowState(name());
  const window = new BrowserWindow({
    ...visibleBounds(remembered, workAreas()),
    minWidth: 720,
    minHeight: 480,
    show: false,
    title: 'Switchyard',
    // What is seen until the page has painted.
    backgroundColor: nativeTheme.shouldUseDarkColors ? '#16181d' : '#f6f7f9',
    autoHideMenuBar: true,
    webPreferences: webPreferences(preload, app.isPackaged),
  });
  if (remembered?.isMaximised) window.maximize();
  window.once('ready-to-show', () => {
    window.show();
  });
  const { webContents } = window;
  // Otherwise all windows have one zoom, because their pages have one origin.
  webContents.setZoomMode('isolated');
  webContents.on('did-finish-load', () => {
    webContents.setZoomFactor(settings.windowState(name())?.zoom ?? 1);
  });
  window.on('close', () => {
    settings.rememberWindowState(name(), stateOf(window));
  });
  askBeforeLosingEdits(window, onDidStay);
  comeBackAfterCrashes(window, log);
  window.loadURL(pageAddress).catch((error: unknown) => {
    log.error('the page did not load', error);
  });
  return window;
}

export const stateOf = (window: BrowserWindow): WindowState => ({
  ...window.getNormalBounds(),
  isMaximised: window.isMaximized(),
  zoom: window.webContents.getZoomFactor(),
});

/** Windows whose screen has gone are brought to one that is there. */
export function followScreens(): void {
  const bringBack = (): void => {
    for (const window of BrowserWindow.getAllWindows()) {
      const bounds = window.getBounds();
      const place = broughtBack(bounds, workAreas());
      if (place !== bounds) window.setBounds(place);
    }
  };
  screen.on('display-removed', bringBack);
  screen.on('display-metrics-changed', bringBack);
}

/** The same window with a new process shows what it showed, because the page holds no truth. */
function comeBackAfterCrashes(window: BrowserWindow, log: Log): void {
  let crashes: number[] = [];
  window.webContents.on('render-process-gone', (_event, { reason }) => {
    log.warn('a window’s process has gone', { reason });
    if (reason === 'clean-exit' || window.isDestroyed()) return;
    const now = Date.now();
    crashes = [...crashes.filter((at) => at > now - crashWindowMilliseconds), now];
    if (crashes.length <= mostCrashes) {
      window.reload();
      return;
    }
    crashes = [];
    const asked = dialog.showMessageBox(window, {
      type: 'error',
      message: 'This window does not keep running.',
      detail: `Its process ended ${String(mostCrashes + 1)} times within a minute (${reason}). Agents are not touched by that.`,
      buttons: ['Try again', 'Close the window'],
      defaultId: 0,
      cancelId: 1,
    });
    asked.then(
      ({ response }) => {
        if (window.isDestroyed()) return;
        if (response === 0) window.reload();
        else window.destroy();
      },
      (error: unknown) => {
        log.error('it could not be asked what to do about a crashed window', error);
      },
    );
  });
}

/** The page asks to stay when a spec has edits that are not saved; Electron would then not close, without a word. */
function askBeforeLosingEdits(window: BrowserWindow, onDidStay: () => void): void {
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
    else onDidStay();
  });
}
