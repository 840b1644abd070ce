import { app } from './app.ts';
import { StandinWindow, windowOf } from './browser-window.ts';
import { StandinMenu, StandinMenuItem } from './menu.ts';
import { portFromPage, StandinMessageChannel } from './message-ports.ts';
import { answerRequest, defaultSession, hearPage, ipcMain, mayNavigate, protocol, session } from './pages.ts';
import type { AppProcess } from './protocol.ts';
import { link } from './screen.ts';
import {
  dialog,
  nativeImage,
  nativeTheme,
  powerMonitor,
  powerSaveBlocker,
  screen,
  shell,
  StandinNotification,
  StandinTray,
  systemPreferences,
} from './system.ts';
import { PreventableEvent } from './web-contents.ts';

/*
 * What `import … from 'electron'` gives while the app runs on the stand-in. It knows what our shell uses, and nothing else:
 * whatever else is called is not there, and fails.
 */

const electron = {
  app,
  BrowserWindow: StandinWindow,
  dialog,
  ipcMain,
  Menu: StandinMenu,
  MenuItem: StandinMenuItem,
  MessageChannelMain: StandinMessageChannel,
  nativeImage,
  nativeTheme,
  Notification: StandinNotification,
  powerMonitor,
  powerSaveBlocker,
  protocol,
  screen,
  session,
  shell,
  systemPreferences,
  Tray: StandinTray,
} satisfies Partial<Record<keyof typeof Electron.CrossProcessExports, unknown>>;

const answers: AppProcess = {
  ready: () => {
    app.becomeReady();
    return Promise.resolve();
  },
  request: async ({ url, method, headers }) => {
    const response = await answerRequest(url, method, headers);
    return {
      status: response.status,
      headers: Object.fromEntries(response.headers),
      body: new Uint8Array(await response.arrayBuffer()),
    };
  },
  fromPage: ({ window, channel, args, frameUrl, isTop }) => {
    hearPage(window, channel, args, { url: frameUrl, isTop });
    return Promise.resolve();
  },
  portMessage: ({ id, data }) => {
    portFromPage(id)?.arrive(data);
    return Promise.resolve();
  },
  portClosed: ({ id }) => {
    portFromPage(id)?.end();
    return Promise.resolve();
  },
  mayNavigate: ({ window, url, isTop }) => Promise.resolve(mayNavigate(window, url, isTop)),
  wantsWindow: ({ window, url }) => {
    const details = { url, frameName: '', features: '', disposition: 'foreground-tab' } as Electron.HandlerDetails;
    const answer = windowOf(window)?.webContents.openHandler?.(details);
    if (answer?.action !== 'deny') throw new Error(`a window for ${url} was not denied: the stand-in has none`);
    return Promise.resolve();
  },
  mayUnload: ({ window }) => {
    const event = new PreventableEvent();
    windowOf(window)?.webContents.emit('will-prevent-unload', event);
    return Promise.resolve(event.defaultPrevented);
  },
  isPermitted: ({ permission, origin }) => defaultSession.isPermitted(permission, origin),
  isShown: ({ window, title }) => {
    const shown = windowOf(window);
    if (shown) {
      shown.setTitle(title);
      shown.webContents.emit('did-finish-load');
      shown.emit('ready-to-show');
    }
    return Promise.resolve();
  },
  crashed: ({ window }) => {
    windowOf(window)?.webContents.emit('render-process-gone', {}, { reason: 'crashed', exitCode: 5 });
    return Promise.resolve();
  },
  gone: ({ window }) => {
    windowOf(window)?.end();
    return Promise.resolve();
  },
  evaluate: async ({ source, argument }) => {
    // oxlint-disable-next-line no-implied-eval -- a test's own function, as Playwright hands one to a real Electron
    const run = new Function('electron', 'argument', `return (${source})(electron, argument);`) as (
      exports: typeof electron,
      given: unknown,
    ) => unknown;
    return await run(electron, argument);
  },
};
link.answerWith(answers);

export {
  app,
  dialog,
  ipcMain,
  nativeImage,
  nativeTheme,
  powerMonitor,
  powerSaveBlocker,
  protocol,
  screen,
  session,
  shell,
  systemPreferences,
};
export {
  StandinMenu as Menu,
  StandinMenuItem as MenuItem,
  StandinMessageChannel as MessageChannelMain,
  StandinNotification as Notification,
  StandinTray as Tray,
  StandinWindow as BrowserWindow,
};
export default electron;
