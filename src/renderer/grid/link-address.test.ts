import { describe, expect, it } from 'vitest';

import { hostOf, saysItsAddress, shownAddress } from './link-address.ts';

describe('the address of a link', () => {
  it('shows a host in letters that cannot be taken for others', () => {
    expect(shownAddress('https://аpple.com/login')).toBe('https://xn--pple-43d.com/login');
    expect(hostOf('https://аpple.com/login')).toBe('xn--pple-43d.com');
  });

  it('shows who is behind a name and a password', () => {
    expect(hostOf('https://github.com@evil.example/x')).toBe('evil.example');
  });

  it('shows no character that hides or turns round others', () => {
    expect(shownAddress('file:///etc/\u202epasswd')).not.toContain('\u202e');
    expect(shownAddress('no address\u200b\x1b[2J')).toBe('no address[2J');
  });

  it('is cut where it is too long to be read', () => {
    expect(shownAddress(`https://a.example/${'x'.repeat(5000)}`).length).toBeLessThan(600);
  });

  it('is told apart from what a link says', () => {
    expect(saysItsAddress('https://a.example/x', 'https://a.example/x')).toBe(true);
    expect(saysItsAddress('https://a.example', 'https://a.example')).toBe(true);
    expect(saysItsAddress('https://bank.example/', 'https://evil.example/')).toBe(false);
    expect(saysItsAddress('click here', 'https://a.example/')).toBe(false);
    // The same letters to the eye: it says its address, and its address is another than it looks.
    expect(saysItsAddress('https://аpple.com/', 'https://аpple.com/')).toBe(false);
  });
});
