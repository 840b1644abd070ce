import { Worker } from 'node:worker_threads';

import type { Disposable } from '#main/base/lifecycle.ts';
import type { Log } from '#main/base/log.ts';
import { SerialQueue } from '#main/base/serial-queue.ts';

import type { SymbolAnswer, SymbolQuestion } from './symbol-worker.ts';
import type { FileSymbols, SymbolLanguage } from './symbols.ts';

/** An ordinary file takes a few milliseconds; the first one waits for the thread and its grammar as well. */
const fileMilliseconds = 4000;
const startMilliseconds = 30_000;
/** Longer sources are generated. */
export const largestSourceBytes = 500_000;
const mostRemembered = 5000;

/** Reads the names of sources in a thread of its own, never for longer than a bounded time, each content once. */
export class SymbolReader implements Disposable {
  readonly #workerPath: string;
  readonly #log: Log;
  readonly #turns = new SerialQueue();
  /** By language and Git's hash of the content; null: it could not be read. */
  readonly #known = new Map<string, FileSymbols | null>();
  readonly #warm = new Set<SymbolLanguage>();
  #worker: Worker | null = null;
  #nextId = 0;
  #isDisposed = false;

  constructor(options: { workerPath: string; log: Log }) {
    this.#workerPath = options.workerPath;
    this.#log = options.log;
  }

  known(language: SymbolLanguage, hash: string): FileSymbols | null | undefined {
    return this.#known.get(`${language} ${hash}`);
  }

  /** Null: it is too large, takes too long, or cannot be parsed at all. */
  read(language: SymbolLanguage, hash: string, text: string): Promise<FileSymbols | null> {
    return this.#turns.run('read', async () => {
      const key = `${language} ${hash}`;
      const known = this.#known.get(key);
      if (known !== undefined) return known;
      const symbols = text.length > largestSourceBytes || this.#isDisposed ? null : await this.#ask(language, text);
      if (this.#known.size > mostRemembered) this.#known.clear();
      this.#known.set(key, symbols);
      return symbols;
    });
  }

  dispose(): void {
    this.#isDisposed = true;
    this.#end();
  }

  async #ask(language: SymbolLanguage, text: string): Promise<FileSymbols | null> {
    const worker = (this.#worker ??= this.#start());
    const id = this.#nextId++;
    const limit = this.#warm.has(language) ? fileMilliseconds : startMilliseconds;
    const answered = new Promise<FileSymbols | null | undefined>((resolve) => {
      const settle = (symbols: FileSymbols | null | undefined): void => {
        clearTimeout(timer);
        worker.off('message', onMessage).off('error', onError).off('exit', onEnd);
        resolve(symbols);
      };
      const onMessage = (answer: SymbolAnswer): void => {
        if (answer.id === id) settle(answer.symbols);
      };
      const onError = (error: Error): void => {
        this.#log.warn('the thread that reads names has failed', { reason: error.message });
        settle(undefined);
      };
      const onEnd = (): void => settle(undefined);
      const timer = setTimeout(onEnd, limit);
      worker.on('message', onMessage).on('error', onError).on('exit', onEnd);
    });
    worker.postMessage({ id, language, text } satisfies SymbolQuestion);
    const symbols = await answered;
    if (symbols === undefined) this.#end();
    else this.#warm.add(language);
    return symbols ?? null;
  }

  #start(): Worker {
    const worker = new Worker(this.#workerPath, { resourceLimits: { maxOldGenerationSizeMb: 512 } });
    // It keeps nothing alive: what it reads is only ever waited for with a limit.
    worker.unref();
    return worker;
  }

  #end(): void {
    void this.#worker?.terminate();
    this.#worker = null;
    this.#warm.clear();
  }
}
