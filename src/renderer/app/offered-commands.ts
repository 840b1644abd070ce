import { commandCatalogue } from '#renderer/state/command-catalogue.ts';
import { chosenChords, isOffered, useCommands } from '#renderer/state/commands.ts';
import { chosenKeys } from '#renderer/state/keymap.ts';
import { useView } from '#renderer/state/view.ts';
import type { OfferedCommand } from '#shared/contract/shell.ts';

/** Every command of the catalogue with its first key, and whether it can be done here now. */
export function offeredCommands(): OfferedCommand[] {
  const { commands } = useCommands.getState();
  const isModal = useView.getState().dialog !== null;
  return Object.entries(commandCatalogue).map(([id, { title, group, keys }]) => {
    const command = commands.get(id);
    const canRun = command !== undefined && isOffered(command) && (command.reason?.() ?? null) === null;
    return {
      id,
      title,
      group,
      chord: (chosenChords(id, chosenKeys()) ?? keys)?.[0] ?? null,
      isEnabled: canRun && !isModal,
    };
  });
}
