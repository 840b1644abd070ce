import type { Git } from '#main/services/git/git.ts';
import type { PullRequestRemote } from '#shared/contract/pull-requests.ts';

import { nameOf, readGithubAddress, withoutPassword, type GithubRepository } from './github-address.ts';
import type { AskInPlace } from './pushing-place.ts';

/** A remote that can be pushed to. */
export interface UsableRemote {
  name: string;
  /** What is given to Git. */
  address: string;
  isHttps: boolean;
  repository: GithubRepository;
  /** What the person's own configuration makes of the address, where that is something else. */
  rewrittenTo: string | null;
}

export interface Remotes {
  all: readonly PullRequestRemote[];
  /** `origin` first, then as they are declared. */
  usable: readonly UsableRemote[];
}

const mostRemotes = 50;

/**
 * The remotes that the repository's configuration declares, as they stand there: what that configuration would make of an
 * address (`insteadOf`) is not asked for, because it takes no part in a push of ours.
 */
export async function readRemotes(git: Pick<Git, 'read'>, projectPath: string, ask: AskInPlace): Promise<Remotes> {
  const { text } = await git.read({
    name: 'list the remotes',
    cwd: projectPath,
    args: ['config', '--list', '-z', '--includes'],
  });
  const addresses = new Map<string, { url: string | null; pushUrl: string | null }>();
  for (const entry of text.split('\0')) {
    const at = entry.indexOf('\n');
    const found = /^remote\.(.+)\.(url|pushurl)$/su.exec(at === -1 ? entry : entry.slice(0, at));
    if (!found || at === -1) continue;
    const [, name = '', key] = found;
    const known = addresses.get(name) ?? { url: null, pushUrl: null };
    // Of several addresses a push of ours goes to the first.
    if (key === 'url') known.url ??= entry.slice(at + 1);
    else known.pushUrl ??= entry.slice(at + 1);
    addresses.set(name, known);
  }
  const all: PullRequestRemote[] = [];
  const usable: UsableRemote[] = [];
  for (const [name, { url, pushUrl }] of Array.from(addresses).slice(0, mostRemotes)) {
    const address = withoutPassword(pushUrl ?? url ?? '');
    const looked = await lookAt(name, address, ask);
    if (typeof looked === 'string') all.push({ name, address, repository: null, obstacle: looked });
    else {
      all.push({ name, address, repository: nameOf(looked.repository), obstacle: null });
      usable.push(looked);
    }
  }
  const isOrigin = ({ name }: { name: string }): boolean => name === 'origin';
  return { all, usable: [...usable.filter(isOrigin), ...usable.filter((remote) => !isOrigin(remote))] };
}

async function lookAt(name: string, address: string, ask: AskInPlace): Promise<UsableRemote | string> {
  if (!/^[A-Za-z0-9][A-Za-z0-9._/-]{0,199}$/u.test(name)) return 'Its name is none that Git would give a remote.';
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  if (address === '' || address.startsWith('-') || address.length > 2000 || /[\x00-\x20\x7f]/u.test(address)) {
    return 'Its address is none that can be pushed to.';
  }
  // Runs a program of the repository's choice; it must not even be asked about.
  if (/^[A-Za-z0-9-]+::/u.test(address)) return 'Its address names a program to run, and not a place.';
  const { text } = await ask({ name: 'read an address', args: ['ls-remote', '--get-url', '--', address] });
  const effective = text.replace(/\n$/u, '');
  const rewrittenTo = effective === address ? null : withoutPassword(effective);
  const read = readGithubAddress(address) ?? readGithubAddress(effective);
  if (read === null) return 'It is not on GitHub: only https and ssh addresses of GitHub are.';
  return { name, address, ...read, rewrittenTo };
}
