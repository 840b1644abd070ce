import { WebLinksAddon } from '@xterm/addon-web-links';

import type { BlankTerminal } from './blank-terminal.ts';
import { isOpening, saysItsAddress } from './link-address.ts';
import { isSafeLink } from './terminal-keys.ts';
import type { TerminalStateHolder } from './terminal-state.ts';
import { textOfLink } from './text-of-link.ts';

export interface TerminalLinksOptions {
  blank: BlankTerminal;
  state: TerminalStateHolder;
  openLink: (address: string) => void;
}

/**
 * The web addresses in a terminal, printed as they are or behind other text: where they lead is shown, and a press with the
 * modifier opens them.
 */
export class TerminalLinks {
  readonly #options: TerminalLinksOptions;

  constructor(options: TerminalLinksOptions) {
    this.#options = options;
    const { blank, state } = options;
    const { terminal } = blank;
    const hover = (_event: MouseEvent, address: string): void => {
      this.#hover(address);
    };
    const leave = (): void => {
      state.change({ link: null, refusedLink: null });
    };
    blank.linkHandler = {
      activate: (event, address, { start, end }) => {
        if (saysItsAddress(textOfLink(terminal, start, end), address)) this.#activate(event, address);
        else if (isOpening(event) && isSafeLink(address)) this.#askBefore(address);
      },
      hover,
      leave,
    };
    terminal.loadAddon(
      new WebLinksAddon(
        (event, address) => {
          this.#activate(event, address);
        },
        { hover, leave },
      ),
    );
  }

  /** The person's word on a link whose text does not say where it leads. */
  answer(answer: 'open' | 'cancel'): void {
    const { state, openLink } = this.#options;
    const { pendingLink } = state.get();
    state.change({ pendingLink: null });
    if (pendingLink !== null && answer === 'open') openLink(pendingLink);
  }

  #activate(event: MouseEvent, address: string): void {
    // A plain click selects text and belongs to the program; opening takes the modifier that the hint names.
    if (isOpening(event) && isSafeLink(address)) this.#options.openLink(address);
  }

  #askBefore(address: string): void {
    this.#options.state.change({ pendingLink: address, link: null, refusedLink: null });
  }

  #hover(address: string): void {
    this.#options.state.change(isSafeLink(address) ? { link: address } : { refusedLink: address });
  }
}
