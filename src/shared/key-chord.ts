import { z } from 'zod';

/**
 * A key chord as text: `Mod+K`, `Mod+Shift+P`, `F8`, `?`, `Alt+ArrowUp`. `Mod` is Command on a Mac and Control elsewhere;
 * `Ctrl` is a Mac's Control. The last part is a `KeyboardEvent.key`, letters in any case; the space bar is `Space`.
 */
export const keyChord = z
  .string()
  .max(60)
  .regex(/^(?:(?:Mod|Ctrl|Alt|Shift)\+)*(?:\S|[A-Z][A-Za-z0-9]+)$/u, 'No key chord is written like this.');

/** What one command may have. More is not needed by anyone, and what is kept stays small. */
const commandChords = z.array(keyChord).max(8).readonly();

/** The chords that the person chose, by the command's id; none at all for a command that should have none. */
export type KeyBindings = Readonly<Record<string, readonly string[]>>;

export const keyBindings = z.record(z.string().min(1).max(100), commandChords);

/** As they are kept: what is not valid is left out one by one, so that those commands have their defaults and no others do. */
export const keptKeyBindings = z.record(z.string(), z.unknown()).transform((kept): KeyBindings => {
  const valid = Object.entries(kept).flatMap(([id, chords]): [string, readonly string[]][] => {
    const parsed = commandChords.safeParse(chords);
    return parsed.success && id.length > 0 && id.length <= 100 ? [[id, parsed.data]] : [];
  });
  return Object.fromEntries(valid);
});
