import type { Comment, CommentStanding } from '#shared/contract/comments.ts';
import { counted } from '#shared/counted.ts';

export const standingWords: Readonly<
  Record<CommentStanding, { word: string; hint: string; tone: 'warning' | 'accent' | 'success' | 'neutral' }>
> = {
  draft: { word: 'draft', hint: 'Kept here. The agent has not got it yet.', tone: 'warning' },
  open: { word: 'open', hint: 'Sent. What it is about is still as it was.', tone: 'accent' },
  addressed: { word: 'addressed', hint: 'Sent. What it is about has been changed since.', tone: 'success' },
  outdated: { word: 'outdated', hint: 'Sent. The place cannot be found in the code any more.', tone: 'neutral' },
};

/** Where a comment is, in words. */
export function placeWords({ path, line, side }: Pick<Comment, 'path' | 'line' | 'side'>): string {
  if (line === null) return path;
  return `${path}:${String(line)}${side === 'before' ? ', before the change' : ''}`;
}

/** How many there are of each kind. */
export function commentSummary(comments: readonly Comment[]): string {
  const of = (standing: CommentStanding): number => comments.filter((each) => each.standing === standing).length;
  const drafts = of('draft');
  const rest = (['open', 'addressed', 'outdated'] as const).flatMap((standing) =>
    of(standing) === 0 ? [] : [`${String(of(standing))} ${standing}`],
  );
  return [...(drafts === 0 ? [] : [counted(drafts, 'draft')]), ...rest].join(' · ');
}
