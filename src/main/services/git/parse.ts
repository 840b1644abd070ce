import { resolve } from 'node:path';

/** A checkout, as `git worktree list --porcelain -z` tells of it. */
export interface WorktreeEntry {
  path: string;
  /** Null for a bare repository, and all zeros where there is no commit yet. */
  head: string | null;
  /** Full ref name; null when HEAD is detached. */
  branch: string | null;
  isBare: boolean;
  /** The reason may be empty; null: not locked. */
  locked: string | null;
  /** Why Git would prune it; null: it would not. */
  prunable: string | null;
}

/**
 * The first entry is the main checkout. Git writes `C:/a/b` on Windows; here, as everywhere else, it is `C:\a\b`, or no path of
 * Git's would ever be one of ours.
 */
export function parseWorktreeList(text: string, asHere: (path: string) => string = resolve): readonly WorktreeEntry[] {
  const entries: WorktreeEntry[] = [];
  for (const line of text.split('\0')) {
    const space = line.indexOf(' ');
    const label = space === -1 ? line : line.slice(0, space);
    const value = space === -1 ? '' : line.slice(space + 1);
    if (label === 'worktree') {
      entries.push({ path: asHere(value), head: null, branch: null, isBare: false, locked: null, prunable: null });
      continue;
    }
    const entry = entries.at(-1);
    if (entry === undefined) continue;
    if (label === 'HEAD') entry.head = value;
    else if (label === 'branch') entry.branch = value;
    else if (label === 'bare') entry.isBare = true;
    else if (label === 'locked') entry.locked = value;
    else if (label === 'prunable') entry.prunable = value;
  }
  return entries;
}

/** A path that differs from the last commit, as `git status --porcelain=v2 -z` tells of it. */
export interface StatusEntry {
  kind: 'changed' | 'renamed' | 'unmerged' | 'untracked' | 'ignored';
  /** Relative to the checkout's top; a folder ends in `/`. */
  path: string;
  /** Where a renamed or copied file was. */
  oldPath: string | null;
  /** Two letters: what is staged, and what is not; `.` is nothing. Empty for untracked and ignored. */
  codes: string;
  isSubmodule: boolean;
}

export interface Status {
  /** The commit; null before the first one. Only with `--branch`. */
  head: string | null;
  /** The branch's short name; null when HEAD is detached, or without `--branch`. */
  branch: string | null;
  entries: readonly StatusEntry[];
}

/** How many fields come before the path in a line of each kind. */
const fieldsBeforePath = { '1': 8, '2': 9, u: 10 } as const;

export function parseStatus(text: string): Status {
  const lines = text.split('\0');
  const entries: StatusEntry[] = [];
  let head: string | null = null;
  let branch: string | null = null;
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index] ?? '';
    const type = line.charAt(0);
    if (type === '#') {
      const [, label, value = ''] = /^# (\S+) (.*)$/s.exec(line) ?? [];
      if (label === 'branch.oid' && value !== '(initial)') head = value;
      if (label === 'branch.head' && value !== '(detached)') branch = value;
    } else if (type === '?' || type === '!') {
      const kind = type === '?' ? 'untracked' : 'ignored';
      entries.push({ kind, path: line.slice(2), oldPath: null, codes: '', isSubmodule: false });
    } else if (type === '1' || type === '2' || type === 'u') {
      const { fields, rest } = splitFields(line, fieldsBeforePath[type]);
      // A rename's old path is a line of its own.
      if (type === '2') index++;
      entries.push({
        kind: type === '1' ? 'changed' : type === '2' ? 'renamed' : 'unmerged',
        path: rest,
        oldPath: type === '2' ? (lines[index] ?? null) : null,
        codes: fields[1] ?? '..',
        isSubmodule: fields[2]?.startsWith('S') ?? false,
      });
    }
  }
  return { head, branch, entries };
}

/** Splits off the first fields at spaces; the rest may hold spaces. */
function splitFields(line: string, count: number): { fields: readonly string[]; rest: string } {
  const fields: string[] = [];
  let from = 0;
  for (let field = 0; field < count; field++) {
    const space = line.indexOf(' ', from);
    if (space === -1) break;
    fields.push(line.slice(from, space));
    from = space + 1;
  }
  return { fields, rest: line.slice(from) };
}

/** A file's counted lines, as `git diff --numstat -z` tells of them. */
export interface NumstatEntry {
  path: string;
  oldPath: string | null;
  /** Null for a binary file. */
  insertions: number | null;
  deletions: number | null;
}

export function parseNumstat(text: string): readonly NumstatEntry[] {
  const fields = text.split('\0');
  const entries: NumstatEntry[] = [];
  for (let index = 0; index < fields.length; index++) {
    const found = /^(\d+|-)\t(\d+|-)\t(.*)$/s.exec(fields[index] ?? '');
    if (found === null) continue;
    const [, added = '-', removed = '-', path = ''] = found;
    const counts = {
      insertions: added === '-' ? null : Number(added),
      deletions: removed === '-' ? null : Number(removed),
    };
    // A rename leaves the path empty and has the old and the new one as fields of their own.
    if (path !== '') entries.push({ path, oldPath: null, ...counts });
    else entries.push({ oldPath: fields[++index] ?? '', path: fields[++index] ?? '', ...counts });
  }
  return entries;
}

/** A format for Git and the parser of what it then prints, made from one list of fields, so that they cannot drift. */
export interface Records<K extends string> {
  format: string;
  parse(text: string): readonly Record<K, string>[];
}

/** For `for-each-ref --format`. A field may be of several lines; none can hold a NUL. */
export const refRecords = <K extends string>(fields: Readonly<Record<K, string>>): Records<K> => records(fields, '%00');

/** For `log --format`. */
export const logRecords = <K extends string>(fields: Readonly<Record<K, string>>): Records<K> =>
  records(fields, '%x00');

function records<K extends string>(fields: Readonly<Record<K, string>>, nul: string): Records<K> {
  const names = Object.keys(fields) as K[];
  return {
    format: names.map((name) => `${fields[name]}${nul}`).join(''),
    parse(text) {
      const values = text.split('\0');
      const found: Record<K, string>[] = [];
      for (let index = 0; index + names.length < values.length; index += names.length) {
        const record = {} as Record<K, string>;
        // The line end of the record before stands in front of the first field.
        names.forEach((name, at) => {
          const value = values[index + at] ?? '';
          record[name] = at === 0 ? value.replace(/^\n/, '') : value;
        });
        found.push(record);
      }
      return found;
    },
  };
}
