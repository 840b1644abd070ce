import { agentName } from '#renderer/state/run-words.ts';
import type { Run } from '#shared/contract/runs.ts';

/** The forms in which what a terminal has said can be taken along. */
export type TranscriptForm = 'text' | 'ansi' | 'markdown';

export const formWords: Readonly<Record<TranscriptForm, { name: string; extension: string; type: string }>> = {
  text: { name: 'text', extension: 'txt', type: 'text/plain' },
  ansi: { name: 'text with colours (ANSI)', extension: 'ans', type: 'text/plain' },
  markdown: { name: 'Markdown', extension: 'md', type: 'text/markdown' },
};

/** A text of a terminal as Markdown: whose it is and from when, and the text in a fence that nothing in it can end. */
export function markdownOf(run: Pick<Run, 'spec' | 'agent' | 'variant' | 'branch'>, text: string, at: Date): string {
  const longest = Math.max(2, ...Array.from(text.matchAll(/`+/gu), ([ticks]) => ticks.length));
  const fence = '`'.repeat(longest + 1);
  const title = run.spec.title.replace(/[\\*_`[\]<>]/gu, String.raw`\$&`);
  const branch = run.branch.includes('`') ? run.branch : `\`${run.branch}\``;
  return `**${title}** · ${agentName(run)} · ${branch} · ${timeInWords(at)}\n\n${fence}text\n${text.trimEnd()}\n${fence}\n`;
}

/** `2026-11-25 09:35`, in the person's own time. */
function timeInWords(at: Date): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  const day = [at.getFullYear(), two(at.getMonth() + 1), two(at.getDate())].join('-');
  return `${day} ${two(at.getHours())}:${two(at.getMinutes())}`;
}

/** What a transcript's file is called: the branch and the time, in letters that every system takes. */
export function transcriptName(run: Pick<Run, 'branch'>, form: TranscriptForm, at: Date): string {
  const branch = run.branch.replace(/[^\p{L}\p{N}._-]+/gu, '-').replace(/^[-.]+/u, '');
  const time = timeInWords(at).replace(' ', '-').replace(':', '');
  return `${branch.slice(0, 100) || 'terminal'}-${time}.${formWords[form].extension}`;
}

/** Hands a text to the browser to be saved where the person likes. */
export function download(name: string, type: string, text: string): void {
  const address = URL.createObjectURL(new Blob([text], { type: `${type};charset=utf-8` }));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  // The download has its own hold on it by then.
  setTimeout(() => {
    URL.revokeObjectURL(address);
  }, 60_000);
}
