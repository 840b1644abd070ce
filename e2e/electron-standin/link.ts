import { errorMessage } from '#shared/error-message.ts';

type Methods = Record<string, (input: never) => Promise<unknown>>;

export type Message =
  | { t: 'call'; id: number; name: string; input: unknown }
  | { t: 'value'; id: number; value: unknown }
  | { t: 'error'; id: number; message: string };

/** Calls the methods of the other side, and answers its calls, in the order in which they come. */
export class Link<Theirs extends object> {
  readonly #send: (message: Message) => void;
  readonly #waiting = new Map<number, PromiseWithResolvers<unknown>>();
  #mine: Methods = {};
  #isOver = false;
  #last = 0;

  constructor(send: (message: Message) => void) {
    this.#send = send;
  }

  answerWith(mine: object): void {
    this.#mine = mine as Methods;
  }

  readonly theirs = new Proxy({} as Theirs, {
    get: (_target, name) => (input: unknown) => this.#call(String(name), input),
  });

  receive(message: Message): void {
    if (message.t === 'call') {
      void this.#answer(message);
      return;
    }
    const waiting = this.#waiting.get(message.id);
    this.#waiting.delete(message.id);
    if (message.t === 'value') waiting?.resolve(message.value);
    else waiting?.reject(new Error(message.message));
  }

  /** The other side is gone: what it has not answered, it never will. */
  end(why: string): void {
    this.#isOver = true;
    for (const waiting of this.#waiting.values()) waiting.reject(new Error(why));
    this.#waiting.clear();
  }

  #call(name: string, input: unknown): Promise<unknown> {
    if (this.#isOver) return Promise.reject(new Error(`${name}: the other side is gone`));
    const id = ++this.#last;
    const waiting = Promise.withResolvers<unknown>();
    this.#waiting.set(id, waiting);
    this.#send({ t: 'call', id, name, input });
    return waiting.promise;
  }

  async #answer({ id, name, input }: Message & { t: 'call' }): Promise<void> {
    let answer: Message;
    try {
      const method = this.#mine[name];
      if (!method) throw new Error(`nobody answers ${name}`);
      answer = { t: 'value', id, value: await method.call(this.#mine, input as never) };
    } catch (error) {
      answer = { t: 'error', id, message: errorMessage(error) };
    }
    if (!this.#isOver) this.#send(answer);
  }
}
