import type { ChangedInvariant, InvariantFinding } from '#shared/contract/invariants.ts';
import { invariantInWords } from '#shared/invariant/invariant-in-words.ts';

import type { Invariant } from './read-invariants.ts';

/** What an agent is told when rules have changed since it was given them: each whole, as it holds now. */
export function changesMessage(behind: readonly ChangedInvariant[], present: readonly Invariant[]): string {
  const parts = behind.map(({ id, title, change }) => {
    const invariant = present.find((each) => each.id === id);
    if (change === 'removed' || !invariant) return `The rule “${title}” does not hold any more.`;
    const what = change === 'added' ? 'There is a new rule' : 'The rule has changed';
    return `${what}, “${title}”:\n\n${invariantInWords(invariant.text)}`;
  });
  return [
    'The rules of this project have changed since you were started.',
    ...parts,
    'Look at what you have done so far, and change what does not fit them. They stand over your spec. Then go on.',
  ].join('\n\n');
}

/** What an agent is told when its branch breaks rules. */
export function findingsMessage(findings: readonly InvariantFinding[], omitted: number): string {
  const lines = findings.map(({ title, path, line, words }) => {
    const place = path === null ? '' : ` ${path}${line === null ? '' : `:${String(line)}`}:`;
    return `- “${title}”:${place} ${words}`;
  });
  return [
    'Your branch breaks rules of this project:',
    [...lines, ...(omitted > 0 ? [`- and ${String(omitted)} more places.`] : [])].join('\n'),
    'Change it so that it keeps them. If one cannot be kept, say which and why.',
  ].join('\n\n');
}
