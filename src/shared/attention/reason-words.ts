import type { AttentionReason } from '#shared/contract/attention.ts';

/** What a run needs, on a badge. */
export const reasonWords: Readonly<Record<AttentionReason, string>> = {
  permission: 'needs permission',
  question: 'asked a question',
  failed: 'failed',
  stuck: 'stuck',
  stopped: 'stopped',
  lost: 'unclear',
  'gate-failed': 'check failed',
  collides: 'collides',
  review: 'ready for review',
};
