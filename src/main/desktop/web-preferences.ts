import type { WebPreferences } from 'electron';

/** How every window's page runs: sandboxed, in a world without Node, and unable to weaken any of it. */
export const webPreferences = (preload: string, isPackaged: boolean): WebPreferences => ({
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
  safeDialogs: true,
  spellcheck: false,
  // While developing they are wanted; in the packaged app they would let anybody at the keyboard past the page.
  devTools: !isPackaged,
});
