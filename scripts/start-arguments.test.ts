import { expect, it } from 'vitest';

import { hasDisplay, launchPage } from './open-app-window.ts';
import { parseStartArguments } from './start-arguments.ts';

const parse = (...argv: string[]) => parseStartArguments(argv, '/home/me');

it('understands what a person may type', () => {
  expect(parse()).toEqual({
    ok: true,
    value: { project: null, demo: false, headless: false, port: null, help: false },
  });
  expect(parse('--project', 'app')).toMatchObject({ ok: true, value: { project: '/home/me/app' } });
  expect(parse('--port', '4000')).toMatchObject({ ok: true, value: { port: 4000, headless: true } });
  expect(parse('--headless', '--demo')).toMatchObject({ ok: true, value: { headless: true, demo: true, port: null } });
});

it.each([
  ['--poject', 'x'],
  ['folder'],
  ['--port', 'http'],
  ['--port', '70000'],
  ['--project='],
  ['--demo', '--project', 'x'],
])('refuses %s %s', (...argv) => {
  expect(parse(...argv)).toMatchObject({ ok: false, error: { kind: 'bad-arguments' } });
});

it('knows whether a window can be shown', () => {
  expect(hasDisplay('linux', {})).toBe(false);
  expect(hasDisplay('linux', { DISPLAY: '' })).toBe(false);
  expect(hasDisplay('linux', { DISPLAY: ':0' })).toBe(true);
  expect(hasDisplay('linux', { WAYLAND_DISPLAY: 'wayland-0' })).toBe(true);
  expect(hasDisplay('darwin', {})).toBe(true);
});

it('leads to an address whatever is in it', () => {
  expect(launchPage('http://127.0.0.1:1/?token=a&project="<x>')).toContain(
    'content="0;url=http://127.0.0.1:1/?token=a&amp;project=&quot;&lt;x>"',
  );
});
