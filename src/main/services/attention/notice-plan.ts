import { reasonWords } from '#shared/attention/reason-words.ts';
import type { AttentionItem } from '#shared/contract/attention.ts';
import type { RunId } from '#shared/ids.ts';

/** A run that needs the person for less than this is no news: agents ask and answer themselves, stop and go on. */
const settleMilliseconds = 3000;
/** That nothing was changed is only known once Git has been asked, which a busy machine takes its time for. */
const stoppedMilliseconds = 15_000;
/** Between two notices. What comes meanwhile is told in one. */
const gapMilliseconds = 20_000;

/** How notices are to be given now. */
export interface NoticeManners {
  /** Switched off by the person. */
  isOff: boolean;
  /** In their quiet hours: told afterwards, if it still holds. */
  isQuiet: boolean;
}

/**
 * Decides what the person is told, and when: once for a run, when it comes to need them, and then not again until it has
 * needed nobody in between. What is in sight is told nothing of. Many that come together are told together.
 *
 * What was so before the first update is no news.
 */
export class NoticePlan {
  /** Runs whose need is known to the person, or was told. */
  readonly #told = new Set<RunId>();
  readonly #pending = new Map<RunId, number>();
  #items: readonly AttentionItem[] = [];
  #hasBegun = false;
  #lastAt = -Infinity;

  update(items: readonly AttentionItem[], inSight: ReadonlySet<RunId>, now: number): void {
    this.#items = items;
    const present = new Set(items.map(({ runId }) => runId));
    for (const id of this.#told) if (!present.has(id)) this.#told.delete(id);
    for (const id of this.#pending.keys()) if (!present.has(id)) this.#pending.delete(id);
    for (const id of present) {
      if (this.#told.has(id)) continue;
      if (!this.#hasBegun || inSight.has(id)) {
        this.#told.add(id);
        this.#pending.delete(id);
      } else if (!this.#pending.has(id)) this.#pending.set(id, now);
    }
    this.#hasBegun = true;
  }

  /** What is to be told now, in the order of the inbox; null: nothing. It counts as told then. */
  take(manners: NoticeManners, now: number): readonly AttentionItem[] | null {
    if (manners.isOff) {
      for (const id of this.#pending.keys()) this.#told.add(id);
      this.#pending.clear();
      return null;
    }
    if (manners.isQuiet || this.dueAt() === null || now < (this.dueAt() ?? 0)) return null;
    const told = this.#items.filter((item) => {
      const since = this.#pending.get(item.runId);
      return since !== undefined && (item.reason !== 'stopped' || since + stoppedMilliseconds <= now);
    });
    for (const { runId } of told) {
      this.#told.add(runId);
      this.#pending.delete(runId);
    }
    this.#lastAt = now;
    return told.length > 0 ? told : null;
  }

  /** When something may be told; null: there is nothing to tell. */
  dueAt(): number | null {
    const times = this.#items.flatMap(({ runId, reason }) => {
      const since = this.#pending.get(runId);
      return since === undefined ? [] : [since + (reason === 'stopped' ? stoppedMilliseconds : settleMilliseconds)];
    });
    return times.length === 0 ? null : Math.max(Math.min(...times), this.#lastAt + gapMilliseconds);
  }
}

/** The words of one notice. `titleOf` names a run. */
export function noticeWords(
  items: readonly AttentionItem[],
  titleOf: (id: RunId) => string,
): { title: string; body: string } {
  const [first, ...others] = items;
  if (first === undefined) return { title: '', body: '' };
  if (others.length === 0) {
    const { runId, reason, detail } = first;
    return { title: `“${titleOf(runId)}” ${sentences[reason]}`, body: detail ?? '' };
  }
  const shown = items.slice(0, mostLines).map(({ runId, reason }) => `“${titleOf(runId)}” ${sentences[reason]}`);
  const more = items.length - shown.length;
  return {
    title: `${String(items.length)} runs need you`,
    body: [...shown, ...(more > 0 ? [`and ${String(more)} more`] : [])].join('\n'),
  };
}

const mostLines = 4;

const sentences: Readonly<Record<AttentionItem['reason'], string>> = {
  ...reasonWords,
  stuck: 'seems to be stuck',
  stopped: 'stopped without a change',
  lost: 'is unclear',
  'gate-failed': 'is done, but a check failed',
  collides: 'is done, but collides',
  review: 'is ready for review',
};
