export type CommandGroup =
  'Go to' | 'Run' | 'Spec' | 'Terminals' | 'Review' | 'Variants' | 'Project' | 'App' | 'On the board';

/**
 * Where a command is there at all. The centre shows one of `grid`, `spec`, `prompts`, `review` and `variants`; the board stands
 * beside each of them, and its commands are those of the card that has the focus.
 */
export type CommandPlace = 'everywhere' | 'project' | 'board' | 'grid' | 'spec' | 'prompts' | 'review' | 'variants';

/** What a command is called, where it is there and which keys it has until the person chooses others. */
export interface CommandDeclaration {
  title: string;
  group: CommandGroup;
  where: CommandPlace;
  /** Chords such as `Mod+K` or `F8`, the first one being shown. One without Mod, Ctrl, Alt or F-key never fires while typing. */
  keys?: readonly string[];
  /**
   * Works while a terminal has the focus, too. Say so only for chords that no program in a terminal waits for, such as
   * `Mod+Shift+P` or `F8`. Outside a Mac, a default of Control and one sign goes to the terminal whatever is said here.
   */
  inTerminal?: boolean;
  /** Set to false for what the palette would only be longer by, such as one command a number key. */
  inPalette?: boolean;
  /** Other words that find it in the palette. */
  keywords?: readonly string[];
}
