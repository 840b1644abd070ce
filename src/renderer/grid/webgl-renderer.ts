import { WebglAddon } from '@xterm/addon-webgl';
import type { Terminal } from '@xterm/xterm';

import type { Disposable } from '#shared/disposable.ts';

/**
 * Glyphs are kept in textures of the graphics card, shared by all terminals that look alike. They are merged when there are
 * many, which takes long and has shown wrong characters; so they are begun anew before that.
 */
const mostAtlasPages = 12;

/** Draws one terminal with the graphics card, until it is disposed or the card takes the context away. */
export class WebglRenderer implements Disposable {
  readonly #terminal: Terminal;
  readonly #addon = new WebglAddon();
  readonly #owned: Disposable[] = [];
  #atlasPages = 0;
  #isDisposed = false;

  /** Throws where there is no context to be had. `onLost`: it is of no use any more, and has to be disposed. */
  constructor(terminal: Terminal, onLost: () => void) {
    this.#terminal = terminal;
    this.#owned.push(
      this.#addon.onContextLoss(onLost),
      this.#addon.onAddTextureAtlasCanvas(() => {
        this.#atlasPages++;
        if (this.#atlasPages > mostAtlasPages) this.clearAtlas();
      }),
      onPixelRatioChange(() => {
        this.clearAtlas();
      }),
    );
    try {
      terminal.loadAddon(this.#addon);
    } catch (error) {
      this.dispose();
      throw error;
    }
  }

  /** The glyphs were made for another look, or there are too many of them: they are made anew as they are needed. */
  clearAtlas(): void {
    this.#atlasPages = 0;
    // Not in the middle of a frame that is being drawn with them.
    queueMicrotask(() => {
      if (!this.#isDisposed) this.#terminal.clearTextureAtlas();
    });
  }

  dispose(): void {
    this.#isDisposed = true;
    for (const owned of this.#owned) owned.dispose();
    const canvases = Array.from(this.#terminal.element?.querySelectorAll('canvas') ?? []);
    this.#addon.dispose();
    // The addon leaves the context to the garbage collector (xterm.js issue 6068); 16 of those and Chromium kills one in use.
    for (const canvas of canvases) canvas.getContext('webgl2')?.getExtension('WEBGL_lose_context')?.loseContext();
  }
}

/** Another screen, or another zoom. */
function onPixelRatioChange(listener: () => void): Disposable {
  const controller = new AbortController();
  const watch = (): void => {
    matchMedia(`(resolution: ${String(devicePixelRatio)}dppx)`).addEventListener(
      'change',
      () => {
        listener();
        watch();
      },
      { once: true, signal: controller.signal },
    );
  };
  watch();
  return {
    dispose: () => {
      controller.abort();
    },
  };
}
