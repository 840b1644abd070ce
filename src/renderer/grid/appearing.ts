import { afterPaint } from './after-paint.ts';

/** How far a terminal has come on its way to the person's eyes: asked for, drawn, in a pane, painted there. */
export class Appearing {
  #isShown = false;
  #isUnseen = true;
  #hasDrawn = false;
  #whenDrawn: (() => void)[] = [];
  #whenPainted: (() => void)[] = [];

  /** Whether it is in a pane. */
  get isShown(): boolean {
    return this.#isShown;
  }

  /** Whether it was asked for in order to be shown, and nothing of it has been painted. */
  get isUnseen(): boolean {
    return this.#isUnseen;
  }

  /** It is about to be shown, once more perhaps. */
  expect(): void {
    this.#isUnseen = true;
  }

  show(): void {
    this.#isShown = true;
    for (const callback of this.#whenPainted.splice(0)) afterPaint(callback);
  }

  /** It has left its pane, or was asked for and is not shown after all. */
  hide(): void {
    this.#isShown = false;
    this.#isUnseen = false;
    this.#whenPainted = [];
  }

  /** Nobody waits for it any more: its pane is behind another one. */
  giveUp(): void {
    this.#isUnseen = false;
  }

  /** What it holds has been drawn. `onSeen` is called when a person sees it for the first time. */
  drawn(onSeen: () => void): void {
    this.#hasDrawn = true;
    for (const callback of this.#whenDrawn.splice(0)) callback();
    if (!this.#isUnseen) return;
    this.whenPainted(() => {
      this.#isUnseen = false;
      onSeen();
    });
  }

  /** Calls back when what it holds has been drawn for the first time: at once when that is long ago. */
  whenDrawn(callback: () => void): void {
    if (this.#hasDrawn) callback();
    else this.#whenDrawn.push(callback);
  }

  /** Calls back when it is in a pane and has been painted there. What waits when it is hidden is not called. */
  whenPainted(callback: () => void): void {
    if (this.#isShown) afterPaint(callback);
    else this.#whenPainted.push(callback);
  }
}
