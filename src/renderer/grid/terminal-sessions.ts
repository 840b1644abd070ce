import { host } from '#renderer/app/host.ts';
import { prepareExpected } from '#renderer/state/expect-terminal.ts';
import { screensShown } from '#renderer/state/first-screens.ts';
import { useMirror } from '#renderer/state/mirror.ts';
import { notify, reportFault } from '#renderer/ui/notify.ts';
import type { Disposable } from '#shared/disposable.ts';
import type { ProjectId, TerminalId } from '#shared/ids.ts';

import { pageFrames } from './frame-clock.ts';
import { Leases } from './leases.ts';
import { OutputTurns } from './output-turns.ts';
import { RecentlyUsed } from './recently-used.ts';
import { readAppearance, type TerminalAppearance } from './terminal-appearance.ts';
import { SeveralTyping } from './several-typing.ts';
import { SpareTerminals } from './spare-terminals.ts';
import { drawsWithGraphicsCard } from './webgl-support.ts';
import { TerminalSession } from './xterm-session.ts';

/** Hidden terminals that keep their screen, so that something is there at once when they are shown. Each holds some megabytes. */
const keptWarm = 4;
/** Who points at a card for so long, or has begun a press and ended it elsewhere, wants something else. */
const expectedMilliseconds = 5000;
/** Half of the contexts that Chromium allows a process: other pages and Monaco may want some. */
const webglContexts = 8;

/** The terminals that this page holds: those on screen, and the few that were hidden last. */
class TerminalSessions implements Disposable {
  readonly #sessions = new Map<TerminalId, TerminalSession>();
  readonly #hidden = new RecentlyUsed<TerminalId>(keptWarm);
  readonly #turns = new OutputTurns(pageFrames);
  readonly #listeners = new Set<() => void>();
  readonly #several = new SeveralTyping((id) => this.find(id)?.input ?? null);
  readonly #spares = new SpareTerminals();
  #webgl: Leases<object> | null | undefined;
  #mayUseWebgl = true;
  #appearance: TerminalAppearance | null = null;
  #projectId: ProjectId | null = null;
  #expected: { id: TerminalId; timer: ReturnType<typeof setTimeout> } | null = null;

  /** Those that are shown at once are made at once, so that the first to have its screen knows of the others. */
  readonly #lookForScreens = (): void => {
    if (Array.from(this.#sessions.values()).every((session) => !session.isAwaited)) screensShown();
  };

  /** Calls back when a session has come or gone. */
  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  };

  /** The session of a terminal that is about to be shown: attached already, or now. Give it back with `release`. */
  use(id: TerminalId): TerminalSession {
    this.#hidden.takeBack(id);
    const present = this.#sessions.get(id);
    if (present) return present;
    if (this.#webgl === undefined) this.#webgl = drawsWithGraphicsCard() ? new Leases(webglContexts) : null;
    const appearance = this.#appearance ?? readAppearance(getComputedStyle(document.documentElement), null);
    const session = new TerminalSession({
      id,
      terminals: host.terminals,
      turns: this.#turns,
      webgl: this.#webgl,
      mayUseWebgl: this.#mayUseWebgl,
      appearance,
      blank: this.#spares.take({ appearance, windowsPty: useMirror.getState().info?.windowsPty ?? null }),
      several: this.#several,
      othersAwaited: () =>
        Array.from(this.#sessions).some(([other, { appearing }]) => other !== id && appearing.isUnseen),
      openLink: (address) => {
        window.open(address, '_blank', 'noopener,noreferrer');
      },
      mayAskToCopy: () => useMirror.getState().settings?.terminalClipboard !== 'never',
      onFault: (doing, error) => {
        // The banner says that the host is away; a toast for each key pressed meanwhile would say nothing more.
        if (error instanceof Error && error.name === 'Disconnected') return;
        reportFault(doing, error);
      },
      onNotRead: () => {
        notify.warn({
          title: 'Not all of it reached the program',
          description:
            'It has not read what was typed before, and no more is held for it. What you typed or pasted last is missing there, or its end. Wait until it reads on, or stop it.',
          key: `not-read-${id}`,
        });
      },
    });
    this.#sessions.set(id, session);
    session.subscribe(this.#lookForScreens);
    this.#notify();
    return session;
  }

  /**
   * A terminal may be shown in a moment: it is attached and drawn where nobody sees it, until it is shown, another one is
   * expected, or a while has passed. One that is only pointed at is left alone when that would cost the page some time.
   */
  expect(id: TerminalId, onCome: () => void, isPressed: boolean): void {
    if (!isPressed && !this.#sessions.has(id) && !this.#spares.isAtHand) return;
    const session = this.use(id);
    session.appearing.whenDrawn(onCome);
    if (session.appearing.isShown) return;
    if (this.#expected?.id === id) clearTimeout(this.#expected.timer);
    else this.#expectNoMore();
    session.expect(isPressed);
    this.release(id);
    const timer = setTimeout(() => {
      this.#expectNoMore();
    }, expectedMilliseconds);
    this.#expected = { id, timer };
  }

  /** It is not to be shown after all, and is put aside. */
  expectNoLonger(id: TerminalId): void {
    if (this.#expected?.id === id) this.#expectNoMore();
  }

  /** The terminal has left the screen. It is kept for a while. */
  release(id: TerminalId): void {
    for (const old of this.#hidden.putAside(id)) this.#drop(old);
  }

  find(id: TerminalId | null): TerminalSession | null {
    return id === null ? null : (this.#sessions.get(id) ?? null);
  }

  setAppearance(appearance: TerminalAppearance): void {
    this.#appearance = appearance;
    for (const session of this.#sessions.values()) session.setAppearance(appearance);
  }

  /**
   * How many terminals have a pane. All of them are drawn in the same way, because WebGL's cells are whole pixels wide and
   * the DOM's are not: a terminal that changed from one to the other would get another number of columns.
   */
  setShown(count: number): void {
    this.#mayUseWebgl = count <= webglContexts;
    for (const session of this.#sessions.values()) session.setMayUseWebgl(this.#mayUseWebgl);
  }

  /** Lets go of the terminals of another project. */
  enterProject(id: ProjectId): void {
    if (this.#projectId !== null && this.#projectId !== id) {
      for (const terminalId of Array.from(this.#sessions.keys())) this.#drop(terminalId);
    }
    this.#projectId = id;
  }

  dispose(): void {
    for (const id of Array.from(this.#sessions.keys())) this.#drop(id);
    this.#turns.dispose();
    this.#spares.dispose();
  }

  #expectNoMore(): void {
    if (!this.#expected) return;
    const { id, timer } = this.#expected;
    this.#expected = null;
    clearTimeout(timer);
    const session = this.#sessions.get(id);
    if (session && !session.appearing.isShown) session.hide();
  }

  #drop(id: TerminalId): void {
    if (this.#expected?.id === id) this.#expectNoMore();
    this.#sessions.get(id)?.dispose();
    this.#sessions.delete(id);
    this.#hidden.takeBack(id);
    this.#notify();
  }

  #notify(): void {
    for (const listener of Array.from(this.#listeners)) listener();
  }
}

/** Outlives React: switching to a review and back must not cost a terminal its screen. */
export const terminalSessions = new TerminalSessions();
prepareExpected({
  expect: (id, onCome, isPressed) => {
    terminalSessions.expect(id, onCome, isPressed);
  },
  expectNoLonger: (id) => {
    terminalSessions.expectNoLonger(id);
  },
});
