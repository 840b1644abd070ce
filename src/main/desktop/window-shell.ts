import { Emitter } from '#main/base/lifecycle.ts';
import type { HostApi } from '#shared/contract/index.ts';
import type { OfferedCommand, ShellWish } from '#shared/contract/shell.ts';
import { ok } from '#shared/result.ts';

import type { SystemAccent } from './system-accent.ts';

/** What is wished for before the page listens waits for it; the latest of these. */
const mostWaiting = 8;

export interface WindowShellOptions {
  accent: Pick<SystemAccent, 'value' | 'onDidChange'>;
  onDidOffer: () => void;
  onDidLeave: () => void;
}

/** What a window and its page have to say to each other beside the host's services: menus, and where to go. */
export class WindowShell {
  readonly #options: WindowShellOptions;
  readonly #wishes = new Emitter<ShellWish>();
  #waiting: ShellWish[] = [];
  #commands: readonly OfferedCommand[] = [];

  constructor(options: WindowShellOptions) {
    this.#options = options;
  }

  get commands(): readonly OfferedCommand[] {
    return this.#commands;
  }

  readonly api: HostApi['shell'] = {
    offerCommands: ({ commands }) => {
      this.#commands = commands;
      this.#options.onDidOffer();
      return Promise.resolve(ok(undefined));
    },
    leaveProject: () => {
      this.#options.onDidLeave();
      return Promise.resolve(ok(undefined));
    },
    onDidWish: (_key, listener) => {
      const subscription = this.#wishes.event(listener);
      const waiting = this.#waiting;
      this.#waiting = [];
      for (const wish of waiting) listener(wish);
      return subscription;
    },
    onDidChangeAccent: (_key, listener) => {
      const { accent } = this.#options;
      const subscription = accent.onDidChange(listener);
      listener(accent.value);
      return subscription;
    },
  };

  wish(wish: ShellWish): void {
    if (this.#wishes.listenerCount > 0) this.#wishes.fire(wish);
    else this.#waiting = [...this.#waiting, wish].slice(-mostWaiting);
  }
}
