import type { RunId } from '#shared/ids.ts';

/** Names a pair by its runs. */
export const pairKey = ({ a, b }: { a: RunId; b: RunId | null }): string => `${a} ${b ?? ''}`;
