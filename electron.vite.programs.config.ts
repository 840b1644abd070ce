import { defineConfig } from 'electron-vite';
import { resolve } from 'node:path';

import manifest from './package.json' with { type: 'json' };

const at = (path: string): string => resolve(import.meta.dirname, path);

/**
 * What runs as plain Node: the headless host, the pty host, the demo agent, what agents' hooks run and the command, each as a
 * process of its own, and two threads of the hosts. They are `.mjs`, because where they are packed there is no `package.json`
 * beside them that would say what they are.
 */
export default defineConfig({
  main: {
    define: { __APP_VERSION__: JSON.stringify(manifest.version) },
    build: {
      outDir: at('out/programs'),
      rolldownOptions: {
        input: {
          headless: at('src/main/headless/main.ts'),
          ptyhost: at('src/main/ptyhost/main.ts'),
          scribe: at('src/main/scribe/main.ts'),
          'pattern-worker': at('src/main/services/terminals/pattern-worker.ts'),
          'symbol-worker': at('src/main/services/radar/signals/symbol-worker.ts'),
          reporter: at('src/main/reporter/main.ts'),
          command: at('src/main/command/main.ts'),
        },
        output: { entryFileNames: '[name].mjs', chunkFileNames: 'chunks/[name]-[hash].mjs' },
      },
    },
  },
});
