import type { SinceLine, SinceLooked } from '#shared/contract/attention.ts';
import type { Run } from '#shared/contract/runs.ts';

import type { Look, RecordedEvents } from './attention-store.ts';
import type { BranchNews } from './branch-news.ts';

/** More names than these are a list, and no news. */
const mostNamed = 3;

export interface SinceFacts {
  run: Run;
  look: Look;
  events: RecordedEvents;
  /** What the branch has got; null: nothing. */
  news: BranchNews | null;
  /** What a check is called. */
  titleOf: (check: string) => string;
}

/** What has happened to a run since the person left it, the weightiest first; null: nothing that they would want to know. */
export function sinceLooked({ run, look, events, news, titleOf }: SinceFacts): SinceLooked | null {
  const questions = events.statuses.filter(({ kind }) => kind === 'waiting');
  const isOpen = run.status.kind === 'waiting';
  const question: SinceLine[] =
    questions.length === 0
      ? []
      : [{ kind: 'questions', count: questions.length, text: questions.at(-1)?.detail ?? null, isOpen }];
  const lines: SinceLine[] = [
    ...(isOpen ? question : []),
    ...statusLine(run, events),
    ...branchLines(news),
    ...uncommittedLine(run, look),
    ...checksLine(events, titleOf),
    ...decisionLine(events),
    ...(run.merged?.at !== null && run.merged !== null && run.merged.at > look.endedAt
      ? [{ kind: 'merged', into: run.merged.into } as const]
      : []),
    ...(isOpen ? [] : question),
  ];
  return lines.length === 0 ? null : { runId: run.id, at: look.endedAt, lines };
}

/** That it works, or waits, is seen; how it came to rest is what one wants to know. */
function statusLine({ status }: Run, { statuses }: RecordedEvents): readonly SinceLine[] {
  const hasChanged = statuses.some(({ kind }) => kind === status.kind);
  const isEnd = status.kind === 'idle' || status.kind === 'exited' || status.kind === 'failed';
  return hasChanged && isEnd ? [{ kind: 'status', status: status.kind, detail: status.detail }] : [];
}

function branchLines(news: BranchNews | null): readonly SinceLine[] {
  if (news === null) return [];
  const { commits, subjects, isRewritten, files } = news;
  const sum = (of: (file: (typeof files)[number]) => number | null): number =>
    files.reduce((total, file) => total + (of(file) ?? 0), 0);
  return [
    ...(commits > 0 || isRewritten
      ? [{ kind: 'commits', count: commits, subjects: subjects.slice(0, mostNamed), isRewritten } as const]
      : []),
    ...(files.length > 0
      ? [
          {
            kind: 'files',
            count: files.length,
            insertions: sum(({ insertions }) => insertions),
            deletions: sum(({ deletions }) => deletions),
            files: files.slice(0, mostNamed).map(({ path }) => path),
          } as const,
        ]
      : []),
  ];
}

function uncommittedLine({ changes }: Run, look: Look): readonly SinceLine[] {
  const count = changes?.uncommitted ?? 0;
  return count > 0 && count !== look.uncommitted ? [{ kind: 'uncommitted', count }] : [];
}

function checksLine({ checks }: RecordedEvents, titleOf: (check: string) => string): readonly SinceLine[] {
  if (checks.length === 0) return [];
  const failed = checks.filter(({ outcome }) => outcome !== 'passed');
  return [
    {
      kind: 'checks',
      passed: checks.length - failed.length,
      failed: failed.length,
      names: failed.slice(0, mostNamed).map(({ check }) => titleOf(check)),
    },
  ];
}

function decisionLine({ decisions }: RecordedEvents): readonly SinceLine[] {
  const last = decisions.at(-1);
  return last ? [{ kind: 'decision', decision: last.kind, reason: last.reason }] : [];
}
