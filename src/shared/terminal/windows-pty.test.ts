import { expect, it } from 'vitest';

import { windowsPtyOf } from './windows-pty.ts';

it('says of Windows alone how its terminals are made, with the build that decides who folds lines', () => {
  expect(windowsPtyOf('win32', '10.0.19045')).toEqual({ backend: 'conpty', buildNumber: 19045 });
  expect(windowsPtyOf('win32', 'odd')).toEqual({ backend: 'conpty', buildNumber: 0 });
  expect(windowsPtyOf('linux', '6.18.0')).toBeNull();
  expect(windowsPtyOf('darwin', '25.1.0')).toBeNull();
});
