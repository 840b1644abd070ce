/** A repository on GitHub. */
export interface GithubRepository {
  /** In lower case. */
  host: string;
  owner: string;
  name: string;
}

export const nameOf = ({ host, owner, name }: GithubRepository): string => `${host}/${owner}/${name}`;

export function repositoryNamed(text: string): GithubRepository | null {
  const [host = '', owner = '', name = '', ...rest] = text.split('/');
  return rest.length === 0 ? repositoryOf(host, owner, name) : null;
}

/**
 * Reads the address of a remote. Only https and ssh, in the forms that GitHub hands out; null for everything else: other
 * protocols (`ext::`, `file:`, `git:`, plain http), paths, and what begins with a dash or holds what no name of GitHub does.
 * Whether the host is one of GitHub's is for `gh` to say.
 */
export function readGithubAddress(address: string): { repository: GithubRepository; isHttps: boolean } | null {
  const url = /^(https|ssh):\/\/(?:([A-Za-z0-9._-]+)(?::[^@/\s]*)?@)?([A-Za-z0-9.-]+)(?::\d{1,5})?\/(.+)$/u.exec(
    address,
  );
  const short = url ? null : /^(?:([A-Za-z0-9._-]+)@)?([A-Za-z0-9.-]+):(?!\/\/)\/?(.+)$/u.exec(address);
  const [user, host = '', path = ''] = (url ? url.slice(2) : (short?.slice(1) ?? [])) as (string | undefined)[];
  if (user?.startsWith('-')) return null;
  const [owner = '', name = '', ...rest] = path.replace(/\/$/u, '').split('/');
  const repository = rest.length === 0 ? repositoryOf(host, owner, name.replace(/\.git$/u, '')) : null;
  return repository && { repository, isHttps: url?.[1] === 'https' };
}

/** What is shown, logged and pushed to: without a password that stands in it. */
export const withoutPassword = (address: string): string =>
  address.replace(/^([a-z][a-z0-9+.-]*:\/\/)[^@/\s]*@/iu, (whole, scheme: string) =>
    // Of ssh the name is part of the way there; of https `gh` says who we are.
    /^ssh:/iu.test(scheme) ? whole.replace(/:[^@/:]*@/u, '@') : scheme,
  );

function repositoryOf(host: string, owner: string, name: string): GithubRepository | null {
  const isHost =
    /^(?=.{1,253}$)[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)+$/u;
  if (!isHost.test(host) || !/^[A-Za-z0-9][A-Za-z0-9-]{0,99}$/u.test(owner)) return null;
  if (!/^[A-Za-z0-9._-]{1,100}$/u.test(name) || /^[.-]/u.test(name)) return null;
  const known = host.toLowerCase();
  // GitHub's way through firewalls that let only the port of https pass.
  return { host: known === 'ssh.github.com' ? 'github.com' : known, owner, name };
}
