import { create } from 'zustand';

interface CommandChords {
  /** The chords of a command as they hold now, the one to be shown first. */
  chordsOf: (commandId: string) => readonly string[];
}

/** Which keys start which command. The kit shows them and does not know where they come from: `state/keymap.ts` says so. */
export const useCommandChords = create<CommandChords>()(() => ({ chordsOf: () => [] }));

const prefix = 'command:';

/** Stands for whatever chord the command has: what shows it changes at once when the person chooses another. */
export const keysOf = (commandId: string): string => `${prefix}${commandId}`;

const resolve = (keys: string, { chordsOf }: CommandChords): string | null =>
  keys.startsWith(prefix) ? (chordsOf(keys.slice(prefix.length))[0] ?? null) : keys;

/** The chord that `keys` stands for now; null for a command without one. */
export const useChord = (keys: string): string | null => useCommandChords((chords) => resolve(keys, chords));
