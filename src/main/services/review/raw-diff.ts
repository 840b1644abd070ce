/**
 * One changed path, as `git diff --raw --numstat -z --no-abbrev` tells of it. Paths are bytes in latin1, one character a
 * byte, because a path need not be UTF-8.
 */
export interface RawChange {
  path: string;
  oldPath: string | null;
  /** `A`, `M`, `D`, `R`, `C`, `T` or `U`. */
  status: string;
  /** `000000` on the side where there is no file. */
  oldMode: string;
  newMode: string;
  /** All zeros where there is no file, and on the new side where Git has not looked at the file in the worktree. */
  oldHash: string;
  newHash: string;
  /** Null where Git counts no lines: binary, or not told. */
  insertions: number | null;
  deletions: number | null;
}

/**
 * Reads the raw lines `:mode mode hash hash status NUL path NUL [path NUL]`, and the counts that follow all of them:
 * `added TAB removed TAB path NUL`, with an empty path and then both names for a rename.
 */
export function parseRawDiff(output: Buffer): readonly RawChange[] {
  const fields = output.toString('latin1').split('\0');
  const changes = new Map<string, RawChange>();
  for (let at = 0; at < fields.length; at++) {
    const field = fields[at] ?? '';
    const raw = /^:(\d{6}) (\d{6}) ([0-9a-f]+) ([0-9a-f]+) ([A-Z])\d*$/u.exec(field);
    if (raw) {
      const [, oldMode = '', newMode = '', oldHash = '', newHash = '', status = ''] = raw;
      const oldPath = status === 'R' || status === 'C' ? (fields[++at] ?? '') : null;
      const path = fields[++at] ?? '';
      // A path that did not merge has a line of its own besides the one that compares it.
      if (status === 'U' && changes.has(path)) continue;
      const counts = { insertions: null, deletions: null };
      changes.set(path, { path, oldPath, status, oldMode, newMode, oldHash, newHash, ...counts });
      continue;
    }
    const counted = /^(\d+|-)\t(\d+|-)\t(.*)$/su.exec(field);
    if (!counted) continue;
    const [, insertions = '-', deletions = '-', named = ''] = counted;
    if (named === '') at += 2;
    const change = changes.get(named === '' ? (fields[at] ?? '') : named);
    if (!change || insertions === '-') continue;
    change.insertions = Number(insertions);
    change.deletions = Number(deletions);
  }
  return Array.from(changes.values());
}

/** A latin1 path as it is shown and sent: UTF-8, with a replacement character for bytes that are none. */
export const shownPath = (path: string): string => Buffer.from(path, 'latin1').toString('utf8');
