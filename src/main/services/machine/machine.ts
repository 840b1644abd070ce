import { DisposableStore, Emitter, toDisposable, type Disposable } from '#main/base/lifecycle.ts';
import type { Log } from '#main/base/log.ts';
import type { TerminalUsage } from '#main/services/terminals/terminals.ts';
import type { DomainApi } from '#shared/contract/define.ts';
import type { machine as contract, MachineMemory, RunUsage } from '#shared/contract/machine.ts';
import type { ProjectId, RunId, TerminalId } from '#shared/ids.ts';

import { readMemory, type Memory } from './read-memory.ts';

/** How often the machine's memory is looked at: a program that runs wild fills a gigabyte in some seconds. */
const memoryMilliseconds = 4000;
/** How often runs are measured while somebody looks. */
const usageMilliseconds = 2000;

const gigabyte = 1024 ** 3;
/** Little is left below a twelfth of the machine, but never below less than an agent may take, nor for more than two. */
const lowBytes = (totalBytes: number): number =>
  Math.min(Math.max(totalBytes / 12, gigabyte), 2 * gigabyte, totalBytes / 4);
/** It has to get so much better before that is over, so that a warning does not come and go. */
const betterBy = 1.25;

export interface MachineOptions {
  platform: NodeJS.Platform;
  terminals: { usage(ids: readonly TerminalId[]): Promise<readonly TerminalUsage[] | null> };
  /** The runs of a project that have a process, and their terminals. */
  running: (projectId: ProjectId) => readonly { id: RunId; terminalId: TerminalId }[];
  log: Log;
  memory?: (platform: NodeJS.Platform) => Promise<Memory | null>;
  now?: () => number;
  pace?: { memoryMilliseconds: number; usageMilliseconds: number };
}

/** What runs take of the machine, while somebody looks; and whether there is enough memory left for another one. */
export class Machine implements DomainApi<typeof contract>, Disposable {
  readonly #options: MachineOptions;
  readonly #owned = new DisposableStore();
  readonly #didChange = this.#owned.add(new Emitter<MachineMemory | null>());
  #memory: MachineMemory | null = null;

  constructor(options: MachineOptions) {
    this.#options = options;
  }

  /** It has become little, or enough again. */
  readonly onDidChange = this.#didChange.event;

  get isMemoryLow(): boolean {
    return this.#memory?.isLow ?? false;
  }

  /** Begins to look at the machine's memory. */
  start(): void {
    const { pace } = this.#options;
    this.#owned.add(every(pace?.memoryMilliseconds ?? memoryMilliseconds, () => this.#lookAtMemory()));
  }

  onDidChangeMemory(_key: object, listener: (memory: MachineMemory | null) => void): Disposable {
    listener(this.#memory);
    return this.#didChange.event(listener);
  }

  onDidMeasure(projectId: ProjectId, listener: (usage: readonly RunUsage[] | null) => void): Disposable {
    const { pace, now = Date.now } = this.#options;
    let before = new Map<RunId, { at: number; milliseconds: number }>();
    const measure = async (): Promise<void> => {
      const running = this.#options.running(projectId);
      const measured = await this.#options.terminals.usage(running.map(({ terminalId }) => terminalId));
      if (stopped.isDisposed) return;
      if (measured === null) {
        listener(null);
        return;
      }
      const at = now();
      const next: typeof before = new Map();
      const usage = running.flatMap(({ id, terminalId }): readonly RunUsage[] => {
        const found = measured.find((each) => each.id === terminalId);
        if (!found) return [];
        const { processes, memoryBytes, processorMilliseconds: milliseconds } = found;
        const last = before.get(id);
        next.set(id, { at, milliseconds });
        // What has ended took its time with it: the sum can fall.
        const share = last && at > last.at ? Math.max(0, milliseconds - last.milliseconds) / (at - last.at) : null;
        return [{ id, processes, memoryBytes, processorShare: share }];
      });
      before = next;
      listener(usage);
    };
    const stopped = new DisposableStore();
    stopped.add(every(pace?.usageMilliseconds ?? usageMilliseconds, () => this.#quietly('measure the runs', measure)));
    this.#owned.add(stopped);
    return toDisposable(() => stopped.dispose());
  }

  dispose(): void {
    this.#owned.dispose();
  }

  async #lookAtMemory(): Promise<void> {
    await this.#quietly('look at the memory', async () => {
      const { platform, memory = readMemory } = this.#options;
      const found = await memory(platform);
      if (this.#owned.isDisposed) return;
      const before = this.#memory;
      this.#memory = found && { ...found, isLow: isLow(found, before?.isLow ?? false) };
      // While it is low the person sees how low; else nobody needs to hear of every megabyte.
      const isNews = this.#memory?.isLow !== before?.isLow || this.#memory?.isLow === true;
      if (isNews) this.#didChange.fire(this.#memory);
    });
  }

  async #quietly(what: string, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.#options.log.error(`could not ${what}`, error);
    }
  }
}

/** Whether so little is left that another agent may be too many. */
export function isLow({ totalBytes, availableBytes }: Memory, wasLow: boolean): boolean {
  return availableBytes < lowBytes(totalBytes) * (wasLow ? betterBy : 1);
}

/** Does it now and then again and again, never twice at once. */
function every(milliseconds: number, work: () => Promise<void>): Disposable {
  let timer: NodeJS.Timeout | null = null;
  let isOver = false;
  const turn = (): void => {
    void work().finally(() => {
      if (!isOver) timer = setTimeout(turn, milliseconds).unref();
    });
  };
  turn();
  return toDisposable(() => {
    isOver = true;
    if (timer) clearTimeout(timer);
  });
}
