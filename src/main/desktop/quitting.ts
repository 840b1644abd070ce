import { app, BrowserWindow, dialog, powerMonitor } from 'electron';

import type { Disposable } from '#main/base/lifecycle.ts';
import type { Log } from '#main/base/log.ts';
import type { Settings } from '#main/services/settings/settings.ts';

import { agentsInWords, type AtWork } from './at-work.ts';

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
/**
 * Another app may stop a log-out, and nobody is told; but the system itself gives up one that some app keeps waiting for so long.
 * That the person comes to the front again says nothing: whichever app is next does, as one after the other quits.
 */
const logOutMilliseconds = 120_000;

export interface QuittingOptions {
  atWork: Pick<AtWork, 'alive' | 'stopAll'>;
  /** No run begins by itself until what this returns is disposed. */
  holdQueue: (reason: string) => Disposable;
  settings: Pick<Settings, 'wasTold' | 'rememberTold'>;
  /** The system's own dock keeps an app without windows. */
  platform: NodeJS.Platform;
  log: Log;
}

/**
 * Decides how the app ends. With agents at work it is asked what is to become of them; whoever closes the last window is
 * told, once, that they go on; and what the system ends (a log-out, Ctrl-C) asks nothing, and leaves them at work.
 */
export class Quitting {
  readonly #options: QuittingOptions;
  /** It has been said what is to become of the agents. */
  #isDecided = false;
  /** Until when the person logs out or shuts down, as far as is known, milliseconds since 1970. */
  #logsOutUntil = 0;
  #isAsking = false;
  /** Held back while all are stopped: each that ends would make place for the next. */
  #queue: Disposable | null = null;

  constructor(options: QuittingOptions) {
    this.#options = options;
    for (const signal of signals) {
      process.on(signal, () => {
        this.#quit();
      });
    }
    // A Mac says so before it asks to quit, and would have to wait for an answer of ours.
    powerMonitor.on('shutdown', () => {
      this.#logsOutUntil = Date.now() + logOutMilliseconds;
    });
    app.on('before-quit', (event) => {
      const agents = options.atWork.alive().length;
      if (this.#isDecided || Date.now() < this.#logsOutUntil || agents === 0) return;
      event.preventDefault();
      if (this.#isAsking) return;
      this.#isAsking = true;
      this.#ask(agents)
        .catch((error: unknown) => {
          options.log.error('it could not be asked about the agents at work; they go on', error);
          this.stay();
          this.#quit();
        })
        .finally(() => {
          this.#isAsking = false;
        });
    });
    app.on('window-all-closed', () => {
      if (options.platform === 'darwin') return;
      this.#sayThatAgentsGoOn()
        .catch((error: unknown) => {
          options.log.error('it could not be said that agents go on', error);
        })
        .finally(() => {
          // One may have been opened by a second start while that was read.
          if (BrowserWindow.getAllWindows().length === 0) this.#quit();
        });
    });
  }

  /** It has been said that agents go on: the quitting that comes next asks nothing. */
  leaveRunning(): void {
    this.#isDecided = true;
  }

  /** It comes to nothing: a window stays for what is not saved in it, or what was to be installed was not. */
  stay(): void {
    this.#isDecided = false;
    this.#queue?.dispose();
    this.#queue = null;
  }

  /** Quits, and agents go on. */
  #quit(): void {
    this.leaveRunning();
    app.quit();
  }

  async #ask(agents: number): Promise<void> {
    const { response } = await dialog.showMessageBox({
      type: 'question',
      message: `${agentsInWords(agents)} at work`,
      detail: 'They can go on without Switchyard. Open it again, and each is there with its screen.',
      buttons: ['Leave running', 'Stop all', 'Cancel'],
      defaultId: 0,
      cancelId: 2,
      noLink: true,
    });
    if (response === 2) return;
    if (response === 1) {
      this.#queue = this.#options.holdQueue('Waits until Switchyard is opened again: all were stopped.');
      const left = await this.#options.atWork.stopAll();
      if (left > 0) {
        const { response: then } = await dialog.showMessageBox({
          type: 'warning',
          message: `${agentsInWords(left)} could not be stopped`,
          detail: 'Nothing is lost. Look at them, or quit and leave them running.',
          buttons: ['Stay', 'Quit'],
          defaultId: 0,
          cancelId: 0,
          noLink: true,
        });
        if (then === 0) {
          this.stay();
          return;
        }
      }
    }
    this.#quit();
  }

  async #sayThatAgentsGoOn(): Promise<void> {
    const { atWork, settings } = this.#options;
    const agents = atWork.alive().length;
    if (agents === 0 || settings.wasTold('agents-go-on')) return;
    settings.rememberTold('agents-go-on');
    await dialog.showMessageBox({
      type: 'info',
      message: `${agentsInWords(agents)} at work ${agents === 1 ? 'goes' : 'go'} on`,
      detail: 'Closing the window does not stop agents. Open Switchyard again to see them; this is said only once.',
      buttons: ['OK'],
      defaultId: 0,
      noLink: true,
    });
  }
}
