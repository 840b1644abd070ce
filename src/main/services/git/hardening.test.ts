import { describe, expect, it } from 'vitest';

import { hardeningFor } from './hardening.ts';

describe('hooks that a repository’s configuration declares', () => {
  const command = 'hook.planted.command';
  const planted = { scope: 'local', key: command, value: '/tmp/planted' };

  it('do nothing, and do not refuse what they would be asked about', () => {
    // A hook that fails refuses: as `reference-transaction` every move of a ref.
    expect(hardeningFor([planted], 'linux')).toContainEqual([command, 'true']);
  });

  it('do not take the place of the person’s own of the same name', () => {
    const own = { scope: 'global', key: command, value: '/home/ann/own' };
    expect(hardeningFor([own, planted], 'linux')).toContainEqual([command, '/home/ann/own']);
  });
});
