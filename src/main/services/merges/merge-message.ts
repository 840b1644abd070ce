import type { MergeMethod } from '#shared/contract/merges.ts';

import type { MergeableRun } from './merge-ports.ts';
import { withTrailers, type Trailer } from './trailers.ts';

/** So many commits are listed in the message of a squash; of the others only the number is told. */
const listedCommits = 50;

/** Where merged work came from, so that history tells it without the app. */
export const provenance = (run: MergeableRun): readonly Trailer[] => [
  { key: 'Spec', value: run.spec.slug },
  { key: 'Run', value: run.id },
  { key: 'Agent', value: run.agentLabel },
];

/** What is offered as the message of a merge. A rebase has none: every commit keeps its own. */
export function proposeMessage(
  run: MergeableRun,
  method: MergeMethod,
  /** Oldest first. */
  subjects: readonly string[],
): string {
  const title = oneLine(run.spec.title);
  switch (method) {
    case 'rebase':
      return '';
    case 'merge':
      return withTrailers(
        [`Merge ${run.branch} into ${run.base}`, ...(title === '' ? [] : [title])].join('\n\n'),
        provenance(run),
      );
    case 'squash': {
      const listed = subjects.slice(0, listedCommits).map((subject) => `* ${oneLine(subject)}`);
      const rest = subjects.length - listed.length;
      if (rest > 0) listed.push(`* and ${String(rest)} more`);
      const body = subjects.length > 1 ? listed.join('\n') : '';
      return withTrailers(`${title === '' ? `Squash ${run.branch}` : title}\n\n${body}`, provenance(run));
    }
  }
}

const oneLine = (text: string): string => text.replace(/\s+/gu, ' ').trim();
