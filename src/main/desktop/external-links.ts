import { type BrowserWindow, dialog, shell } from 'electron';

import type { Log } from '#main/base/log.ts';

import { isExternalLink } from './app-scheme.ts';

/** The longest address that can be looked over. */
const mostShown = 1000;

/**
 * Hands a link to the person's browser, once they have seen its address and said so: what stands in a terminal or a spec
 * may say one thing and lead to another. Its host is shown as it is asked for (in ASCII), so that letters which look alike do
 * not pass. While one is asked about, others are passed over.
 */
export class ExternalLinks {
  readonly #log: Log;
  #isAsking = false;

  constructor(log: Log) {
    this.#log = log;
  }

  open(address: string, window: BrowserWindow): void {
    if (!isExternalLink(address) || this.#isAsking) {
      this.#log.warn('a link was not opened', {
        scheme: URL.parse(address)?.protocol ?? null,
        isAsking: this.#isAsking,
      });
      return;
    }
    this.#isAsking = true;
    this.#ask(new URL(address), window)
      .catch((error: unknown) => {
        this.#log.error('a link could not be opened', error);
      })
      .finally(() => {
        this.#isAsking = false;
      });
  }

  async #ask(address: URL, window: BrowserWindow): Promise<void> {
    const { href, host } = address;
    const { response } = await dialog.showMessageBox(window, {
      type: 'question',
      message: `Open ${host} in your browser?`,
      detail: href.length > mostShown ? `${href.slice(0, mostShown)}…` : href,
      buttons: ['Open', 'Cancel'],
      defaultId: 0,
      cancelId: 1,
      noLink: true,
    });
    if (response === 0) await shell.openExternal(href);
  }
}
