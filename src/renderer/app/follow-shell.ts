import { commandCatalogue, isCatalogued } from '#renderer/state/command-catalogue.ts';
import { chosenChords, isOffered, runCommand, useCommands } from '#renderer/state/commands.ts';
import { goToRuns } from '#renderer/state/go-to-runs.ts';
import { chosenKeys } from '#renderer/state/keymap.ts';
import { useMirror } from '#renderer/state/mirror.ts';
import { useSession } from '#renderer/state/session.ts';
import { useView } from '#renderer/state/view.ts';
import { reportFault } from '#renderer/ui/notify.ts';
import type { OfferedCommand, ShellWish } from '#shared/contract/shell.ts';
import type { Disposable } from '#shared/disposable.ts';
import type { RunId } from '#shared/ids.ts';

import { host } from './host.ts';

/** Agents change what can be done many times a second; menus follow at rest. Milliseconds. */
const pause = 400;
/** A command a number key would only make the menus longer. */
const isInMenus = (id: string): boolean => !/^go\.terminal-\d$/.test(id);

/** Every command of the catalogue with its first key, and whether it can be done here now. */
export function offeredCommands(): OfferedCommand[] {
  const { commands } = useCommands.getState();
  const isModal = useView.getState().dialog !== null;
  return Object.entries(commandCatalogue)
    .filter(([id]) => isInMenus(id))
    .map(([id, { title, group, keys }]) => {
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

/** Runs that were asked for before the project, or its runs, were there. */
let awaited: readonly RunId[] = [];

function take(wish: ShellWish): void {
  if (wish.kind === 'show-runs') {
    awaited = wish.runIds;
    showAwaited();
  } else if (isCatalogued(wish.id) && useView.getState().dialog === null) runCommand(wish.id);
}

function showAwaited(): void {
  const { runs } = useMirror.getState();
  if (awaited.length === 0 || useSession.getState().phase !== 'open' || runs === null) return;
  const runIds = awaited;
  awaited = [];
  goToRuns(runIds);
}

/** Tells the shell around this page what its menus can offer, and does what is chosen there. A browser has no such shell. */
export function followShell(): Disposable {
  let told = '';
  let timer: ReturnType<typeof setTimeout> | undefined;
  const tell = async (): Promise<void> => {
    const commands = offeredCommands();
    const text = JSON.stringify(commands);
    if (text === told) return;
    told = text;
    await host.shell.offerCommands({ commands });
  };
  const tellSoon = (): void => {
    if (useMirror.getState().info?.kind !== 'desktop') return;
    timer ??= setTimeout(() => {
      timer = undefined;
      tell().catch((error: unknown) => {
        told = '';
        if (!(error instanceof Error && error.name === 'Disconnected')) reportFault('Fill the menus', error);
      });
    }, pause);
  };
  const feed = host.shell.onDidWish({}, take);
  const leave = [
    useCommands.subscribe(tellSoon),
    useView.subscribe(tellSoon),
    useMirror.subscribe(() => {
      tellSoon();
      showAwaited();
    }),
    useSession.subscribe(showAwaited),
  ];
  tellSoon();
  return {
    dispose: () => {
      feed.dispose();
      for (const each of leave) each();
      clearTimeout(timer);
    },
  };
}
