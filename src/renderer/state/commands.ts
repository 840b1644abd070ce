import { create } from 'zustand';

import { matchesChord, type KeyPress } from '#renderer/ui/keys.ts';
import type { Disposable } from '#shared/disposable.ts';
import type { KeyBindings } from '#shared/key-chord.ts';

import { commandCatalogue, isCatalogued, type CommandId } from './command-catalogue.ts';
import type { CommandDeclaration } from './command-declaration.ts';

/** Something a person can do, declared once: the palette lists it, the keyboard starts it, menus show its keys. */
export interface Command extends Omit<CommandDeclaration, 'where'> {
  /** `grid.maximise`: the feature, then the verb. Registering an id again replaces it. */
  id: string;
  where?: CommandDeclaration['where'];
  /** Whether it makes sense now; otherwise it is not offered at all. */
  when?: () => boolean;
  /** Why it cannot be done now although it makes sense; null when it can. Shown beside it. */
  reason?: () => string | null;
  run: () => void;
}

/** What a command of the catalogue does. Its title and its keys stand there. */
export type CommandAct = Pick<Command, 'when' | 'reason' | 'run'> & { id: CommandId };

interface CommandRegistry {
  commands: ReadonlyMap<string, Command>;
}

export const useCommands = create<CommandRegistry>()(() => ({ commands: new Map() }));

const withDeclaration = (given: Command | CommandAct): Command =>
  'title' in given ? given : { ...commandCatalogue[given.id], ...given };

/** Registers commands until the handle is disposed. Call it in an effect and return the handle's dispose. */
export function registerCommands(given: readonly (Command | CommandAct)[]): Disposable {
  const commands = given.map(withDeclaration);
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

/** Where the focus is, as far as keys are concerned. `locked`: a terminal that keeps all keys for itself. */
export type KeyPlace = 'page' | 'text' | 'terminal' | 'locked' | 'modal';

export const chosenChords = (id: string, chosen: KeyBindings): readonly string[] | undefined =>
  Object.hasOwn(chosen, id) ? chosen[id] : undefined;

/** The only command whose keys work in a terminal that keeps all others: the way out. */
const wayOut: CommandId = 'grid.lock-keys';

/** The command that a key press starts here, or null. Pure, so that the odd cases are cheap to test. */
export function commandForKey(
  commands: Iterable<Command>,
  press: KeyPress,
  place: KeyPlace,
  mac: boolean,
  chosen: KeyBindings = {},
): Command | null {
  if (place === 'modal') return null;
  const all = Array.from(commands);
  // What the person chose goes before what we thought of.
  const inOrder = [
    ...all.filter((command) => chosenChords(command.id, chosen) !== undefined),
    ...all.filter((command) => chosenChords(command.id, chosen) === undefined),
  ];
  for (const command of inOrder) {
    const own = chosenChords(command.id, chosen);
    if (place === 'locked' && command.id !== wayOut) continue;
    // Without a chord of its own nobody could leave a locked terminal by key any more: then the default does it.
    const chords = place === 'locked' && own?.length === 0 ? command.keys : (own ?? command.keys);
    const chord = chords?.find((keys) => matchesChord(press, keys, mac));
    if (chord === undefined || !worksAt(place, command, chord, own !== undefined, mac)) continue;
    if (canRun(command)) return command;
  }
  return null;
}

function worksAt(place: KeyPlace, command: Command, chord: string, isChosen: boolean, mac: boolean): boolean {
  if (place === 'page') return true;
  const isFunctionKey = /(^|\+)F\d+$/.test(chord);
  if (!/(^|\+)(Mod|Ctrl|Alt)\+/.test(chord) && !isFunctionKey) return false;
  if (place === 'text') return true;
  // On a Mac Command is nobody's but the app's.
  if (mac && chord.startsWith('Mod+')) return true;
  // Control and one sign is always the terminal's, unless the person has given it away.
  return command.inTerminal === true && (isChosen || mac || !/^Mod\+.$/.test(chord));
}

/** Everything that keys can start: what the catalogue declares, and what was registered besides. */
export function allDeclarations(registered: ReadonlyMap<string, Command>): ReadonlyMap<string, CommandDeclaration> {
  const others = Array.from(registered.values()).filter(({ id }) => !isCatalogued(id));
  return new Map<string, CommandDeclaration>([
    ...Object.entries(commandCatalogue),
    ...others.map((command): [string, CommandDeclaration] => [command.id, { where: 'project', ...command }]),
  ]);
}
