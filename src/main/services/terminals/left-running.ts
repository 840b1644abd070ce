import { resolve } from 'node:path';

import { terminalMarker } from '#main/ptyhost/child-environment.ts';
import { processNames } from '#main/ptyhost/process-names.ts';
import { processesOfTerminals } from '#main/ptyhost/process-tree.ts';
import type { LeftProcess } from '#shared/contract/runs.ts';
import type { TerminalId } from '#shared/ids.ts';

/** Of each terminal. A person reads a few; thousands would go to every page with each change of the run. */
const mostTold = 100;

/**
 * What still runs of these terminals, in which no program runs any more: what their programs have left in the background, by
 * the marker that it carries. The system itself is asked, with one look at its list, so that it can also be told where the
 * pty host has left for want of work. No more than a hundred processes are told of each. Terminals with nothing are left out;
 * on Windows, where no marker can be read, all are.
 */
export async function leftRunning(
  { platform, stateFolder }: { platform: NodeJS.Platform; stateFolder: string },
  ids: readonly TerminalId[],
): Promise<ReadonlyMap<TerminalId, readonly LeftProcess[]>> {
  if (ids.length === 0 || platform === 'win32') return new Map();
  const folder = resolve(stateFolder);
  const terminals = ids.map((id) => ({ root: null, marker: terminalMarker(id, folder) }));
  const members = await processesOfTerminals(platform, terminals);
  const told = members.map((pids) => pids.slice(0, mostTold));
  const names = await processNames(platform, told.flat());
  return new Map(
    ids.flatMap((id, index) => {
      const left = (told[index] ?? []).flatMap((pid) => {
        const name = names.get(pid);
        return name === undefined ? [] : [{ pid, name }];
      });
      return left.length === 0 ? [] : [[id, left] as const];
    }),
  );
}
