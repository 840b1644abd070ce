import type { GitPort } from './review-ports.ts';

/** The sizes of many objects in bytes, in one process. Objects that are not there are left out. */
export async function objectSizes(
  git: Pick<GitPort, 'read'>,
  cwd: string,
  hashes: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const sizes = new Map<string, number>();
  const asked = [...new Set(hashes)];
  if (asked.length === 0) return sizes;
  const { text } = await git.read({
    name: 'measure files',
    cwd,
    args: ['cat-file', '--batch-check=%(objectname) %(objectsize)', '--buffer'],
    input: asked.map((hash) => `${hash}\n`).join(''),
  });
  for (const line of text.split('\n')) {
    const match = /^([0-9a-f]{40,64}) (\d+)$/u.exec(line);
    if (match) sizes.set(match[1] ?? '', Number(match[2]));
  }
  return sizes;
}

/** The contents of some objects, in one process, or in one that is there already. Objects that are not there are left out. */
export async function readObjects(
  git: Pick<GitPort, 'read' | 'objects'>,
  cwd: string,
  hashes: readonly string[],
): Promise<ReadonlyMap<string, Buffer>> {
  const asked = [...new Set(hashes)];
  if (asked.length === 0) return new Map();
  const streamed = await git.objects?.(cwd, asked);
  if (streamed) return streamed;
  const { stdout } = await git.read({
    name: 'read files',
    cwd,
    args: ['cat-file', '--batch', '--buffer'],
    input: asked.map((hash) => `${hash}\n`).join(''),
  });
  return parseBatch(stdout);
}

/** Reads what `git cat-file --batch` prints: `hash type size LF content LF`, or `hash missing LF`. */
function parseBatch(output: Buffer): ReadonlyMap<string, Buffer> {
  const found = new Map<string, Buffer>();
  for (let at = 0; at < output.length;) {
    const lineEnd = output.indexOf(0x0a, at);
    if (lineEnd === -1) break;
    const match = /^([0-9a-f]{40,64}) [a-z]+ (\d+)$/u.exec(output.toString('latin1', at, lineEnd));
    at = lineEnd + 1;
    if (!match) continue;
    const size = Number(match[2]);
    found.set(match[1] ?? '', output.subarray(at, at + size));
    at += size + 1;
  }
  return found;
}
