import { powerSaveBlocker } from 'electron';

import { DisposableStore, type Disposable } from '#main/base/lifecycle.ts';
import type { HostApi } from '#shared/contract/index.ts';

import type { AtWork } from './at-work.ts';

/** Keeps the machine from sleeping while agents work, and only where the person has chosen that. The screen may sleep. */
export class StayAwake implements Disposable {
  readonly #owned = new DisposableStore();
  readonly #atWork: Pick<AtWork, 'busy' | 'onDidChange'>;
  #isChosen = false;
  #blocker: number | null = null;

  constructor(api: Pick<HostApi, 'host'>, atWork: Pick<AtWork, 'busy' | 'onDidChange'>) {
    this.#atWork = atWork;
    const look = (): void => {
      this.#look();
    };
    this.#owned.add(
      api.host.onDidChangeSettings({}, ({ stayAwake }) => {
        this.#isChosen = stayAwake;
        look();
      }),
    );
    this.#owned.add(atWork.onDidChange(look));
  }

  dispose(): void {
    this.#owned.dispose();
    this.#isChosen = false;
    this.#look();
  }

  #look(): void {
    const isWanted = this.#isChosen && this.#atWork.busy().length > 0;
    if (isWanted && this.#blocker === null) this.#blocker = powerSaveBlocker.start('prevent-app-suspension');
    else if (!isWanted && this.#blocker !== null) {
      powerSaveBlocker.stop(this.#blocker);
      this.#blocker = null;
    }
  }
}
