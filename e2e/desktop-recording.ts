/** What the shell has shown and asked outside of its pages since the recording began. */
export interface Recording {
  dialogs: {
    id: number;
    kind: 'message' | 'folder';
    message: string;
    detail: string;
    buttons: readonly string[];
    default: string;
    check: string;
    isOpen: boolean;
  }[];
  notices: { id: number; title: string; body: string; silent: boolean; hasReply: boolean }[];
  /** Addresses that were handed to the system. */
  opened: string[];
  /** The words of the tray's menu, as it was set last. */
  tray: readonly string[];
  /** What the task bar was told of the progress of trains, one after the other, of all windows. */
  progress: number[];
  /** The test quits: what asks about it gets its default answer. */
  isLeaving: boolean;
  answers: Map<number, (given: { index: number; check: boolean; paths: readonly string[] | null }) => void>;
  shown: Map<number, Electron.Notification>;
  trayMenu: Electron.Menu | null;
}

/**
 * Puts what tests see and answer in place of what a person would: dialogs, notices, links, the tray. It runs in the app's
 * process, in a real Electron and on the stand-in alike, and so refers to nothing around it.
 */
export function beginRecording({
  BrowserWindow,
  dialog,
  Notification,
  shell,
  Tray,
}: typeof Electron.CrossProcessExports): void {
  const recorded: Recording = {
    dialogs: [],
    notices: [],
    opened: [],
    tray: [],
    progress: [],
    isLeaving: false,
    answers: new Map(),
    shown: new Map(),
    trayMenu: null,
  };
  Object.assign(globalThis, { recorded });
  let last = 0;
  const ask = (
    kind: 'message' | 'folder',
    options: Partial<Electron.MessageBoxOptions & Electron.OpenDialogOptions>,
  ) => {
    const { message = '', title = '', detail = '', buttons = [], defaultId = 0, checkboxLabel = '' } = options;
    const asked = {
      id: ++last,
      kind,
      message: kind === 'message' ? message : title,
      detail,
      buttons,
      default: buttons[defaultId] ?? '',
      check: checkboxLabel,
      isOpen: true,
    };
    recorded.dialogs.push(asked);
    return asked;
  };
  const replaced: Partial<Electron.Dialog> = {
    showMessageBox: (...args: unknown[]) => {
      const options = args.at(-1) as Electron.MessageBoxOptions;
      const asked = ask('message', options as never);
      if (recorded.isLeaving) {
        asked.isOpen = false;
        return Promise.resolve({ response: options.defaultId ?? 0, checkboxChecked: false });
      }
      return new Promise((resolve) => {
        recorded.answers.set(asked.id, ({ index, check }) => {
          resolve({ response: index, checkboxChecked: check });
        });
      });
    },
    showMessageBoxSync: (...args: unknown[]) => {
      const options = args.at(-1) as Electron.MessageBoxSyncOptions;
      const asked = ask('message', options as never);
      asked.isOpen = false;
      return recorded.isLeaving ? 1 : (options.cancelId ?? 0);
    },
    showOpenDialog: (...args: unknown[]) => {
      const asked = ask('folder', args.at(-1) as never);
      return new Promise((resolve) => {
        recorded.answers.set(asked.id, ({ paths }) => {
          resolve({ canceled: paths === null, filePaths: [...(paths ?? [])] });
        });
      });
    },
  };
  Object.assign(dialog, replaced);
  Object.assign(shell, {
    openExternal: (url: string) => {
      recorded.opened.push(url);
      return Promise.resolve();
    },
  });
  Notification.prototype.show = function show(this: Electron.Notification): void {
    const { title, body, silent, hasReply } = this;
    const id = ++last;
    recorded.notices.push({ id, title, body, silent, hasReply });
    recorded.shown.set(id, this);
  };
  type SetProgress = (this: Electron.BrowserWindow, progress: number) => void;
  const setProgressBar = Reflect.get(BrowserWindow.prototype, 'setProgressBar') as SetProgress;
  BrowserWindow.prototype.setProgressBar = function keep(this: Electron.BrowserWindow, progress: number): void {
    recorded.progress.push(progress);
    setProgressBar.call(this, progress);
  };
  type SetMenu = (this: Electron.Tray, menu: Electron.Menu | null) => void;
  const setContextMenu = Reflect.get(Tray.prototype, 'setContextMenu') as SetMenu;
  Tray.prototype.setContextMenu = function keep(this: Electron.Tray, menu: Electron.Menu | null): void {
    recorded.tray = (menu?.items ?? []).filter(({ visible }) => visible).map(({ label }) => label);
    recorded.trayMenu = menu;
    setContextMenu.call(this, menu);
  };
}
