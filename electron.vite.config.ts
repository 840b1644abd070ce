import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';
import { resolve } from 'node:path';

import manifest from './package.json' with { type: 'json' };

const at = (path: string): string => resolve(import.meta.dirname, path);

/**
 * The desktop app: its main process, its preload and its page. It is a build of its own, sharing no file with the programs that
 * run as plain Node (`electron.vite.programs.config.ts`): what is packed for it stays in the archive that Electron checks, and
 * those lie beside it. What the main process starts with the platform that it names is an entry, so that a test may name another
 * one. The preload is CommonJS because a sandboxed preload cannot be an ES module.
 */
export default defineConfig({
  main: {
    define: { __APP_VERSION__: JSON.stringify(manifest.version) },
    build: {
      rolldownOptions: {
        input: {
          desktop: at('src/main/desktop/main.ts'),
          'start-desktop': at('src/main/desktop/start-desktop.ts'),
        },
      },
    },
  },
  preload: {
    build: {
      rolldownOptions: {
        input: { preload: at('src/preload/index.ts') },
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: at('src/renderer'),
    plugins: [react()],
    build: {
      minify: true,
      rolldownOptions: { input: at('src/renderer/index.html') },
      chunkSizeWarningLimit: 6000,
    },
  },
});
