import { counted } from '#shared/counted.ts';
import type { TerminalId } from '#shared/ids.ts';

import type { TerminalsPort } from './run-ports.ts';

/**
 * Ends everything that was started in a run's terminal, whatever its status says: an agent may have left something behind.
 * Null: it has ended. Otherwise a sentence about what would not end, and may go on writing in the worktree. Rejects where the
 * terminal host cannot be asked.
 */
export async function endWhatRuns(terminals: Pick<TerminalsPort, 'kill'>, id: TerminalId): Promise<string | null> {
  const survivors = await terminals.kill(id);
  if (survivors.length === 0) return null;
  const numbers = survivors.join(', ');
  const these = survivors.length === 1 ? 'it is' : 'they are';
  return `${counted(survivors.length, 'process', 'processes')} of its terminal could not be ended (${numbers}): ${these} another user’s, or waiting for the system.`;
}
