import { FitAddon } from '@xterm/addon-fit';
import { SearchAddon } from '@xterm/addon-search';
import { UnicodeGraphemesAddon } from '@xterm/addon-unicode-graphemes';
import type { Terminal } from '@xterm/xterm';

import type { HostApi } from '#shared/contract/index.ts';
import type { Disposable } from '#shared/disposable.ts';
import type { TerminalId } from '#shared/ids.ts';
import { boundGraphemes } from '#shared/terminal/bound-graphemes.ts';
import { guardSequences } from '#shared/terminal/guard-sequences.ts';
import { scrollbackLines } from '#shared/terminal/scrollback.ts';

import { Appearing } from './appearing.ts';
import type { BlankTerminal } from './blank-terminal.ts';
import { ClipboardRequests, type CopyAnswer } from './clipboard-requests.ts';
import { FileLinks, placeInWords } from './file-links.ts';
import { isPattern } from './find-pattern.ts';
import { afterPaint } from './after-paint.ts';
import { pageFrames } from './frame-clock.ts';
import { holdSelection } from './hold-selection.ts';
import type { Leases } from './leases.ts';
import { listenToRoot } from './listen-to-root.ts';
import type { OutputTurns } from './output-turns.ts';
import type { SeveralTyping } from './several-typing.ts';
import { SizeClaim, type TerminalSize } from './size-claim.ts';
import { appearanceOptions, type TerminalAppearance } from './terminal-appearance.ts';
import { TerminalFeed } from './terminal-feed.ts';
import { TerminalInput } from './terminal-input.ts';
import { TerminalLinks } from './terminal-links.ts';
import { TerminalReading } from './terminal-reading.ts';
import { TerminalStateHolder } from './terminal-state.ts';
import { WebglRenderer } from './webgl-renderer.ts';

export interface FindOptions {
  caseSensitive: boolean;
  regex: boolean;
}

export interface TerminalSessionOptions {
  id: TerminalId;
  terminals: HostApi['terminals'];
  turns: OutputTurns;
  /** Who may draw with WebGL; null where WebGL would be drawn by the processor. */
  webgl: Leases<object> | null;
  mayUseWebgl: boolean;
  appearance: TerminalAppearance;
  /** Made for that appearance. It is this session's from now on. */
  blank: BlankTerminal;
  /** Whether another terminal was asked for in order to be shown, and nothing of it has been painted. */
  othersAwaited: () => boolean;
  openLink: (address: string) => void;
  /** Whether programs may ask to put text on the clipboard. */
  mayAskToCopy: () => boolean;
  /** Has what is typed here typed into other terminals, where the person wants that. */
  several: Pick<SeveralTyping, 'typed' | 'paste'>;
  /** `doing` says what was being done. */
  onFault: (doing: string, error: unknown) => void;
  /** What was typed or pasted did not get to the program, which does not read its input. */
  onNotRead: () => void;
}

const hideCursor = '\x1b[?25l';
/** After the last of many changes of its size, a terminal lets go of the lines that it is not to keep. */
const trimMilliseconds = 1000;

/** The most hits that are counted and marked; more would slow down typing. */
export const findLimit = 1000;

/**
 * One terminal of the host as this page shows it, for as long as the page wants it: while React mounts and unmounts its
 * pane, the screen stays; while no pane shows it, nothing comes from the host. It shows; it never answers the program (`silenceReplies`), and
 * it asks for a size only while a person looks at it (`SizeClaim`).
 */
export class TerminalSession implements Disposable {
  readonly #options: TerminalSessionOptions;
  readonly #blank: BlankTerminal;
  readonly #terminal: Terminal;
  #feed: TerminalFeed;
  readonly #size: SizeClaim;
  readonly #fit = new FitAddon();
  readonly #search = new SearchAddon({ highlightLimit: findLimit });
  readonly #root: HTMLElement;
  readonly #owned: Disposable[] = [];
  readonly #state = new TerminalStateHolder();
  /** What the person does to it: typing, copying, pasting. */
  readonly input: TerminalInput;
  /** What the person does with what it holds. */
  readonly reading: TerminalReading;
  readonly fileLinks: FileLinks;
  readonly links: TerminalLinks;
  readonly #clipboard: ClipboardRequests;
  readonly getState = this.#state.get;
  readonly subscribe = this.#state.subscribe;
  #appearance: TerminalAppearance;
  #webgl: WebglRenderer | null = null;
  #webglFailed = false;
  #mayUseWebgl: boolean;
  /** How far it is on its way to the person's eyes. */
  readonly appearing = new Appearing();
  /** Asked for the keyboard before it was on screen. */
  #wantsFocus = false;
  #trimming: ReturnType<typeof setTimeout> | undefined;
  /** It is in a pane and has been painted there. */
  #isSeen = false;

  constructor(options: TerminalSessionOptions) {
    this.#options = options;
    this.#appearance = options.appearance;
    this.#mayUseWebgl = options.mayUseWebgl;
    this.#blank = options.blank;
    this.#terminal = this.#blank.terminal;
    this.#root = this.#blank.root;
    this.#size = new SizeClaim({
      propose: () => this.#proposeSize(),
      isVisible: () => document.visibilityState === 'visible',
      othersAwaited: options.othersAwaited,
      send: (size) => {
        this.#resize(size);
      },
    });
    this.#loadAddons();
    this.input = new TerminalInput({
      ...options,
      terminal: this.#terminal,
      state: this.#state,
      onTyped: (data) => {
        options.several.typed(options.id, data);
      },
      takePaste: (text) => options.several.paste(options.id, text),
    });
    this.reading = new TerminalReading(this.#terminal, this.#state);
    this.links = new TerminalLinks({ ...options, state: this.#state });
    this.fileLinks = new FileLinks(this.#terminal, (place) => {
      this.#state.change({ file: place && placeInWords(place) });
    });
    this.#clipboard = new ClipboardRequests({
      id: options.id,
      terminal: this.#terminal,
      isForemost: () => this.hasFocus && document.visibilityState === 'visible' && document.hasFocus(),
      mayAsk: options.mayAskToCopy,
      show: (pendingCopy) => {
        this.#state.change({ pendingCopy });
      },
      copy: (text) => {
        navigator.clipboard.writeText(text).catch((error: unknown) => {
          options.onFault('Put the text of a program on the clipboard', error);
        });
      },
    });
    this.#owned.push(
      this.input,
      this.reading,
      this.#terminal.registerLinkProvider(this.fileLinks),
      this.#clipboard,
      guardSequences(this.#terminal),
      this.#terminal.onSelectionChange(() => {
        this.#state.change({ hasSelection: this.#terminal.hasSelection() });
      }),
      ...[
        this.#terminal.onScroll,
        this.#terminal.onResize,
        this.#terminal.onWriteParsed,
        this.#terminal.buffer.onBufferChange,
      ].map((event) =>
        event(() => {
          this.#state.change({ isScrolledUp: this.#linesBelow() > 0 });
          this.#feed.scrolled();
        }),
      ),
      this.#search.onDidChangeResults(({ resultIndex, resultCount }) => {
        this.#state.change({ found: { index: resultIndex, count: resultCount } });
      }),
    );
    this.#terminal.attachCustomKeyEventHandler((event) => this.input.handleKey(event));
    this.#feed = this.#attach();
    this.#root.addEventListener(
      'keydown',
      () => {
        this.#feed.typed();
      },
      { capture: true },
    );
    listenToRoot(this.#root, {
      onFocus: () => {
        this.#feed.setForemost(true);
        this.#size.claim();
      },
      onBlur: () => {
        this.#feed.setForemost(false);
      },
      onPaste: (text) => {
        this.input.paste(text);
      },
      onHand: (hand) => {
        this.input.noteHand(hand);
      },
      takesMouse: () => this.#terminal.modes.mouseTrackingMode !== 'none',
    });
  }

  get hasFocus(): boolean {
    return this.#root.contains(document.activeElement);
  }

  /** Asked for, and nothing of it has come yet. */
  get isAwaited(): boolean {
    return this.#feed.isAttached && this.#state.get().connection.kind === 'attaching';
  }

  /** Puts the terminal on screen inside this element. */
  show(parent: HTMLElement): void {
    parent.append(this.#root);
    this.#blank.open();
    this.#useWebgl();
    // When it has been laid out: until then, to ask for its size would have the whole page laid out once more.
    pageFrames.next(() => {
      this.fit();
    });
    this.appearing.show();
    // To give it the keyboard has the page laid out as well, and it is seen first.
    afterPaint(() => {
      this.#isSeen = this.appearing.isShown;
      if (this.#isSeen && this.#wantsFocus) this.focus();
    });
  }

  /**
   * It is about to be shown: what it holds is asked for, and drawn where nobody sees it. Once it is pressed a person waits for
   * it, and it waits for no other.
   */
  expect(isPressed: boolean): void {
    this.appearing.expect();
    this.#feed.resume();
    if (isPressed) this.#feed.setForemost(true);
  }

  /** What a screen reader calls it, once it has been shown. */
  setLabel(label: string): void {
    this.#terminal.textarea?.setAttribute('aria-label', label);
  }

  /** Takes it off the screen. It keeps what it shows, and what comes is left to the host until it is shown again. */
  hide(): void {
    this.#root.remove();
    this.appearing.hide();
    this.#feed.pause();
    this.#isSeen = false;
    this.#wantsFocus = false;
    this.#releaseWebgl();
    this.#feed.setForemost(false);
  }

  /** The pane's place or size has changed. Behind a maximised one it has none, and nobody sees what comes. */
  fit(): void {
    // Not on screen yet: what has been asked for when it was made comes meanwhile.
    if (!this.appearing.isShown) return;
    if (this.#root.clientWidth > 0) {
      this.#feed.resume();
    } else {
      this.#feed.pause();
      this.appearing.giveUp();
    }
    this.#size.claim();
  }

  /** Gives it the keyboard, now or as soon as it is on screen. */
  focus(): void {
    this.#wantsFocus = !this.#isSeen;
    if (this.#isSeen) this.#terminal.focus();
  }

  /** Asks for a terminal again that was gone when it was asked for: it may have come back. */
  attachAgain(): void {
    if (this.#state.get().connection.kind !== 'gone') return;
    this.#feed.dispose();
    this.#feed = this.#attach();
    this.#feed.setForemost(this.hasFocus);
  }

  setMayUseWebgl(mayUseWebgl: boolean): void {
    if (this.#mayUseWebgl === mayUseWebgl) return;
    this.#mayUseWebgl = mayUseWebgl;
    if (!mayUseWebgl) this.#releaseWebgl();
    else if (this.appearing.isShown) this.#useWebgl();
    this.#size.claim();
  }

  setAppearance(appearance: TerminalAppearance): void {
    this.#appearance = appearance;
    this.#terminal.options = appearanceOptions(appearance);
    this.#trim();
    this.#webgl?.clearAtlas();
    this.#size.claim();
  }

  /** The person's word on what the program wants on the clipboard. */
  answerCopy(answer: CopyAnswer): void {
    this.#clipboard.answer(answer);
  }

  selectAll(): void {
    this.#terminal.selectAll();
  }

  scrollToEnd(): void {
    this.#terminal.scrollToBottom();
  }

  /** Asks for the lines that are missing above the screen, if any are. */
  fillIn(): void {
    this.#feed.fillIn();
  }

  getSelection(): string {
    return this.#terminal.getSelection();
  }

  /**
   * Looks for text and shows a hit: the latest one to begin with, because a terminal is read from its end. What should be a
   * regular expression and is none finds nothing.
   */
  find(text: string, which: 'latest' | 'earlier' | 'later', options: FindOptions): void {
    if (text === '' || (options.regex && !isPattern(text))) {
      this.endFind();
      return;
    }
    this.#feed.fillIn();
    // The addon does not notice by itself that other options mark other hits.
    if (which === 'latest') this.#search.clearDecorations();
    const found = { ...options, incremental: which === 'latest', decorations: this.#appearance.find };
    if (which === 'later') this.#search.findNext(text, found);
    else this.#search.findPrevious(text, found);
  }

  endFind(): void {
    this.#search.clearDecorations();
    this.#terminal.clearSelection();
    this.#state.change({ found: null });
  }

  dispose(): void {
    this.hide();
    clearTimeout(this.#trimming);
    this.#feed.dispose();
    this.#size.dispose();
    for (const owned of this.#owned) owned.dispose();
    this.#blank.dispose();
  }

  #attach(): TerminalFeed {
    const { id, terminals, turns, onFault } = this.#options;
    const terminal = this.#terminal;
    return new TerminalFeed({
      id,
      viewer: crypto.randomUUID(),
      terminals,
      turns,
      screen: {
        write: (data, parsed) => {
          terminal.write(data, parsed);
        },
        painted: (callback) => {
          this.appearing.whenPainted(callback);
        },
        resize: (size) => {
          this.#take(size);
        },
        linesBelow: () => this.#linesBelow(),
        holdSelection: () => {
          const selectAgain = holdSelection(terminal);
          return () => {
            selectAgain();
            // Selecting what was selected before is no change to xterm.
            this.#state.change({ hasSelection: terminal.hasSelection() });
          };
        },
        scrollToLinesBelow: (lines) => {
          terminal.scrollToLine(Math.max(0, terminal.buffer.active.baseY - lines));
        },
      },
      events: {
        onConnection: (connection) => {
          const before = this.#state.get().connection.kind;
          terminal.options.disableStdin = connection.kind !== 'running';
          if (connection.kind === 'exited') terminal.write(hideCursor); // nobody waits for input there any more
          this.#state.change({ connection });
          this.appearing.drawn(() => {
            this.#feed.setForemost(this.hasFocus);
          });
          // Not at every snapshot: two windows that both fall behind would take the size from each other for ever.
          if (connection.kind !== before) this.#size.claim();
        },
        onTitle: (title) => {
          this.#state.change({ title });
        },
        onLacksLines: (lacksLines) => {
          this.#state.change({ lacksLines });
        },
        onSize: (size) => {
          this.#size.confirm(size);
          this.#state.change({ size });
        },
        onFault: (error) => {
          onFault('Acknowledge terminal output', error);
        },
      },
    });
  }

  #loadAddons(): void {
    const terminal = this.#terminal;
    terminal.loadAddon(this.#fit);
    terminal.loadAddon(this.#search);
    boundGraphemes(terminal, new UnicodeGraphemesAddon()); // as the host's screen does: widths have to agree
  }

  #linesBelow(): number {
    const { baseY, viewportY } = this.#terminal.buffer.active;
    return baseY - viewportY;
  }

  #proposeSize(): TerminalSize | null {
    if (!this.appearing.isShown || this.#root.clientWidth === 0 || this.#root.clientHeight === 0) return null;
    return this.#fit.proposeDimensions() ?? null;
  }

  /** Takes a size on. It keeps as many lines of that width as the host does. */
  #take({ cols, rows }: TerminalSize): void {
    const terminal = this.#terminal;
    const scrollback = scrollbackLines(this.#appearance.scrollbackBytes, cols);
    // Folded at the new width, lines may need more room than there was before: it is there first, or gone afterwards.
    if (scrollback > (terminal.options.scrollback ?? 0)) terminal.options.scrollback = scrollback;
    terminal.resize(cols, rows);
    // At every change of an option xterm writes all its styles anew: not while a terminal is about to be seen, nor at each step.
    clearTimeout(this.#trimming);
    this.#trimming = setTimeout(() => {
      this.#trim();
    }, trimMilliseconds);
  }

  #trim(): void {
    this.#terminal.options.scrollback = scrollbackLines(this.#appearance.scrollbackBytes, this.#terminal.cols);
  }

  #resize(size: TerminalSize): void {
    const { id, terminals, onFault } = this.#options;
    const { connection } = this.#state.get();
    if (connection.kind === 'exited' || connection.kind === 'gone') {
      // There is no program left to ask: what it said last is fitted to the pane.
      this.#take(size);
      this.#size.confirm(size);
      return;
    }
    terminals.resize({ id, ...size }).catch((error: unknown) => {
      onFault('Resize the terminal', error);
    });
  }

  #useWebgl(): void {
    const { webgl } = this.#options;
    if (this.#webgl || this.#webglFailed || !this.#mayUseWebgl || !webgl?.take(this)) return;
    try {
      this.#webgl = new WebglRenderer(this.#terminal, () => {
        // The DOM renderer takes over; asking again would take the context from another terminal.
        this.#webglFailed = true;
        this.#releaseWebgl();
        this.#size.claim();
      });
    } catch {
      // No context to be had: the DOM renderer stays.
      this.#webglFailed = true;
      webgl.release(this);
    }
  }

  #releaseWebgl(): void {
    if (!this.#webgl) return;
    this.#webgl.dispose();
    this.#webgl = null;
    this.#options.webgl?.release(this);
  }
}
