import { useAccent } from '#renderer/state/accent.ts';
import { isCatalogued } from '#renderer/state/command-catalogue.ts';
import { runCommand, useCommands } from '#renderer/state/commands.ts';
import { goToRuns } from '#renderer/state/go-to-runs.ts';
import { useMirror } from '#renderer/state/mirror.ts';
import { useSession } from '#renderer/state/session.ts';
import { useView } from '#renderer/state/view.ts';
import { reportFaultUnlessAway } from '#renderer/ui/notify.ts';
import type { ShellWish } from '#shared/contract/shell.ts';
import type { Disposable } from '#shared/disposable.ts';
import type { RunId } from '#shared/ids.ts';

import { host } from './host.ts';
import { offeredCommands } from './offered-commands.ts';

/** Agents change what can be done many times a second; menus follow at rest. Milliseconds. */
const pause = 400;
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
    timer ??= setTimeout(
      () => {
        timer = undefined;
        tell().catch((error: unknown) => {
          told = '';
          reportFaultUnlessAway('Fill the menus', error);
        });
        // The first time at once: until then the menu has nothing of the page.
      },
      told === '' ? 0 : pause,
    );
  };
  const feed = host.shell.onDidWish({}, take);
  const accent = host.shell.onDidChangeAccent({}, (system) => {
    useAccent.setState({ system });
  });
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
      accent.dispose();
      for (const each of leave) each();
      clearTimeout(timer);
    },
  };
}
