import { afterEach, describe, expect, it, vi } from 'vitest';

import { settingsSchema, type Settings } from '#shared/contract/host.ts';
import { contract, type HostApi } from '#shared/contract/index.ts';
import { ok } from '#shared/result.ts';
import { Disconnected } from '#shared/rpc/connect.ts';
import { memoryWires } from '#shared/rpc/memory-wire.ts';
import { serve } from '#shared/rpc/serve.ts';
import type { Wire } from '#shared/rpc/wire.ts';

import { backoff, HostLink } from './host-link.ts';

/** Hosts that come and go: each answers with its own number as the terminal's font size. */
function hosts() {
  let started = 0;
  let isAway = false;
  const open: { close(): void }[] = [];
  const heard: string[] = [];
  const openWire = (): Promise<Wire> => {
    if (isAway) return Promise.reject(new Error('away'));
    const size = ++started;
    const settings: Settings = { ...settingsSchema.parse({}), theme: 'dark', terminalFontSize: size };
    const wires = memoryWires();
    const api = {
      host: {
        onDidChangeSettings: (_key: unknown, listener: (next: Settings) => void) => {
          heard.push(`subscribed ${String(size)}`);
          listener(settings);
          return { dispose: () => heard.push(`left ${String(size)}`) };
        },
        updateSettings: () => Promise.resolve(ok(settings)),
      },
    } as unknown as HostApi;
    serve(contract, api, wires.host, (path, error) => heard.push(`${path}: ${String(error)}`));
    open.push(wires);
    return Promise.resolve(wires.client);
  };
  return {
    openWire,
    heard,
    lose: () => open.at(-1)?.close(),
    goAway: () => (isAway = true),
    comeBack: () => (isAway = false),
  };
}

const settle = (): Promise<void> => vi.advanceTimersByTimeAsync(0).then(() => undefined);

describe('the link to the host', () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  it('opens every feed again after a lost wire, so that listeners get the present state by themselves', async () => {
    vi.useFakeTimers();
    const world = hosts();
    const link = new HostLink(world.openWire, () => undefined);
    const sizes: number[] = [];
    link.api.host.onDidChangeSettings({}, (settings) => sizes.push(settings.terminalFontSize));
    link.start();
    await settle();
    expect(link.state).toEqual({ kind: 'connected' });

    world.goAway();
    world.lose();
    expect(link.state.kind).toBe('lost');
    await vi.advanceTimersByTimeAsync(60_000);
    expect(link.state.kind).toBe('lost');

    world.comeBack();
    await vi.advanceTimersByTimeAsync(5_000);
    expect(link.state).toEqual({ kind: 'connected' });
    expect(sizes).toEqual([1, 2]);
    link.dispose();
  });

  it('does not open a feed again that was disposed while the host was away', async () => {
    vi.useFakeTimers();
    const world = hosts();
    const link = new HostLink(world.openWire, () => undefined);
    const feed = link.api.host.onDidChangeSettings({}, () => undefined);
    link.start();
    await settle();
    world.lose();
    feed.dispose();
    await vi.advanceTimersByTimeAsync(5_000);
    expect(link.state).toEqual({ kind: 'connected' });
    expect(world.heard.filter((line) => line.startsWith('subscribed'))).toEqual(['subscribed 1']);
    link.dispose();
  });

  it('refuses a call while nobody is there, instead of making it later', async () => {
    vi.useFakeTimers();
    const world = hosts();
    world.goAway();
    const link = new HostLink(world.openWire, () => undefined);
    link.start();
    await settle();
    await expect(link.api.host.updateSettings({})).rejects.toBeInstanceOf(Disconnected);
    link.dispose();
  });

  it('greets each new host before it subscribes anything', async () => {
    vi.useFakeTimers();
    const world = hosts();
    const link = new HostLink(world.openWire, () => undefined);
    link.greetWith(async (client) => {
      await client.host.updateSettings({});
      world.heard.push('greeted');
    });
    link.api.host.onDidChangeSettings({}, () => undefined);
    link.start();
    await settle();
    world.lose();
    await vi.advanceTimersByTimeAsync(5_000);
    expect(world.heard.filter((line) => !line.startsWith('left'))).toEqual([
      'greeted',
      'subscribed 1',
      'greeted',
      'subscribed 2',
    ]);
    link.dispose();
  });

  it('answers calls before the greeting is over, because the page may show something by then', async () => {
    vi.useFakeTimers();
    const world = hosts();
    const link = new HostLink(world.openWire, () => undefined);
    link.greetWith(async () => {
      const settings = await link.api.host.updateSettings({});
      world.heard.push(settings.ok ? 'answered' : 'refused');
    });
    link.start();
    await settle();
    expect(world.heard).toContain('answered');
    link.dispose();
  });

  it('tries at once when the person asks', async () => {
    vi.useFakeTimers();
    const world = hosts();
    const link = new HostLink(world.openWire, () => undefined);
    world.goAway();
    link.start();
    await settle();
    world.comeBack();
    link.retryNow();
    await settle();
    expect(link.state).toEqual({ kind: 'connected' });
    link.dispose();
  });

  it('tells a host that turns the page away from one that is not there', async () => {
    vi.useFakeTimers();
    const refused = Object.assign(new Error('who are you'), { name: 'Refused' });
    const errors = [new Error('nobody'), refused];
    const link = new HostLink(
      () => Promise.reject(errors.shift() ?? refused),
      () => undefined,
    );
    link.start();
    await settle();
    expect(link.state).toMatchObject({ kind: 'lost', isRefused: false });
    await vi.advanceTimersByTimeAsync(2_000);
    expect(link.state).toMatchObject({ kind: 'lost', isRefused: true });
    link.dispose();
  });

  it('waits longer each time, but never more than five seconds', () => {
    expect([0, 1, 2, 3, 4, 5, 50].map(backoff)).toEqual([250, 500, 1000, 2000, 4000, 5000, 5000]);
  });
});
