import { Emitter, type Disposable } from '#main/base/lifecycle.ts';
import type { Log } from '#main/base/log.ts';
import type { Fault } from '#shared/contract/host.ts';
import { errorMessage } from '#shared/error-message.ts';

/** Where everything arrives that should never happen: it is written to the log once, and told to whoever looks. */
export class Faults implements Disposable {
  readonly #log: Log;
  readonly #didFault = new Emitter<Fault>();

  constructor(options: { log: Log }) {
    this.#log = options.log;
  }

  readonly onDidFault = this.#didFault.event;

  report(where: string, error: unknown): void {
    this.#log.error('a fault', error, { where });
    this.#didFault.fire({ at: Date.now(), where, message: errorMessage(error) });
  }

  dispose(): void {
    this.#didFault.dispose();
  }
}
