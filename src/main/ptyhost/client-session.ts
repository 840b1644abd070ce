import { toDisposable } from '#main/base/lifecycle.ts';
import { fail, ok } from '#shared/result.ts';

import type { PtyHostApi } from './protocol.ts';
import type { PtyHost } from './pty-host.ts';

/** What one connection may ask. The names of its viewers are its own: two clients may use the same. */
export function clientSession(host: PtyHost, connection: number): PtyHostApi {
  const viewerName = (viewer: string): string => `${String(connection)}:${viewer}`;
  return {
    host: {
      info: async () => ok(host.info()),
      leave: async () => (host.leave() ? ok(undefined) : fail({ kind: 'busy' })),
      setScrollback: async ({ scrollbackBytes }) => {
        host.setScrollback(scrollbackBytes);
        return ok(undefined);
      },
    },
    terminals: {
      attach: ({ id, viewer, begin = 'whole' }, listener) => {
        const terminal = host.find(id);
        if (terminal) return terminal.attach(viewerName(viewer), listener, begin);
        listener({ kind: 'gone', reason: 'The terminal host does not have this terminal.' });
        return toDisposable(() => undefined);
      },
      acknowledge: async ({ id, viewer, chars }) => {
        host.find(id)?.acknowledge(viewerName(viewer), chars);
        return ok(undefined);
      },
      write: async ({ id, data }) => {
        const terminal = host.find(id);
        if (!terminal) return fail({ kind: 'gone' });
        return terminal.write(data);
      },
      resize: async ({ id, cols, rows }) => {
        const terminal = host.find(id);
        if (!terminal) return fail({ kind: 'gone' });
        terminal.resize(cols, rows);
        return ok(undefined);
      },
      create: async (request) => (host.create(request) ? ok(undefined) : fail({ kind: 'exists' })),
      print: async ({ id, data }) => {
        const terminal = host.find(id);
        if (!terminal) return fail({ kind: 'gone' });
        terminal.print(data);
        return ok(undefined);
      },
      start: ({ id, ...command }) => host.start(id, command),
      kill: async ({ id }) => ok({ survivors: await host.kill(id) }),
      remove: async ({ id }) => ok({ survivors: await host.remove(id) }),
      list: async () => ok(host.list()),
      lines: async ({ id, ...request }) => {
        const lines = host.lines(id, request);
        return lines ? ok(lines) : fail({ kind: 'gone' });
      },
      text: async ({ id, lines }) => ok(host.find(id)?.text(lines) ?? ''),
      processorTime: async ({ id }) => ok(await host.processorTime(id)),
      pause: ({ id }) => host.pause(id),
      unpause: async ({ id }) => {
        await host.unpause(id);
        return ok(undefined);
      },
      usage: async ({ ids }) => {
        const usage = await host.usage(ids);
        return usage ? ok(usage) : fail({ kind: 'unavailable' });
      },
      reports: async ({ id }) => ok(host.find(id)?.reports ?? []),
      onDidChange: (_, listener) => host.onDidChange(listener),
    },
  };
}
