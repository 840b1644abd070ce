import type { GitPort } from './merge-ports.ts';

/** A commit with all that a replay must keep, as bytes where it may be in any encoding. */
export interface ReplayableCommit {
  hash: string;
  tree: string;
  parents: readonly string[];
  /** The `author` line's value, `encoding` line's value and message, one character a byte. */
  author: string;
  encoding: string | null;
  message: string;
  /** For showing. */
  subject: string;
}

/** The commits that `to` has and `from` does not, parents before children. */
export async function readCommits(
  git: Pick<GitPort, 'read'>,
  cwd: string,
  range: { from: string; to: string },
): Promise<readonly ReplayableCommit[]> {
  const list = await git.read({
    name: 'list the commits of a branch',
    cwd,
    args: ['rev-list', '--reverse', '--topo-order', range.to, `^${range.from}`],
  });
  if (list.text === '') return [];
  const { stdout } = await git.read({
    name: 'read the commits of a branch',
    cwd,
    args: ['cat-file', '--batch'],
    input: list.text,
  });
  return parseCommitBatch(stdout);
}

/** Reads what `git cat-file --batch` prints for commits. */
function parseCommitBatch(stdout: Buffer): readonly ReplayableCommit[] {
  const commits: ReplayableCommit[] = [];
  for (let at = 0; at < stdout.length;) {
    const lineEnd = stdout.indexOf(0x0a, at);
    const header = stdout.toString('latin1', at, lineEnd);
    const match = /^([0-9a-f]+) commit (\d+)$/u.exec(header);
    if (!match) throw new Error(`not a commit: ${header}`);
    const end = lineEnd + 1 + Number(match[2]);
    commits.push(parseCommit(match[1] ?? '', stdout.toString('latin1', lineEnd + 1, end)));
    at = end + 1;
  }
  return commits;
}

function parseCommit(hash: string, raw: string): ReplayableCommit {
  const headerEnd = raw.indexOf('\n\n');
  const lines = (headerEnd === -1 ? raw : raw.slice(0, headerEnd)).split('\n');
  const values = (key: string): readonly string[] =>
    lines.filter((line) => line.startsWith(`${key} `)).map((line) => line.slice(key.length + 1));
  const message = headerEnd === -1 ? '' : raw.slice(headerEnd + 2);
  return {
    hash,
    tree: values('tree')[0] ?? '',
    parents: values('parent'),
    author: values('author')[0] ?? '',
    encoding: values('encoding')[0] ?? null,
    message,
    subject: Buffer.from(message.split('\n').find((line) => line.trim() !== '') ?? '', 'latin1').toString('utf8'),
  };
}

/** Writes a commit again with another tree, parent and committer; author, date and message stay byte for byte. */
export async function writeCommit(
  git: Pick<GitPort, 'direct'>,
  cwd: string,
  commit: { original: ReplayableCommit; tree: string; parent: string; committer: string },
): Promise<string> {
  const { original, tree, parent, committer } = commit;
  const headers = [
    `tree ${tree}`,
    `parent ${parent}`,
    `author ${original.author}`,
    // The only header in the person's own words: to one character a byte, like the rest.
    `committer ${Buffer.from(committer, 'utf8').toString('latin1')}`,
    ...(original.encoding === null ? [] : [`encoding ${original.encoding}`]),
  ];
  const { text } = await git.direct({
    name: 'write a replayed commit',
    cwd,
    args: ['hash-object', '-t', 'commit', '-w', '--stdin'],
    input: Buffer.from(`${headers.join('\n')}\n\n${original.message}`, 'latin1'),
  });
  return text.trim();
}

/** A commit that only serves as a side of a merge and that nothing refers to. Always the same for the same input. */
export async function temporaryCommit(
  git: Pick<GitPort, 'direct'>,
  cwd: string,
  commit: { tree: string; parent: string },
): Promise<string> {
  const nobody = 'Switchyard <switchyard@localhost> 0 +0000';
  const { text } = await git.direct({
    name: 'write a temporary commit',
    cwd,
    args: ['hash-object', '-t', 'commit', '-w', '--stdin'],
    input: `tree ${commit.tree}\nparent ${commit.parent}\nauthor ${nobody}\ncommitter ${nobody}\n\ntemporary\n`,
  });
  return text.trim();
}

/** Writes the commit of a merge or a squash, by the person. Throws a `GitError` when Git does not know who that is. */
export async function commitTree(
  git: Pick<GitPort, 'direct'>,
  cwd: string,
  commit: { tree: string; parents: readonly string[]; message: string },
): Promise<string> {
  const { text } = await git.direct({
    name: 'write the merge commit',
    cwd,
    // Without the first, Git makes an identity up from the account and the machine. The message is UTF-8, whatever the
    // repository's other commits are in.
    args: [
      '-c',
      'user.useConfigOnly=true',
      '-c',
      'i18n.commitEncoding=UTF-8',
      'commit-tree',
      commit.tree,
      ...commit.parents.flatMap((parent) => ['-p', parent]),
      '-F',
      '-',
    ],
    input: commit.message,
  });
  return text.trim();
}

/** The person as the `committer` line of a commit has it. Throws a `GitError` when Git does not know who that is. */
export async function committerLine(git: Pick<GitPort, 'read'>, cwd: string): Promise<string> {
  const { text } = await git.read({
    name: 'find out who you are',
    cwd,
    args: ['-c', 'user.useConfigOnly=true', 'var', 'GIT_COMMITTER_IDENT'],
  });
  return text.replace(/\n$/u, '');
}
