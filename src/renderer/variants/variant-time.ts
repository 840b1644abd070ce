import type { Run } from '#shared/contract/runs.ts';
import type { Variant } from '#shared/contract/variants.ts';

/** How long its agent has been at work by now, in milliseconds. */
export const workedTime = (
  variant: Pick<Variant, 'worked' | 'at'>,
  { status }: Pick<Run, 'status'>,
  now: number,
): number => variant.worked + (status.kind === 'working' ? Math.max(0, now - variant.at) : 0);

/** From its spawn to when its agent last came to rest, or until now while it is at work; 0: it never was. */
export function wallTime(
  { restedAt, worked }: Pick<Variant, 'restedAt' | 'worked'>,
  { createdAt, status }: Pick<Run, 'createdAt' | 'status'>,
  now: number,
): number {
  if (status.kind === 'working') return Math.max(0, now - createdAt);
  return restedAt === null || worked === 0 ? 0 : Math.max(0, restedAt - createdAt);
}
