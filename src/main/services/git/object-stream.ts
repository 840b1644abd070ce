import { spawn, type ChildProcessByStdio } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';

import type { Disposable } from '#main/base/lifecycle.ts';
import { SerialQueue } from '#main/base/serial-queue.ts';

/** Without a question for this long, it ends: it would keep a folder in use that somebody wants to move. */
const idleMilliseconds = 10_000;
/** An answer that takes longer is none: Git waits for a disk or a network that does not come back. */
const answerMilliseconds = 30_000;

interface ObjectProcess {
  /** Null: there is no Git to start. */
  program: string | null;
  cwd: string;
  env: Readonly<Record<string, string>>;
  args: readonly string[];
}

interface Running {
  child: ChildProcessByStdio<Writable, Readable, null>;
  idle: NodeJS.Timeout;
}

/**
 * One `git cat-file --batch` that answers many questions, each with the objects of some hashes: a process of its own for each
 * file that is looked at costs ten times as much. It is started with the first question and ends after a while without one.
 */
export class ObjectStream implements Disposable {
  readonly #start: () => Promise<ObjectProcess>;
  readonly #turns = new SerialQueue();
  #running: Running | null = null;
  #isDisposed = false;

  constructor(start: () => Promise<ObjectProcess>) {
    this.#start = start;
  }

  /** What is there of these hashes. Null: the process failed or may not be, and somebody else has to be asked. */
  read(hashes: readonly string[]): Promise<ReadonlyMap<string, Buffer> | null> {
    const asked = [...new Set(hashes)].filter((hash) => /^[0-9a-f]{40,64}$/u.test(hash));
    if (asked.length === 0) return Promise.resolve(new Map());
    return this.#turns.run('read', async () => {
      const running = (this.#running ??= await this.#begin());
      if (running === null) return null;
      running.idle.refresh();
      const answers = await answersOf(running.child, asked);
      if (answers === null) this.#end(running);
      return answers;
    });
  }

  /** Ends the process at once, and starts no other. A question that it has not answered gets none. */
  dispose(): void {
    this.#isDisposed = true;
    if (this.#running !== null) this.#end(this.#running);
  }

  async #begin(): Promise<Running | null> {
    if (this.#isDisposed) return null;
    const { program, cwd, env, args } = await this.#start();
    if (program === null || this.#isDisposed) return null;
    const child = spawn(program, args, { cwd, env, stdio: ['pipe', 'pipe', 'ignore'], windowsHide: true });
    const idle = setTimeout(() => this.#end(running), idleMilliseconds);
    const running: Running = { child, idle };
    // A write to one that has ended breaks the pipe; the answer that does not come says so.
    child.stdin.on('error', () => undefined);
    child.on('error', () => this.#end(running));
    child.on('exit', () => this.#end(running));
    // Nobody waits for it: it ends by itself when this process is gone and its input with it.
    idle.unref();
    child.unref();
    for (const stream of [child.stdin, child.stdout] as unknown as { unref?: () => void }[]) stream.unref?.();
    return running;
  }

  #end(running: Running): void {
    clearTimeout(running.idle);
    running.child.kill();
    if (this.#running === running) this.#running = null;
  }
}

/** Asks, and reads `hash type size LF content LF`, or `hash missing LF`, for each. Null: it ended before the last answer. */
function answersOf(child: Running['child'], hashes: readonly string[]): Promise<ReadonlyMap<string, Buffer> | null> {
  return new Promise((resolve) => {
    const found = new Map<string, Buffer>();
    let chunks: Buffer[] = [];
    let length = 0;
    let left = hashes.length;
    let body: { hash: string; size: number } | null = null;
    const settle = (answer: ReadonlyMap<string, Buffer> | null): void => {
      clearTimeout(timer);
      child.stdout.off('data', take).pause();
      child.off('exit', fail).off('error', fail);
      resolve(answer);
    };
    const fail = (): void => settle(null);
    const timer = setTimeout(fail, answerMilliseconds);
    const take = (chunk: Buffer): void => {
      chunks.push(chunk);
      length += chunk.length;
      // A large content is not copied again with each piece of it.
      if (body !== null && length < body.size + 1) return;
      let rest = chunks.length === 1 ? chunk : Buffer.concat(chunks);
      for (;;) {
        if (body !== null) {
          if (rest.length < body.size + 1) break;
          found.set(body.hash, Buffer.from(rest.subarray(0, body.size)));
          rest = rest.subarray(body.size + 1);
          body = null;
          left--;
        } else {
          const end = rest.indexOf(0x0a);
          if (end < 0) break;
          const head = /^([0-9a-f]{40,64}) [a-z]+ (\d+)$/u.exec(rest.toString('latin1', 0, end));
          rest = rest.subarray(end + 1);
          if (head) body = { hash: head[1] ?? '', size: Number(head[2]) };
          else left--;
        }
        if (left === 0) {
          settle(found);
          return;
        }
      }
      chunks = [rest];
      length = rest.length;
    };
    child.on('exit', fail).on('error', fail);
    child.stdout.on('data', take).resume();
    child.stdin.write(hashes.map((hash) => `${hash}\n`).join(''));
  });
}
