import type { WorkSoFar } from '#main/services/worktrees/work-so-far.ts';
import type { Run } from '#shared/contract/runs.ts';
import { counted } from '#shared/counted.ts';

/** More are told by their number: the agent can ask Git for the rest. */
const most = { commits: 60, files: 120, messageChars: 2000 };

/**
 * A brief of what an agent has done on a run, for the one that goes on with it: commits, files, how the first one stopped,
 * what it said last, what the person has decided, and what they add.
 */
export function workInWords(run: Run, work: WorkSoFar, note: string): string {
  const { agent, status, decision, lastMessage } = run;
  const lines = [
    `${agent.label} has worked on this until now. Its session is over; you do not see what was said in it.`,
    '',
    work.commits.length === 0 ? 'It has committed nothing.' : `It has made ${counted(work.commits.length, 'commit')}:`,
    ...bullets(
      work.commits.map(({ hash, subject }) => `${hash} ${subject}`),
      most.commits,
      'commit',
    ),
    '',
    work.files.length === 0
      ? 'No file differs from where the branch began.'
      : `${counted(work.files.length, 'file')} changed:`,
    ...bullets(
      work.files.map(({ path, insertions, deletions }) =>
        insertions === null ? path : `${path} (+${String(insertions)} -${String(deletions ?? 0)})`,
      ),
      most.files,
      'file',
    ),
    '',
    work.uncommitted.length === 0
      ? 'Everything is committed.'
      : `Not committed: ${counted(work.uncommitted.length, 'file')}. See \`git status\`.`,
    '',
    `When it stopped it was: ${status.kind}${status.detail === null ? '' : ` (${status.detail.replace(/\.$/, '')})`}.`,
  ];
  if (lastMessage !== null)
    lines.push('', 'The last that it said:', '', quote(lastMessage.slice(0, most.messageChars)));
  if (decision.kind !== 'pending') {
    lines.push('', `The person decided: ${decision.kind}${decision.reason === '' ? '.' : `, because:`}`);
    if (decision.reason !== '') lines.push('', quote(decision.reason));
  }
  if (note.trim() !== '') lines.push('', 'The person adds:', '', quote(note.trim()));
  return lines.join('\n');
}

function bullets(items: readonly string[], limit: number, what: string): readonly string[] {
  const shown = items.slice(0, limit).map((item) => `- ${item}`);
  const rest = items.length - shown.length;
  return rest === 0 ? shown : [...shown, `- and ${counted(rest, `more ${what}`, `more ${what}s`)}`];
}

const quote = (text: string): string =>
  text
    .split('\n')
    .map((line) => `> ${line}`)
    .join('\n');
