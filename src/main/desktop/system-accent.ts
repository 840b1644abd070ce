import { systemPreferences } from 'electron';

import { DisposableStore, Emitter, toDisposable, type Disposable } from '#main/base/lifecycle.ts';
import type { Log } from '#main/base/log.ts';

import { accentColour } from './accent-colour.ts';

/** What a Mac tells everybody when the person chooses another colour. */
const macNotification = 'AppleColorPreferencesChangedNotification';

/** The accent colour that the person has chosen for their system, as `#rrggbb`; null where there is none. */
export class SystemAccent implements Disposable {
  readonly #log: Log;
  readonly #owned = new DisposableStore();
  readonly #didChange = this.#owned.add(new Emitter<string | null>());
  #value: string | null;

  constructor(platform: NodeJS.Platform, log: Log) {
    this.#log = log;
    this.#value = this.#read();
    const look = (): void => {
      const value = this.#read();
      if (value === this.#value) return;
      this.#value = value;
      this.#didChange.fire(value);
    };
    if (platform === 'darwin') {
      const subscription = systemPreferences.subscribeNotification(macNotification, look);
      this.#owned.add(
        toDisposable(() => {
          systemPreferences.unsubscribeNotification(subscription);
        }),
      );
    } else {
      systemPreferences.on('accent-color-changed', look);
      this.#owned.add(toDisposable(() => systemPreferences.off('accent-color-changed', look)));
    }
  }

  readonly onDidChange = this.#didChange.event;

  get value(): string | null {
    return this.#value;
  }

  dispose(): void {
    this.#owned.dispose();
  }

  #read(): string | null {
    try {
      return accentColour(systemPreferences.getAccentColor());
    } catch (error) {
      // A system too old to have one says so by throwing.
      this.#log.info('the system has no accent colour', { error: String(error) });
      return null;
    }
  }
}
