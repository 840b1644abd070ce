import { app, dialog } from 'electron';

import type { Log } from '#main/base/log.ts';

import { agentsInWords, type AtWork } from './at-work.ts';
import type { Quitting } from './quitting.ts';

/** What looks for a newer version, fetches it and puts it in place. */
export interface Updater {
  /** The newer version; null: there is none. Rejects where the feed cannot be read. */
  look(): Promise<string | null>;
  fetch(): Promise<void>;
  /** Quits the app, puts the new one in its place and starts it. Rejects where that could not be begun. */
  install(): Promise<void>;
}

export interface UpdatesOptions {
  updater: Updater;
  atWork: Pick<AtWork, 'alive'>;
  /** In how many terminals something runs, also of projects that were not opened since the start. */
  runningTerminals: () => Promise<number>;
  quitting: Pick<Quitting, 'leaveRunning' | 'stay'>;
  /** Windows' installer ends every process of the program, and the terminals' is one. */
  platform: NodeJS.Platform;
  log: Log;
}

type Answer = 'yes' | 'no';

/** A newer version, only ever looked for, fetched and installed when the person says so each time. */
export class Updates {
  readonly #options: UpdatesOptions;
  #isBusy = false;
  /** Fetched, and not yet installed. */
  #fetched: string | null = null;

  constructor(options: UpdatesOptions) {
    this.#options = options;
  }

  /** From looking to installing; each step is asked. Says what failed, and never rejects. */
  async check(): Promise<void> {
    if (this.#isBusy) return;
    this.#isBusy = true;
    try {
      await this.#check();
    } catch (error) {
      this.#options.log.error('an update failed', error);
      await tell(
        'warning',
        'The update did not work',
        `${error instanceof Error ? error.message : String(error)}\n\nThe version that you have stays as it is.`,
      );
    } finally {
      this.#isBusy = false;
    }
  }

  async #check(): Promise<void> {
    const { updater } = this.#options;
    const version = this.#fetched ?? (await updater.look());
    if (version === null) {
      await tell('info', 'You have the newest version', `Switchyard ${app.getVersion()}`);
      return;
    }
    if (this.#fetched === null) {
      const isWanted = await ask(`Switchyard ${version} is there`, `You have ${app.getVersion()}.`, 'Get it');
      if (isWanted === 'no') return;
      await updater.fetch();
      this.#fetched = version;
    }
    await this.#install(version);
  }

  async #install(version: string): Promise<void> {
    const { updater, atWork, runningTerminals, quitting, platform } = this.#options;
    const agents = atWork.alive().length;
    const running = platform === 'win32' ? Math.max(agents, await runningTerminals()) : 0;
    if (running > 0) {
      const where = running > agents ? ' Some are of projects that are not open, or checks.' : '';
      await tell(
        'info',
        running > agents
          ? `Something runs in ${running === 1 ? '1 terminal' : `${String(running)} terminals`}`
          : `${agentsInWords(agents)} at work`,
        `Putting Switchyard ${version} in place would end them.${where} It is kept: stop them, or wait, and check for updates again.`,
      );
      return;
    }
    const note = agents === 0 ? 'Switchyard is started again.' : `${agentsInWords(agents)} at work stay there.`;
    if ((await ask(`Switchyard ${version} is ready`, note, 'Restart now')) === 'no') return;
    // What was put in place is not taken back by whoever is asked once more and says Cancel.
    quitting.leaveRunning();
    try {
      await updater.install();
    } catch (error) {
      quitting.stay();
      throw error;
    }
  }
}

async function tell(type: 'info' | 'warning', message: string, detail: string): Promise<void> {
  await dialog.showMessageBox({ type, message, detail, buttons: ['OK'], defaultId: 0, noLink: true });
}

async function ask(message: string, detail: string, yes: string): Promise<Answer> {
  const buttons = [yes, 'Not now'];
  const { response } = await dialog.showMessageBox({
    type: 'question',
    message,
    detail,
    buttons,
    defaultId: 0,
    cancelId: 1,
    noLink: true,
  });
  return response === 0 ? 'yes' : 'no';
}
