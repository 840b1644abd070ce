import { host } from '#renderer/app/host.ts';
import { notify, perform } from '#renderer/ui/notify.ts';
import { placeOf } from '#shared/board/derive-board.ts';
import type { Run } from '#shared/contract/runs.ts';
import { leftRunningWords } from '#shared/left-running-words.ts';
import { assertNever } from '#shared/result.ts';

import { expectNoLonger, expectTerminal, showExpected } from './expect-terminal.ts';
import { useView } from './view.ts';

/** Whether the run's agent has a process, as far as anybody knows. */
export const isLive = (run: Run): boolean =>
  ['queued', 'preparing', 'working', 'waiting', 'idle'].includes(run.status.kind) ||
  (run.status.kind === 'unknown' && run.terminalId !== null);

/** Whether its spawn failed, so that there is nothing but a record and perhaps the rest of an attempt. */
export const failedToSpawn = (run: Run): boolean => run.stages.some((stage) => stage.state === 'failed');

/** Whether Git has neither its branch nor its worktree. */
export const isGone = (run: Run): boolean => !run.presence.branch && !run.presence.worktree && !isLive(run);

/** Why there is no terminal to show, or null. */
export const whyNoTerminal = (run: Run): string | null => {
  if (run.terminalId !== null) return null;
  if (run.status.kind === 'queued') return run.status.detail ?? 'It starts when a place is free.';
  return failedToSpawn(run) ? 'Its agent was never started.' : 'Its terminal is no longer there.';
};

/** Why there is nothing to review, or null. */
export const whyNoReview = (run: Run): string | null => {
  if (run.presence.branch) return null;
  return run.status.kind === 'queued' || run.status.kind === 'preparing'
    ? 'Its branch is not made yet.'
    : 'Its branch is gone.';
};

/** Shows what the run is at: the review where there is work to look at and nothing is happening, else the terminal. */
export function openRun(run: Run): void {
  const view = useView.getState();
  const canReview = whyNoReview(run) === null;
  if (opensReview(run)) view.showReview(run.id);
  else if (run.terminalId !== null) showExpected(run.terminalId, () => view.openTerminal(run.id));
  else if (run.status.kind === 'preparing' || failedToSpawn(run)) view.openTerminal(run.id);
  else if (canReview) view.showReview(run.id);
  else view.selectRun(run.id);
}

/** The press that opens a run has begun, or the person points at it. */
export function expectRun(run: Run, isPressed: boolean): void {
  if (run.terminalId !== null && !opensReview(run)) expectTerminal(run.terminalId, isPressed);
}

/** The person has gone elsewhere. */
export function expectRunNoLonger(run: Run): void {
  if (run.terminalId !== null) expectNoLonger(run.terminalId);
}

function opensReview(run: Run): boolean {
  const { group } = placeOf(run);
  return (group === 'review' || group === 'done') && whyNoReview(run) === null;
}

const named = (run: Run): string => `“${run.spec.title}” (${run.agent.label})`;
const alreadyGone = {
  title: 'This run is no longer there',
  description: 'It was removed meanwhile. Nothing was done.',
};

/** Whether there is something to stop: its agent, or what that has left running. */
export const canStop = (run: Run): boolean => isLive(run) || leftRunningWords(run) !== null;

/** What stopping it would be, on a button. */
export const stopLabel = (run: Run): string =>
  run.status.kind === 'queued' || run.status.kind === 'preparing'
    ? 'Cancel spawn'
    : leftRunningWords(run) === null
      ? 'Stop agent'
      : 'Stop what it left running';

export function stopRun(run: Run): void {
  perform('Stop the run', async () => {
    const isOver = leftRunningWords(run) !== null;
    const stopped = await host.runs.stop({ id: run.id });
    if (stopped.ok) {
      const what = isOver ? `what ${named(run)} had left running` : named(run);
      notify.info({ title: `Stopped ${what}`, description: 'Its branch and its worktree stay as they are.' });
      return;
    }
    switch (stopped.error.kind) {
      case 'run-missing':
        notify.warn(alreadyGone);
        return;
      case 'not-running':
        notify.info({ title: 'It has ended already', description: 'There was nothing left to stop.' });
        return;
      case 'still-there':
        notify.error({ title: `${named(run)} could not be stopped as a whole`, description: stopped.error.message });
        return;
      default:
        assertNever(stopped.error);
    }
  });
}

export function restartRun(run: Run, how: 'afresh' | 'resume'): void {
  perform(how === 'resume' ? 'Resume the run' : 'Restart the run', async () => {
    const restarted = await host.runs.restart({ id: run.id, how });
    if (restarted.ok) {
      useView.getState().openTerminal(run.id);
      return;
    }
    switch (restarted.error.kind) {
      case 'run-missing':
        notify.warn(alreadyGone);
        return;
      case 'still-running':
        notify.warn({
          title: 'Its agent is still running',
          description: 'Nothing was done. Stop it first, then start it again.',
          action: {
            label: 'Stop',
            run: () => {
              stopRun(run);
            },
          },
        });
        return;
      case 'worktree-missing':
        notify.error({
          title: 'Its worktree is gone',
          description: `${run.worktreePath} was removed outside of this app. What was committed is safe on ${run.branch}: review it, or spawn the spec again from that branch.`,
        });
        return;
      case 'cannot-resume':
        notify.warn({
          title: `${run.agent.label} cannot go on with an earlier session`,
          description: 'Nothing was done. It can start afresh with the same prompt in the same worktree.',
          action: {
            label: 'Start afresh',
            run: () => {
              restartRun(run, 'afresh');
            },
          },
        });
        return;
      case 'refused':
        notify.error({ title: 'Its agent cannot be started', description: restarted.error.obstacles.join(' ') });
        return;
      case 'not-trusted':
        askForTrust();
        return;
      default:
        assertNever(restarted.error);
    }
  });
}

/** Whether the run waits for others, or for a place, before it begins by itself. */
export const waitsForOthers = ({ status }: Run): boolean =>
  status.kind === 'queued' && ((status.waitsFor ?? []).length > 0 || status.waitsForPlace !== undefined);

/** Why it cannot be paused, or null. */
export const whyNoPause = (run: Run): string | null =>
  ['working', 'waiting', 'idle', 'unknown'].includes(run.status.kind) && run.terminalId !== null
    ? null
    : 'It is not running.';

/** Why no other agent can go on with it, or null. */
export const whyNoHandOver = (run: Run): string | null => {
  if (run.status.kind === 'queued' || run.status.kind === 'preparing') return 'Its agent has not begun yet.';
  return run.presence.worktree ? null : 'Its worktree is gone.';
};

/** Stops every process of a run where it is, or lets them go on. */
export function pauseRun(run: Run): void {
  if (run.pausedSince !== null) {
    unpauseRun(run);
    return;
  }
  perform('Pause the run', async () => {
    const paused = await host.runs.pause({ id: run.id });
    if (paused.ok) return;
    switch (paused.error.kind) {
      case 'run-missing':
        notify.warn(alreadyGone);
        return;
      case 'not-running':
        notify.info({ title: 'It has ended already', description: 'There is nothing to pause.' });
        return;
      case 'unavailable':
        notify.warn({ title: 'It cannot be paused', description: `${paused.error.reason} It goes on.` });
        return;
      default:
        assertNever(paused.error);
    }
  });
}

function unpauseRun(run: Run): void {
  perform('Let the run go on', async () => {
    const done = await host.runs.unpause({ id: run.id });
    if (!done.ok && done.error.kind === 'run-missing') notify.warn(alreadyGone);
  });
}

export function startNow(run: Run): void {
  perform('Start the run', async () => {
    const started = await host.runs.startNow({ id: run.id });
    if (started.ok) {
      useView.getState().openTerminal(run.id);
      return;
    }
    switch (started.error.kind) {
      case 'run-missing':
        notify.warn(alreadyGone);
        return;
      case 'not-held':
        notify.info({ title: 'It has begun already', description: 'It does not wait for anything any more.' });
        return;
      case 'refused':
        notify.error({ title: 'Its agent cannot be started', description: started.error.obstacles.join(' ') });
        return;
      case 'not-trusted':
        askForTrust();
        return;
      default:
        assertNever(started.error);
    }
  });
}

export function retryRun(run: Run): void {
  perform('Retry the spawn', async () => {
    const retried = await host.runs.retry({ id: run.id });
    if (retried.ok) return;
    switch (retried.error.kind) {
      case 'run-missing':
        notify.warn(alreadyGone);
        return;
      case 'not-failed':
        notify.info({ title: 'It is past that already', description: 'The run no longer counts as failed.' });
        return;
      case 'refused':
        notify.error({
          title: 'It still cannot be spawned',
          description: `Nothing was made. ${retried.error.obstacles.join(' ')}`,
        });
        return;
      case 'not-trusted':
        askForTrust();
        return;
      default:
        assertNever(retried.error);
    }
  });
}

export function forgetRun(run: Run): void {
  perform('Forget the run', async () => {
    const forgotten = await host.runs.forget({ id: run.id });
    if (forgotten.ok) {
      notify.info({ title: `Forgot ${named(run)}`, description: 'Only our record of it is gone.' });
      return;
    }
    switch (forgotten.error.kind) {
      case 'run-missing':
        return;
      case 'still-there':
        notify.warn({
          title: 'It is still there',
          description: 'Its branch or its worktree has come back, so it was not forgotten. Delete the run instead.',
        });
        return;
      default:
        assertNever(forgotten.error);
    }
  });
}

/** The repository's own commands have to be allowed first. */
function askForTrust(): void {
  useView.getState().openDialog({ kind: 'trust' });
}

export function copyText(what: string, text: string): void {
  perform(`Copy the ${what}`, async () => {
    await navigator.clipboard.writeText(text);
    notify.success({ title: `Copied the ${what}`, description: text, duration: 2500, key: 'copied' });
  });
}
