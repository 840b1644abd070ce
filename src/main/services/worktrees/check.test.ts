import { describe, expect, it } from 'vitest';

import { whyBranchClashes, whyNotABranch, whyNotAFolder } from './check.ts';

describe('names alone', () => {
  it('are told apart', () => {
    expect(whyNotABranch('feature/x')).toBeNull();
    expect(whyBranchClashes('feature/x', ['feature/y', 'feat'])).toBeNull();
    expect(whyBranchClashes('Feature/x', ['feature/y'])).toBeNull();
    expect(whyBranchClashes('h\u00f6he', ['ho\u0308he'])).toContain('accents');
    expect(whyBranchClashes('a', ['A/b'])).toContain('side by side');
  });

  it('are as long as each system takes them', () => {
    const windows = (length: number): string | null =>
      whyNotAFolder(`C:\\${'w'.repeat(20)}\\${'x'.repeat(length - 24)}`, 'win32');
    expect(windows(160)).toBeNull();
    expect(windows(161)).toMatch(/has 161 characters.*259.*shorter branch name, or a worktree folder nearer/);
    for (const platform of ['linux', 'darwin'] as const) {
      expect(whyNotAFolder(`/${'w/'.repeat(300)}`, platform)).toBeNull();
      expect(whyNotAFolder(`/w/${'x'.repeat(255)}/y`, platform)).toBeNull();
      expect(whyNotAFolder(`/w/${'x'.repeat(256)}/y`, platform)).toContain('255 characters');
    }
    // Linux counts bytes, a Mac letters.
    expect(whyNotAFolder(`/w/${'ä'.repeat(200)}`, 'linux')).toContain('shorter branch name');
    expect(whyNotAFolder(`/w/${'ä'.repeat(200)}`, 'darwin')).toBeNull();
    expect(whyNotAFolder(`/w/${'x'.repeat(100)}\\${'x'.repeat(200)}`, 'linux')).toContain('255');
  });

  it('are such as Windows can have', () => {
    for (const name of ['con', 'NUL.x', 'a\\aux', 'a.', 'b ', 'a"b', 'a|b', '<x>']) {
      expect(whyNotAFolder(`C:\\w\\${name}`, 'win32'), name).toContain('Windows can have no file or folder called');
      expect(whyNotAFolder(`/w/${name}`, 'linux'), name).toBeNull();
    }
    for (const name of ['conduit', 'feature\\x', 'a.b', '.git', 'ä b']) {
      expect(whyNotAFolder(`C:\\w\\${name}`, 'win32'), name).toBeNull();
      expect(whyNotAFolder(`\\\\server\\share\\${name}`, 'win32'), name).toBeNull();
    }
  });
});
