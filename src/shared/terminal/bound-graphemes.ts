/** What xterm.js asks about each character: its width, whether it joins the one before, and what the next may join. */
interface UnicodeProvider {
  readonly version: string;
  wcwidth(codepoint: number): 0 | 1 | 2;
  charProperties(codepoint: number, preceding: number): number;
}

/** The part of an xterm.js terminal that is needed here. */
export interface GraphemeTerminal {
  readonly unicode: { register(provider: UnicodeProvider): void; activeVersion: string };
}

/** `UnicodeGraphemesAddon`, which brings what it knows when it is activated. */
export interface GraphemeAddon {
  activate(terminal: never): void;
}

/** The longest emoji have ten code points. */
const mostInCell = 16;
/** How many have joined is kept above what the add-on itself keeps of a character, which takes the lowest 27 bits. */
const countShift = 27;
const withoutCount = (1 << countShift) - 1;
const joins = 1;

/**
 * Gives a terminal the widths of Unicode 15 by grapheme clusters, as the add-on has them. The host's screen and the page
 * both call this: where they did not agree on a width, the two would show different screens. A cluster ends after 16
 * code points, whatever follows: without an end, output of nothing but combining marks grows one cell for ever.
 */
export function boundGraphemes(terminal: GraphemeTerminal, addon: GraphemeAddon): void {
  const offered = new Map<string, UnicodeProvider>();
  const catcher: GraphemeTerminal = {
    unicode: {
      register: (each) => {
        offered.set(each.version, each);
      },
      activeVersion: '',
    },
  };
  addon.activate(catcher as never);
  const provider = offered.get(catcher.unicode.activeVersion);
  if (!provider) throw new Error('the add-on for graphemes offers no widths');
  terminal.unicode.register(bounded(provider));
  terminal.unicode.activeVersion = version;
}

const version = 'bounded-graphemes';

function bounded(provider: UnicodeProvider): UnicodeProvider {
  return {
    version,
    wcwidth: (codepoint) => provider.wcwidth(codepoint),
    charProperties: (codepoint, preceding) => {
      const properties = provider.charProperties(codepoint, preceding & withoutCount);
      if ((properties & joins) === 0) return properties;
      const count = (preceding >>> countShift) + 1;
      return count < mostInCell ? properties | (count << countShift) : provider.charProperties(codepoint, 0);
    },
  };
}
