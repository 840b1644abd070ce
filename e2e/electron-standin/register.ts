import { registerHooks } from 'node:module';
import { isMainThread } from 'node:worker_threads';

// `node --import` this, and what asks for `electron` gets the stand-in. The hosts' threads inherit the option, and need none.
if (isMainThread) {
  registerHooks({
    resolve: (specifier, context, next) =>
      specifier === 'electron'
        ? { url: new URL('electron.ts', import.meta.url).href, shortCircuit: true }
        : next(specifier, context),
  });
}
