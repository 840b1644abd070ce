import type { ConflictHunk } from '#shared/contract/radar.ts';

/** More of one hunk is not shown. */
const mostLines = 200;

/**
 * The places of a merged file that both sides changed, as Git marks them with `merge.conflictStyle=diff3`. `size` is how many
 * signs a marker has. A file that holds such markers of its own is read as if they were Git's.
 */
export function readConflictHunks(text: string, size = 7): readonly ConflictHunk[] {
  const marker = (sign: string): RegExp => new RegExp(`^[${sign}]{${String(size)}}(?: |$)`, 'u');
  const [begin, base, middle, end] = [marker('<'), marker('|'), marker('='), marker('>')] as const;
  const hunks: ConflictHunk[] = [];
  let part: 'none' | 'ours' | 'base' | 'theirs' = 'none';
  let hunk: { line: number; ours: string[]; base: string[]; theirs: string[] } | null = null;
  // Lines of the merged file without the markers, counted from our side, so that a place can be found there.
  let line = 1;
  for (const each of text.split('\n')) {
    const row = each.endsWith('\r') ? each.slice(0, -1) : each;
    if (part === 'none') {
      if (begin.test(row)) {
        hunk = { line, ours: [], base: [], theirs: [] };
        part = 'ours';
      } else line++;
      continue;
    }
    if (hunk === null) continue;
    if (part === 'ours' && base.test(row)) part = 'base';
    else if ((part === 'ours' || part === 'base') && middle.test(row)) part = 'theirs';
    else if (part === 'theirs' && end.test(row)) {
      hunks.push({ ...cut(hunk), line: hunk.line });
      part = 'none';
      hunk = null;
    } else {
      if (part === 'ours') line++;
      hunk[part].push(row);
    }
  }
  return hunks;
}

function cut(hunk: { ours: string[]; base: string[]; theirs: string[] }): Omit<ConflictHunk, 'line'> {
  return {
    ours: hunk.ours.slice(0, mostLines),
    base: hunk.base.slice(0, mostLines),
    theirs: hunk.theirs.slice(0, mostLines),
  };
}
