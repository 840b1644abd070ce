import { DisposableStore, Emitter, type Disposable } from '#main/base/lifecycle.ts';

import { oneLine, type Message, type TerminalProgress } from './notifications.ts';
import { Throttle, TokenBucket } from './rate-limits.ts';
import type { Screen } from './screen.ts';

export type TerminalSignal = { at: number } & (
  | { kind: 'title'; title: string }
  | { kind: 'notification'; text: string }
  | { kind: 'progress'; progress: TerminalProgress }
  | { kind: 'activity' }
);

const titleMilliseconds = 250;
const activityMilliseconds = 500;
/** A program repaints after a resize. That is the person's doing, not its work. */
const repaintMilliseconds = 1000;
const longestTitle = 300;

/** What a program lets be known of itself, at a rate that a hostile one cannot raise. */
export class TerminalSignals implements Disposable {
  readonly #screen: Screen;
  readonly #owned = new DisposableStore();
  readonly #onDidSignal = this.#owned.add(new Emitter<TerminalSignal>());
  readonly #messages = new TokenBucket({ capacity: 8, perSecond: 2 });
  readonly #bells = new TokenBucket({ capacity: 1, perSecond: 2 });
  readonly #titles: Throttle;
  readonly #activity: Throttle;
  #programTitle = '';
  #title = '';
  #visibleText: string;
  #parsedAt = 0;
  #resizedAt = 0;

  readonly onDidSignal = this.#onDidSignal.event;

  /** `title`: what a former host knew of it. */
  constructor(screen: Screen, title = '') {
    this.#title = title;
    this.#screen = screen;
    this.#visibleText = screen.visibleText();
    this.#titles = this.#owned.add(new Throttle(titleMilliseconds, () => this.#sayTitle()));
    this.#activity = this.#owned.add(new Throttle(activityMilliseconds, () => this.#sayActivity()));
    this.#owned.add(
      screen.onDidChangeTitle((title) => {
        this.#programTitle = title;
        this.#titles.signal();
      }),
    );
    this.#owned.add(
      screen.onDidRing(() => {
        if (this.#bells.take(1)) this.#say({ kind: 'text', text: '' });
      }),
    );
    this.#owned.add(
      screen.onDidSay((message) => {
        if (this.#messages.take(1)) this.#say(message);
      }),
    );
  }

  /** On one line, without control characters. */
  get title(): string {
    return this.#title;
  }

  /** Something was parsed. */
  parsed(): void {
    this.#parsedAt = Date.now();
    this.#activity.signal();
  }

  resized(): void {
    this.#resizedAt = Date.now();
    this.#visibleText = this.#screen.visibleText();
  }

  /** Says now what was held back: the process has ended, and that is to be the last word. */
  flush(): void {
    this.#titles.flush();
    this.#activity.flush();
  }

  dispose(): void {
    this.#owned.dispose();
  }

  #say(message: Message): void {
    const at = Date.now();
    if (message.kind === 'text') this.#onDidSignal.fire({ at, kind: 'notification', text: message.text });
    else this.#onDidSignal.fire({ at, kind: 'progress', progress: message.progress });
  }

  #sayTitle(): void {
    const title = oneLine(this.#programTitle, longestTitle);
    if (title === this.#title) return;
    this.#title = title;
    this.#onDidSignal.fire({ at: Date.now(), kind: 'title', title });
  }

  #sayActivity(): void {
    const visibleText = this.#screen.visibleText();
    if (visibleText === this.#visibleText) return;
    this.#visibleText = visibleText;
    if (this.#parsedAt - this.#resizedAt < repaintMilliseconds) return;
    this.#onDidSignal.fire({ at: this.#parsedAt, kind: 'activity' });
  }
}
