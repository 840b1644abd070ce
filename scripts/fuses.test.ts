import { expect, it } from 'vitest';

import { fuses } from './fuses.ts';

it('burns in that the packaged app loads only itself, and cannot be debugged from outside', () => {
  expect(fuses).toEqual({
    runAsNode: true, // the pty host needs it: without it no agent has a terminal
    enableNodeOptionsEnvironmentVariable: false,
    enableNodeCliInspectArguments: false,
    onlyLoadAppFromAsar: true,
    enableEmbeddedAsarIntegrityValidation: true,
    enableCookieEncryption: true,
    grantFileProtocolExtraPrivileges: false,
    loadBrowserProcessSpecificV8Snapshot: false,
  });
});
