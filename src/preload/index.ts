import { contextBridge, ipcRenderer, webUtils } from 'electron';

// The whole bridge: the page asks for a port, and gets one; what goes through it is the contract's business. And it
// learns where a folder is that the person drops on it, which only a preload can say.
ipcRenderer.on('host:port', (event) => {
  window.postMessage('host:port', '*', event.ports); // to this very window: there is nobody else to read it
});
contextBridge.exposeInMainWorld('desktop', {
  connect: () => {
    ipcRenderer.send('host:connect');
  },
  pathOf: (file: File): string => webUtils.getPathForFile(file),
});
