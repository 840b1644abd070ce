import { GitError } from '#main/services/git/git.ts';
import type { OpenFailure } from '#shared/contract/pull-requests.ts';
import { fail, ok, type Result } from '#shared/result.ts';

import type { AskInPlace } from './pushing-place.ts';
import type { UsableRemote } from './read-remotes.ts';

/** A large branch over a slow line takes its time. */
const pushMinutes = 10;
const askSeconds = 45;

export type RemoteFailure = Extract<
  OpenFailure,
  { kind: 'network' | 'push-refused' | 'git-failed' | 'timed-out' | 'cancelled' }
>;

export interface Talk {
  ask: AskInPlace;
  remote: UsableRemote;
  /** `gh`, which knows the person's login on GitHub; null: their own Git configuration has to. */
  ghPath: string | null;
  signal: AbortSignal;
}

/** Where branches are on the remote; null for one that is not there. */
export async function askRemote(
  talk: Talk,
  branches: readonly string[],
): Promise<Result<ReadonlyMap<string, string>, RemoteFailure>> {
  const told = await talkTo(talk, askSeconds, {
    name: 'ask the remote for its branches',
    args: ['ls-remote', '--refs', '--', talk.remote.address, ...branches.map((branch) => `refs/heads/${branch}`)],
  });
  if (!told.ok) return told;
  const found = told.value.text.split('\n').flatMap((line) => {
    const [hash = '', ref = ''] = line.split('\t');
    // A pattern also finds `refs/heads/other/refs/heads/x`.
    const branch = branches.find((each) => ref === `refs/heads/${each}`);
    return branch === undefined ? [] : [[branch, hash] as const];
  });
  return ok(new Map(found));
}

/** Pushes a commit as a branch, never by force. */
export async function pushCommit(
  talk: Talk,
  what: { commit: string; branch: string },
): Promise<Result<{ changed: boolean }, RemoteFailure>> {
  const told = await talkTo(talk, pushMinutes * 60, {
    name: 'push the branch',
    args: [
      'push',
      '--porcelain',
      '--no-verify',
      '--no-follow-tags',
      '--recurse-submodules=no',
      '--receive-pack=git-receive-pack',
      '--',
      talk.remote.address,
      `${what.commit}:refs/heads/${what.branch}`,
    ],
    okExitCodes: [0, 1],
  });
  if (!told.ok) return told;
  const { text, stderr, exitCode } = told.value;
  const line = text.split('\n').find((each) => each.includes(`:refs/heads/${what.branch}\t`)) ?? '';
  if (exitCode === 0) return ok({ changed: !line.startsWith('=') });
  const reason = /\[(.*?)\] ?(?:\((.*)\))?/u.exec(line);
  const words = [reason?.[2] ?? reason?.[1] ?? '', remoteWords(stderr)].filter((each) => each !== '').join(': ');
  const message = words === '' ? firstWords(stderr) : words;
  if (/non-fast-forward|fetch first|stale info/u.test(line))
    return fail({ kind: 'push-refused', why: 'behind', message });
  const isHook = /hook declined|protected|rule violations|pre-receive|GH\d{3}/u.test(`${line}\n${stderr}`);
  return fail({ kind: 'push-refused', why: isHook ? 'hook' : 'other', message });
}

/** One call over the line, with an end, and as the person whom `gh` has signed in. */
async function talkTo(
  { ask, remote, ghPath, signal }: Talk,
  seconds: number,
  call: Parameters<AskInPlace>[0],
): Promise<Result<Awaited<ReturnType<AskInPlace>>, RemoteFailure>> {
  const limit = AbortSignal.timeout(seconds * 1000);
  const args = [...credentials(remote, ghPath), ...call.args];
  try {
    return ok(await ask({ ...call, args, signal: AbortSignal.any([signal, limit]), maxBytes: 20_000_000 }));
  } catch (error) {
    if (signal.aborted) return fail({ kind: 'cancelled' });
    if (limit.aborted) return fail({ kind: 'timed-out', seconds });
    if (!(error instanceof GitError)) throw error;
    const message = [firstWords(error.stderr), remoteWords(error.stderr)].filter((each) => each !== '').join('\n');
    if (isNetwork(error.stderr)) return fail({ kind: 'network', message });
    if (isAccess(error.stderr)) return fail({ kind: 'push-refused', why: 'access', message });
    return fail({ kind: 'git-failed', message: message === '' ? error.message : message });
  }
}

/** Only for this host and this call; nothing is written into a configuration. */
function credentials({ isHttps, repository }: UsableRemote, ghPath: string | null): readonly string[] {
  if (!isHttps || ghPath === null) return [];
  const key = `credential.https://${repository.host}.helper`;
  // Git has a shell read it; the one that comes with Git for Windows takes a path with backslashes too.
  const command = `!'${ghPath.replaceAll("'", `'\\''`)}' auth git-credential`;
  // The empty one forgets what was declared before: whoever opens the pull request is to be who pushes.
  return ['-c', `${key}=`, '-c', `${key}=${command}`];
}

export const isNetwork = (words: string): boolean =>
  /could not resolve host|couldn't connect|failed to connect|connection (?:refused|timed out|reset|closed)|network is unreachable|operation timed out|name or service not known|no such host|dial tcp|i\/o timeout|tls handshake|temporary failure in name resolution|error connecting to|context deadline exceeded|no route to host/iu.test(
    words,
  );

const isAccess = (words: string): boolean =>
  /permission denied|authentication failed|could not read (?:username|password)|repository not found|access denied|returned error: 40[13]|host key verification failed|write access|does not appear to be a git repository/iu.test(
    words,
  );

/** What the other side's hooks and rules said. */
function remoteWords(stderr: string): string {
  const said = stderr.split('\n').flatMap((line) => /^remote: ?(.*)$/u.exec(line)?.[1]?.trim() ?? []);
  return clean(said.filter((line) => line !== '').join('\n'));
}

function firstWords(stderr: string): string {
  const lines = stderr.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('remote:'));
  const told = lines.find((line) => /^(?:fatal|error|ssh): /u.test(line)) ?? lines[0] ?? '';
  return clean(told.replace(/^(?:fatal|error): /u, ''));
}

/** Without passwords of addresses, and without what would move a cursor. */
const clean = (words: string): string =>
  words
    .replaceAll(/(https?:\/\/)[^@/\s]*@/giu, '$1')
    // oxlint-disable-next-line no-control-regex -- control characters are what is taken out
    .replaceAll(/\x1b\[[0-9;]*[A-Za-z]|[\x00-\x08\x0b-\x1f\x7f]/gu, '')
    .trim()
    .slice(0, 1500);
