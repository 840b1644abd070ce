import { create } from 'zustand';

import { matchesChord, type KeyPress } from '#renderer/ui/keys.ts';
import type { Disposable } from '#shared/disposable.ts';

export type CommandGroup = 'Go to' | 'Run' | 'Spec' | 'Terminals' | 'Review' | 'Project' | 'App';

/** Something a person can do, declared once: the palette lists it, the keyboard starts it, menus show its keys. */
export interface Command {
  /** `grid.maximise`: the feature, then the verb. Registering an id again replaces it. */
  id: string;
  title: string;
  group: CommandGroup;
  /** Chords such as `Mod+K` or `F8`, the first one being shown. A chord without Mod, Alt or F-key never fires while typing. */
  keys?: readonly string[];
  /**
   * Works while a terminal has the focus, too. Say so only for chords that no program in a terminal waits for, such as
   * `Mod+Shift+P` or `F8`. Outside a Mac, `Mod+K` (Control and one sign) goes to the terminal whatever is said here.
   */
  inTerminal?: boolean;
  /** Set to false for what the palette would only be longer by, such as one command a number key. */
  inPalette?: boolean;
  /** Other words that find it in the palette. */
  keywords?: readonly string[];
  /** Whether it makes sense now; otherwise it is not offered at all. */
  when?: () => boolean;
  /** Why it cannot be done now although it makes sense; null when it can. Shown beside it. */
  reason?: () => string | null;
  run: () => void;
}

interface CommandRegistry {
  commands: ReadonlyMap<string, Command>;
}

export const useCommands = create<CommandRegistry>()(() => ({ commands: new Map() }));

/** Registers commands until the handle is disposed. Call it in an effect and return the handle's dispose. */
export function registerCommands(commands: readonly Command[]): Disposable {
  useCommands.setState((registry) => {
    const next = new Map(registry.commands);
    for (const command of commands) next.set(command.id, command);
    return { commands: next };
  });
  return {
    dispose: () => {
      useCommands.setState((registry) => {
        const next = new Map(registry.commands);
        // Only what is still ours: somebody may have replaced it meanwhile.
        for (const command of commands) if (next.get(command.id) === command) next.delete(command.id);
        return { commands: next };
      });
    },
  };
}

export const isOffered = (command: Command): boolean => command.when?.() ?? true;
const canRun = (command: Command): boolean => isOffered(command) && (command.reason?.() ?? null) === null;

/** Runs a command by its id, if it is offered and can run. */
export function runCommand(id: string): void {
  const command = useCommands.getState().commands.get(id);
  if (command && canRun(command)) command.run();
}

/** Where the focus is, as far as keys are concerned. */
export type KeyPlace = 'page' | 'text' | 'terminal' | 'modal';

/** The command that a key press starts here, or null. Pure, so that the odd cases are cheap to test. */
export function commandForKey(
  commands: Iterable<Command>,
  press: KeyPress,
  place: KeyPlace,
  mac: boolean,
): Command | null {
  if (place === 'modal') return null;
  for (const command of commands) {
    const chord = command.keys?.find((keys) => matchesChord(press, keys, mac));
    if (chord === undefined) continue;
    const isFunctionKey = /^F\d+$/.test(chord);
    const isHeld = /(^|\+)(Mod|Alt)\+/.test(chord) || isFunctionKey;
    if (place !== 'page' && !isHeld) continue;
    // On a Mac Command is nobody's but the app's; elsewhere Control and one sign is always the terminal's.
    const isOurs = mac
      ? command.inTerminal === true || chord.startsWith('Mod+')
      : command.inTerminal === true && !/^Mod\+.$/.test(chord);
    if (place === 'terminal' && !isOurs) continue;
    if (canRun(command)) return command;
  }
  return null;
}
