import { create } from 'zustand';

import type { SinceLine, SinceLooked } from '#shared/contract/attention.ts';
import { counted } from '#shared/counted.ts';
import type { RunId } from '#shared/ids.ts';

/** What has happened to the run in which the person is, since they last looked; until they dismiss it or leave. */
export const useSinceLooked = create<{ since: SinceLooked | null }>()(() => ({ since: null }));

export const useSince = (id: RunId): SinceLooked | null =>
  useSinceLooked(({ since }) => (since?.runId === id ? since : null));

export const dismissSince = (): void => {
  useSinceLooked.setState({ since: null });
};

/** One line of the bar. `tone` says whether it wants something. */
export interface SinceWords {
  id: string;
  tone: 'plain' | 'good' | 'bad' | 'asks';
  text: string;
  /** The names that go with it. */
  more: string | null;
}

/** What each line says, for a person. */
export function sinceWords(line: SinceLine): SinceWords {
  const of = (text: string, more: string | null = null, tone: SinceWords['tone'] = 'plain'): SinceWords => ({
    id: line.kind,
    tone,
    text,
    more: more === '' ? null : more,
  });
  switch (line.kind) {
    case 'commits': {
      const { count, subjects, isRewritten } = line;
      const more = [...subjects, ...(count > subjects.length ? ['…'] : [])].join(' · ');
      return isRewritten
        ? of(`Its branch was rewritten: ${counted(count, 'commit')} now`, more)
        : of(`${counted(count, 'new commit')}`, more);
    }
    case 'files': {
      const { count, insertions, deletions, files } = line;
      const more = [...files, ...(count > files.length ? ['…'] : [])].join(' · ');
      return of(`${counted(count, 'file')} changed, +${String(insertions)} −${String(deletions)}`, more);
    }
    case 'uncommitted':
      return of(`${counted(line.count, 'file')} not committed`);
    case 'questions': {
      const { count, text, isOpen } = line;
      const what = count === 1 ? 'a question' : counted(count, 'question');
      return isOpen ? of('It asks', text, 'asks') : of(`It asked ${what}, answered since`, text);
    }
    case 'checks': {
      const { passed, failed, names } = line;
      if (failed === 0) return of(`${counted(passed, 'check')} passed`, null, 'good');
      const rest = passed > 0 ? `, ${String(passed)} passed` : '';
      return of(`${counted(failed, 'check')} failed${rest}`, names.join(' · '), 'bad');
    }
    case 'decision':
      return of(`Decided: ${line.decision === 'pending' ? 'open again' : line.decision}`, line.reason);
    case 'merged':
      return of(`Merged into ${line.into}`, null, 'good');
    case 'status':
      if (line.status === 'failed') return of('It failed', line.detail, 'bad');
      return of(line.status === 'idle' ? 'Its turn is over' : 'It ended', line.detail);
  }
}
