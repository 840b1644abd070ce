import { EventEmitter } from 'node:events';

import { app } from './app.ts';
import { StandinWindow } from './browser-window.ts';

const roleActions: Partial<Record<string, (window: StandinWindow | undefined) => void>> = {
  quit: () => {
    app.quit();
  },
  close: (window) => window?.close(),
  minimize: (window) => window?.minimize(),
  reload: (window) => window?.reload(),
  togglefullscreen: (window) => window?.setFullScreen(!window.isFullScreen()),
  toggledevtools: (window) => window?.webContents.toggleDevTools(),
};

export class StandinMenuItem implements Pick<
  Electron.MenuItem,
  'id' | 'label' | 'enabled' | 'visible' | 'checked' | 'click' | 'registerAccelerator' | 'type' | 'toolTip'
> {
  id: string;
  label: string;
  sublabel: string;
  toolTip: string;
  type: Electron.MenuItem['type'];
  role: string | undefined;
  accelerator: string | undefined;
  enabled: boolean;
  visible: boolean;
  checked: boolean;
  registerAccelerator: boolean;
  submenu: StandinMenu | undefined;
  readonly #click: Electron.MenuItemConstructorOptions['click'];

  constructor(options: Electron.MenuItemConstructorOptions) {
    this.id = options.id ?? '';
    this.role = options.role;
    this.label = options.label ?? options.role ?? '';
    this.sublabel = options.sublabel ?? '';
    this.toolTip = options.toolTip ?? '';
    this.type = options.type ?? (options.submenu ? 'submenu' : 'normal');
    this.accelerator = options.accelerator;
    this.enabled = options.enabled ?? true;
    this.visible = options.visible ?? true;
    this.checked = options.checked ?? false;
    this.registerAccelerator = options.registerAccelerator ?? true;
    this.submenu = Array.isArray(options.submenu) ? StandinMenu.buildFromTemplate(options.submenu) : undefined;
    this.#click = options.click;
  }

  /** As Electron's own: `click()` by a test, or by a person with the focused window. */
  click(event: unknown = {}, window?: unknown): void {
    if (!this.enabled) return;
    const focused = (window as StandinWindow | undefined) ?? StandinWindow.getFocusedWindow() ?? undefined;
    const role = this.role?.toLowerCase();
    if (role !== undefined && roleActions[role]) roleActions[role](focused);
    // Electron hands over its own classes, which these stand in for.
    else this.#click?.(this as never, focused as never, event as never);
  }
}

export class StandinMenu extends EventEmitter implements Pick<Electron.Menu, 'popup' | 'closePopup'> {
  static #application: StandinMenu | null = null;
  items: StandinMenuItem[] = [];
  /** Whether it was shown beside the pointer. */
  isShown = false;

  static buildFromTemplate(template: readonly (Electron.MenuItemConstructorOptions | StandinMenuItem)[]): StandinMenu {
    const menu = new StandinMenu();
    menu.items = template.map((item) => (item instanceof StandinMenuItem ? item : new StandinMenuItem(item)));
    return menu;
  }

  static setApplicationMenu(menu: StandinMenu | null): void {
    StandinMenu.#application = menu;
  }

  static getApplicationMenu(): StandinMenu | null {
    return StandinMenu.#application;
  }

  append(item: StandinMenuItem): void {
    this.items.push(item);
  }

  getMenuItemById(id: string): StandinMenuItem | null {
    for (const item of this.items) {
      const found = item.id === id ? item : item.submenu?.getMenuItemById(id);
      if (found) return found;
    }
    return null;
  }

  popup(): void {
    this.isShown = true;
    this.emit('menu-will-show');
  }

  closePopup(): void {
    this.isShown = false;
    this.emit('menu-will-close');
  }
}
