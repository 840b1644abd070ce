/** What `git blame --porcelain` says of one line. */
export interface Blamed {
  hash: string;
  /** Where the line was in that commit. */
  line: number;
  path: string;
  text: string;
  isUncommitted: boolean;
}

/** Reads `git blame --porcelain -L n,n`: a header line, fields, and the line itself behind a tab. Null: it said nothing. */
export function parseBlame(output: string): Blamed | null {
  const lines = output.split('\n');
  const head = /^([0-9a-f]{40,64}) (\d+) \d+/u.exec(lines[0] ?? '');
  const at = lines.findIndex((line) => line.startsWith('\t'));
  if (!head || at === -1) return null;
  const hash = head[1] ?? '';
  const fileField = lines.slice(0, at).find((line) => line.startsWith('filename '));
  return {
    hash,
    line: Number(head[2]),
    path: fileField === undefined ? '' : fileField.slice('filename '.length),
    text: (lines[at] ?? '').slice(1).replace(/\r$/u, ''),
    isUncommitted: /^0+$/u.test(hash),
  };
}
