import { useCommandChords } from '#renderer/ui/command-chords.ts';
import { canonicalChord, isMac } from '#renderer/ui/keys.ts';
import type { KeyBindings } from '#shared/key-chord.ts';

import { commandCatalogue, isCatalogued, meet } from './command-catalogue.ts';
import type { CommandDeclaration } from './command-declaration.ts';
import { chosenChords, useCommands } from './commands.ts';
import { useMirror } from './mirror.ts';

const none: KeyBindings = {};

/** What the person chose in place of default chords. */
export const chosenKeys = (): KeyBindings => useMirror.getState().settings?.keys ?? none;
export const useChosenKeys = (): KeyBindings => useMirror((mirror) => mirror.settings?.keys ?? none);

/** The chords of a command as they hold now. */
function chordsOf(id: string): readonly string[] {
  const declared = isCatalogued(id) ? commandCatalogue[id] : useCommands.getState().commands.get(id);
  return chosenChords(id, chosenKeys()) ?? declared?.keys ?? [];
}

// A new function at each change, so that whatever shows a chord asks again.
const announce = (): void => {
  useCommandChords.setState({ chordsOf: (id) => chordsOf(id) });
};
announce();
useMirror.subscribe((mirror, before) => {
  if (mirror.settings?.keys !== before.settings?.keys) announce();
});

export type Declarations = ReadonlyMap<string, CommandDeclaration>;

/** Two commands that one chord would start at the same place. */
export interface KeyConflict {
  chord: string;
  ids: readonly [string, string];
}

const effective = (id: string, declaration: CommandDeclaration, chosen: KeyBindings): readonly string[] =>
  chosenChords(id, chosen) ?? declaration.keys ?? [];

/** Every pair of commands that are in each other's way. */
export function findConflicts(declarations: Declarations, chosen: KeyBindings, mac = isMac): readonly KeyConflict[] {
  const users = Array.from(declarations).flatMap(([id, declaration]) =>
    effective(id, declaration, chosen).map((chord) => ({
      id,
      where: declaration.where,
      chord,
      canonical: canonicalChord(chord, mac),
    })),
  );
  return users.flatMap((one, index) =>
    users
      .slice(index + 1)
      .filter((other) => other.id !== one.id && other.canonical === one.canonical && meet(one.where, other.where))
      .map((other): KeyConflict => ({ chord: one.chord, ids: [one.id, other.id] })),
  );
}

/** The commands that would be in the way if this one had the chord. */
export const inTheWay = (
  declarations: Declarations,
  chosen: KeyBindings,
  id: string,
  chord: string,
  mac = isMac,
): readonly string[] => {
  const where = declarations.get(id)?.where ?? 'project';
  const wanted = canonicalChord(chord, mac);
  return Array.from(declarations).flatMap(([other, declaration]) =>
    other !== id &&
    meet(where, declaration.where) &&
    effective(other, declaration, chosen).some((held) => canonicalChord(held, mac) === wanted)
      ? [other]
      : [],
  );
};

/** The bindings with this chord taken from a command. */
export function withoutChord(declarations: Declarations, chosen: KeyBindings, id: string, chord: string): KeyBindings {
  const declaration = declarations.get(id);
  if (!declaration) return chosen;
  const rest = effective(id, declaration, chosen).filter((held) => canonicalChord(held) !== canonicalChord(chord));
  return tidy(declaration, chosen, id, rest);
}

/** The bindings with this chord given to a command, and taken from those that are to lose it. */
export function withChord(
  declarations: Declarations,
  chosen: KeyBindings,
  id: string,
  chord: string,
  losing: readonly string[] = [],
): KeyBindings {
  const declaration = declarations.get(id);
  if (!declaration) return chosen;
  const freed = losing.reduce((bindings, other) => withoutChord(declarations, bindings, other, chord), chosen);
  const held = effective(id, declaration, freed).filter((one) => canonicalChord(one) !== canonicalChord(chord));
  return tidy(declaration, freed, id, [...held, chord]);
}

/** The bindings with a command's own default chords again. */
export function withDefaults(chosen: KeyBindings, id: string): KeyBindings {
  return Object.fromEntries(Object.entries(chosen).filter(([other]) => other !== id));
}

/** What equals the default is not kept, so that a later version's default holds. */
function tidy(
  declaration: CommandDeclaration,
  chosen: KeyBindings,
  id: string,
  chords: readonly string[],
): KeyBindings {
  const defaults = declaration.keys ?? [];
  const isDefault = chords.length === defaults.length && chords.every((chord, index) => chord === defaults[index]);
  return isDefault ? withDefaults(chosen, id) : { ...chosen, [id]: chords };
}
