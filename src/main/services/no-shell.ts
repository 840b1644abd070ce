import type { HostApi } from '#shared/contract/index.ts';
import { ok } from '#shared/result.ts';

/** A page that no shell is around: a browser's tab has menus of its own. */
export const noShell: HostApi['shell'] = {
  offerCommands: () => Promise.resolve(ok(undefined)),
  leaveProject: () => Promise.resolve(ok(undefined)),
  onDidWish: () => ({ dispose: () => undefined }),
  onDidChangeAccent: (_key, listener) => {
    listener(null);
    return { dispose: () => undefined };
  },
};
