import { describe, expect, it } from 'vitest';

import { nameOf, readGithubAddress, withoutPassword } from './github-address.ts';

const read = (address: string): string | null => {
  const found = readGithubAddress(address);
  return found && `${nameOf(found.repository)}${found.isHttps ? ' https' : ''}`;
};

describe('the address of a remote', () => {
  it.each([
    ['https://github.com/acme/notes.git', 'github.com/acme/notes https'],
    ['https://github.com/acme/notes/', 'github.com/acme/notes https'],
    ['https://ann:secret@GitHub.com/acme/notes', 'github.com/acme/notes https'],
    ['git@github.com:acme/notes.git', 'github.com/acme/notes'],
    ['ssh://git@ssh.github.com:443/acme/no.tes.git', 'github.com/acme/no.tes'],
    ['org-1234@github.example.org:acme/notes', 'github.example.org/acme/notes'],
  ])('%s is on GitHub', (address, expected) => {
    expect(read(address)).toBe(expected);
  });

  it.each([
    'ext::sh -c touch% /tmp/x',
    'ext::https://github.com/acme/notes',
    'http://github.com/acme/notes',
    'git://github.com/acme/notes',
    'file:///srv/github.com/acme/notes',
    '/srv/acme/notes.git',
    '../notes.git',
    'C:/acme/notes',
    '-oProxyCommand=x@github.com:acme/notes',
    '--upload-pack=x:acme/notes',
    'ssh://-oProxyCommand=x/acme/notes',
    'git@-github.com:acme/notes',
    'git@github.com:-acme/notes',
    'git@github.com:acme/-notes',
    'git@github.com:acme/..',
    'https://github.com/acme/notes/tree/main',
    'https://github.com/acme',
    'https://github.com/acme/no tes',
    'https://github.com/acme/notes\n--force',
    'https://github.com@evil.example/../acme/notes',
    '',
  ])('%s is not', (address) => {
    expect(read(address)).toBeNull();
  });

  it('is shown without a password', () => {
    expect(withoutPassword('https://ann:secret@github.com/a/b')).toBe('https://github.com/a/b');
    expect(withoutPassword('https://token@github.com/a/b')).toBe('https://github.com/a/b');
    expect(withoutPassword('ssh://git:x@github.com/a/b')).toBe('ssh://git@github.com/a/b');
    expect(withoutPassword('git@github.com:a/b')).toBe('git@github.com:a/b');
  });
});
