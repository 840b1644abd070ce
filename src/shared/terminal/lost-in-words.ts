import type { LostTerminal } from '#shared/contract/terminals.ts';

/** What became of a process whose end nobody saw, in a sentence. */
export function lostInWords({ cause }: LostTerminal): string {
  return cause === 'machine'
    ? 'The machine was restarted while it ran.'
    : 'The terminal host ended while it ran, and ended it too.';
}
