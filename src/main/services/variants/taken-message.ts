import { withTrailers } from '#main/services/merges/trailers.ts';
import { counted } from '#shared/counted.ts';
import type { RunId } from '#shared/ids.ts';

/** One run that files are taken from. */
export interface TakenFrom {
  runId: RunId;
  /** Who worked on it, as which of several. */
  name: string;
  branch: string;
  /** As it was taken. */
  tree: string;
  /** What was taken, in a line each: a path, and what became of it. */
  files: readonly { path: string; was: string | null; isDeleted: boolean }[];
}

/** More files have no trailer of their own; the body tells how many there are. */
const mostTrailers = 300;

/** What the commit of taken files says: from which run each of them came, for people and for programs. */
export function takenMessage(spec: { slug: string; title: string }, id: RunId, sources: readonly TakenFrom[]): string {
  const count = sources.reduce((sum, { files }) => sum + files.length, 0);
  const subject = `Take ${counted(count, 'file')} from ${counted(sources.length, 'run')} of ${oneLine(spec.title)}`;
  const body = sources.map(({ runId, name, branch, tree, files }) => {
    const head = `${oneLine(name)} (run ${runId}, ${branch}, tree ${tree.slice(0, 12)}): ${counted(files.length, 'file')}`;
    const listed = files.slice(0, mostTrailers).map((file) => `* ${inWords(file)}`);
    const rest = files.length - listed.length;
    return [head, '', ...listed, ...(rest > 0 ? [`* and ${String(rest)} more`] : [])].join('\n');
  });
  const trailers = [
    { key: 'Spec', value: spec.slug },
    { key: 'Run', value: id },
    ...sources.map(({ runId, name }) => ({ key: 'Taken-From', value: `${runId} ${name}` })),
    ...sources
      .flatMap(({ runId, files }) => files.map(({ path }) => ({ key: 'File-From', value: `${runId} ${quoted(path)}` })))
      .slice(0, mostTrailers),
  ];
  return withTrailers([subject, ...body].join('\n\n'), trailers);
}

const inWords = ({ path, was, isDeleted }: TakenFrom['files'][number]): string => {
  if (isDeleted) return `${quoted(path)} (deleted)`;
  return was === null ? quoted(path) : `${quoted(path)} (was ${quoted(was)})`;
};

/** A name that a message would not keep, because of its blanks or line ends, is written as JSON has it, in visible signs. */
function quoted(path: string): string {
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  if (!/[\u0000-\u001f\u007f"\\]|[^\S ]|^ | $| {2}/u.test(path)) return path;
  return JSON.stringify(path).replaceAll(/\s/gu, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

const oneLine = (text: string): string => text.replace(/\s+/gu, ' ').trim();
