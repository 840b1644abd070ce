import type { ITerminalOptions } from '@xterm/xterm';

import type { Settings } from '#shared/contract/host.ts';
import { bytesPerMegabyte, scrollbackMegabytes } from '#shared/terminal/scrollback.ts';

/** How terminals look: from the tokens of the present theme and the person's settings. */
export interface TerminalAppearance {
  fontFamily: string;
  /** CSS pixels. */
  fontSize: number;
  /** What the host keeps above the screen; the page keeps as much. */
  scrollbackBytes: number;
  theme: Record<ThemeColour, string>;
  /** Text of less contrast than this is lifted to it; 1 leaves all as it is. */
  minimumContrast: number;
  /** Colours of search hits. */
  find: {
    matchBackground: string;
    matchOverviewRuler: string;
    activeMatchBackground: string;
    activeMatchColorOverviewRuler: string;
  };
}

/** xterm's names and where `terminal.css` keeps the values. */
const themeColours = {
  foreground: '--terminal-foreground',
  background: '--terminal-background',
  cursor: '--terminal-cursor',
  cursorAccent: '--terminal-background',
  selectionBackground: '--terminal-selection',
  selectionInactiveBackground: '--terminal-selection-inactive',
  scrollbarSliderBackground: '--terminal-scrollbar',
  scrollbarSliderHoverBackground: '--terminal-scrollbar-hover',
  scrollbarSliderActiveBackground: '--terminal-scrollbar-hover',
  overviewRulerBorder: '--terminal-background',
  black: '--terminal-black',
  red: '--terminal-red',
  green: '--terminal-green',
  yellow: '--terminal-yellow',
  blue: '--terminal-blue',
  magenta: '--terminal-magenta',
  cyan: '--terminal-cyan',
  white: '--terminal-white',
  brightBlack: '--terminal-bright-black',
  brightRed: '--terminal-bright-red',
  brightGreen: '--terminal-bright-green',
  brightYellow: '--terminal-bright-yellow',
  brightBlue: '--terminal-bright-blue',
  brightMagenta: '--terminal-bright-magenta',
  brightCyan: '--terminal-bright-cyan',
  brightWhite: '--terminal-bright-white',
} as const;
type ThemeColour = keyof typeof themeColours;

/** Reads the tokens as they are now. `settings` are null until the host has said them; then defaults hold. */
export function readAppearance(
  styles: Pick<CSSStyleDeclaration, 'getPropertyValue'>,
  settings: Pick<Settings, 'terminalFontSize' | 'terminalScrollbackMegabytes'> | null,
): TerminalAppearance {
  const token = (name: string): string => styles.getPropertyValue(name).trim();
  const theme = Object.fromEntries(
    Object.entries(themeColours).map(([colour, name]) => [colour, token(name)]),
  ) as Record<ThemeColour, string>;
  return {
    fontFamily: token('--font-mono') || 'monospace',
    fontSize: settings?.terminalFontSize ?? 13,
    scrollbackBytes: (settings?.terminalScrollbackMegabytes ?? scrollbackMegabytes.default) * bytesPerMegabyte,
    theme,
    minimumContrast: Number(token('--terminal-minimum-contrast')) || 1,
    find: {
      matchBackground: token('--terminal-match'),
      matchOverviewRuler: token('--terminal-match-ruler'),
      activeMatchBackground: token('--terminal-active-match'),
      activeMatchColorOverviewRuler: token('--terminal-active-match-ruler'),
    },
  };
}

/** What xterm.js is told of it; colours of hits are the search's. */
export function appearanceOptions(appearance: TerminalAppearance): ITerminalOptions {
  const { fontFamily, fontSize, theme, minimumContrast } = appearance;
  return { fontFamily, fontSize, theme, minimumContrastRatio: minimumContrast };
}
