import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';
import { resolve } from 'node:path';

const at = (path: string): string => resolve(import.meta.dirname, path);

/**
 * Three builds of one program. `main` has eight entries: the two hosts, the pty host, the demo agent, what agents' hooks run and
 * the command, which share no state and each run as a process of their own, and two threads of the hosts. The preload is CommonJS because a
 * sandboxed preload cannot be an ES module.
 */
export default defineConfig({
  main: {
    build: {
      rolldownOptions: {
        input: {
          desktop: at('src/main/desktop/main.ts'),
          headless: at('src/main/headless/main.ts'),
          ptyhost: at('src/main/ptyhost/main.ts'),
          scribe: at('src/main/scribe/main.ts'),
          'pattern-worker': at('src/main/services/terminals/pattern-worker.ts'),
          'symbol-worker': at('src/main/services/radar/signals/symbol-worker.ts'),
          reporter: at('src/main/reporter/main.ts'),
          command: at('src/main/command/main.ts'),
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
