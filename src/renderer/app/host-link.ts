import type { HostApi } from '#shared/contract/index.ts';
import { contract } from '#shared/contract/index.ts';
import type { Disposable } from '#shared/disposable.ts';
import { errorMessage } from '#shared/error-message.ts';
import { connect, Disconnected } from '#shared/rpc/connect.ts';
import type { Wire } from '#shared/rpc/wire.ts';

export type ConnectionState =
  | { kind: 'connecting' }
  | { kind: 'connected' }
  /**
   * `since`: milliseconds since 1970. `retryAt`: when it is tried again; null while it is being tried. `isRefused`: there is
   * a host, and it does not know this page.
   */
  | { kind: 'lost'; since: number; attempt: number; retryAt: number | null; isRefused: boolean };

interface OpenFeed {
  path: readonly [domain: string, member: string];
  key: unknown;
  listener: (payload: unknown) => void;
  live: Disposable | null;
}

type AnyApi = Record<string, Record<string, (first: unknown, listener?: (payload: unknown) => void) => unknown>>;

/** How long to wait before the next attempt, milliseconds: quick at first, then every five seconds. */
export const backoff = (attempt: number): number => Math.min(5000, 250 * 2 ** Math.min(attempt, 10));

/**
 * One lasting `HostApi` over wires that come and go. When the wire is lost it is opened again with back-off, and every
 * feed is subscribed again: a feed's first push is the present state, so whoever listens catches up without knowing.
 * Calls made without a wire reject with `Disconnected`, because nobody can say whether they would still be meant later.
 */
export class HostLink implements Disposable {
  readonly api: HostApi;
  readonly #openWire: () => Promise<Wire>;
  readonly #onFault: (path: string, message: string) => void;
  readonly #feeds = new Set<OpenFeed>();
  readonly #listeners = new Set<() => void>();
  #greet: (client: HostApi) => Promise<void> = () => Promise.resolve();
  #state: ConnectionState = { kind: 'connecting' };
  /** Answers calls as soon as there is a wire; feeds wait until it is greeted. */
  #client: HostApi | null = null;
  #isGreeted = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isDisposed = false;

  constructor(openWire: () => Promise<Wire>, onFault: (path: string, message: string) => void) {
    this.#openWire = openWire;
    this.#onFault = onFault;
    this.api = this.#makeApi();
  }

  get state(): ConnectionState {
    return this.#state;
  }

  readonly onDidChange = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  };

  /**
   * What has to be said to a host before it is asked for anything else, on every new wire: a host that was started anew
   * does not know which project this page has open. Feeds are subscribed after it.
   */
  greetWith(greet: (client: HostApi) => Promise<void>): void {
    this.#greet = greet;
  }

  start(): void {
    void this.#attempt(0, null);
  }

  /** Tries at once instead of waiting for the next attempt. */
  retryNow(): void {
    if (this.#state.kind !== 'lost' || this.#state.retryAt === null) return;
    clearTimeout(this.#timer);
    void this.#attempt(this.#state.attempt, this.#state.since);
  }

  dispose(): void {
    this.#isDisposed = true;
    clearTimeout(this.#timer);
    for (const feed of this.#feeds) feed.live?.dispose();
    this.#feeds.clear();
    this.#listeners.clear();
    this.#client = null;
  }

  async #attempt(attempt: number, lostSince: number | null): Promise<void> {
    const wasRefused = this.#state.kind === 'lost' && this.#state.isRefused;
    if (lostSince !== null) {
      this.#become({ kind: 'lost', since: lostSince, attempt, retryAt: null, isRefused: wasRefused });
    }
    let wire: Wire;
    try {
      wire = await this.#openWire();
    } catch (error) {
      // Expected while the host is away; the state says it, and the next attempt is planned.
      this.#waitAndRetry(attempt + 1, lostSince ?? Date.now(), error instanceof Error && error.name === 'Refused');
      return;
    }
    if (this.#isDisposed) return;
    const client = connect(contract, wire, this.#onFault);
    this.#client = client;
    let isOpen = true;
    wire.onClose(() => {
      isOpen = false;
      if (this.#client !== client) return;
      const wasGreeted = this.#isGreeted;
      this.#client = null;
      this.#isGreeted = false;
      for (const feed of this.#feeds) feed.live = null;
      // Lost before it was of any use: that is one more attempt that came to nothing, not a new loss.
      if (wasGreeted) this.#waitAndRetry(0, Date.now());
      else this.#waitAndRetry(attempt + 1, lostSince ?? Date.now());
    });
    try {
      await this.#greet(client);
    } catch (error) {
      // A greeting fails when the wire is lost under it. Anything else is a bug, and is told; the wire itself is good.
      if (isOpen) this.#onFault('greeting', errorMessage(error));
    }
    if (!isOpen || this.#isDisposed) return;
    this.#isGreeted = true;
    for (const feed of this.#feeds) this.#subscribe(feed, client);
    this.#become({ kind: 'connected' });
  }

  #waitAndRetry(attempt: number, since: number, isRefused = false): void {
    if (this.#isDisposed) return;
    const wait = backoff(attempt);
    this.#become({ kind: 'lost', since, attempt, retryAt: Date.now() + wait, isRefused });
    this.#timer = setTimeout(() => void this.#attempt(attempt, since), wait);
  }

  #become(state: ConnectionState): void {
    this.#state = state;
    for (const listener of Array.from(this.#listeners)) listener();
  }

  #subscribe(feed: OpenFeed, client: HostApi): void {
    const [domain, member] = feed.path;
    const open = (client as unknown as AnyApi)[domain]?.[member];
    feed.live = open?.(feed.key, feed.listener) as Disposable;
  }

  #makeApi(): HostApi {
    const domains = Object.entries(contract).map(([domain, endpoints]) => {
      const members = Object.entries(endpoints).map(([member, endpoint]) => [
        member,
        endpoint.type === 'call' ? this.#makeCall(domain, member) : this.#makeFeed(domain, member),
      ]);
      return [domain, Object.fromEntries(members)];
    });
    return Object.fromEntries(domains) as HostApi;
  }

  #makeCall(domain: string, member: string) {
    return async (input: unknown): Promise<unknown> => {
      const call = (this.#client as unknown as AnyApi | null)?.[domain]?.[member];
      if (!call) throw new Disconnected();
      return await call(input);
    };
  }

  #makeFeed(domain: string, member: string) {
    return (key: unknown, listener: (payload: unknown) => void): Disposable => {
      const feed: OpenFeed = { path: [domain, member], key, listener, live: null };
      this.#feeds.add(feed);
      if (this.#client && this.#isGreeted) this.#subscribe(feed, this.#client);
      return {
        dispose: () => {
          if (this.#feeds.delete(feed)) feed.live?.dispose();
        },
      };
    };
  }
}
