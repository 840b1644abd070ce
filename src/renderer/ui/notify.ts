import { toast } from 'sonner';

import { errorMessage } from '#shared/error-message.ts';

export interface Notice {
  title: string;
  description?: string;
  action?: { label: string; run: () => void };
  /** Milliseconds; `Infinity` stays until it is closed. Notices with an action stay 12 seconds, others 5. */
  duration?: number;
  /** A later notice with the same key takes the place of an earlier one. */
  key?: string;
}

const show =
  (kind: 'message' | 'success' | 'warning' | 'error') =>
  ({ title, description, action, duration, key }: Notice): void => {
    toast[kind](title, {
      ...(description === undefined ? {} : { description }),
      ...(action ? { action: { label: action.label, onClick: action.run } } : {}),
      ...(key === undefined ? {} : { id: key }),
      duration: duration ?? (action || kind === 'error' ? 12_000 : 5_000),
    });
  };

/** Short news about what a person did or what happened meanwhile. What needs an answer belongs in place, not here. */
export const notify = { info: show('message'), success: show('success'), warn: show('warning'), error: show('error') };

/**
 * The one place where what should never happen is shown. `doing` says what was being done: "Stop the run". The same
 * fault shows once, however often it comes.
 */
export function reportFault(doing: string, error: unknown): void {
  const message = errorMessage(error);
  const isAway = saysHostIsAway(error);
  notify.error({
    title: isAway ? `${doing}: the host is not connected` : `${doing}: something went wrong`,
    description: isAway
      ? 'It may or may not have happened. Agents go on by themselves; try again when the connection is back.'
      : `${message.replace(/[.\s]+$/, '')}. Agents are not affected; the host’s log has the details.`,
    key: `fault:${doing}:${message}`,
  });
}

/**
 * As `reportFault`, but silent of a host that is away: for what nobody asked for and what is done anew by itself when the
 * host is back. The banner says that it is away.
 */
export function reportFaultUnlessAway(doing: string, error: unknown): void {
  if (!saysHostIsAway(error)) reportFault(doing, error);
}

const saysHostIsAway = (error: unknown): boolean => error instanceof Error && error.name === 'Disconnected';

/** Runs what an event handler starts, and reports anything that it throws. */
export function perform(doing: string, work: () => Promise<void>): void {
  work().catch((error: unknown) => {
    reportFault(doing, error);
  });
}
