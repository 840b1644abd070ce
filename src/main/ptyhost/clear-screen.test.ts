import { afterEach, describe, expect, it } from 'vitest';

import { clearScreen } from '#shared/terminal/clear-screen.ts';
import { Screen } from './screen.ts';

const screens: Screen[] = [];
afterEach(() => {
  for (const screen of screens.splice(0)) screen.dispose();
});

function screen(text: string): Screen {
  const made = new Screen({ cols: 30, rows: 6, scrollback: 100 });
  screens.push(made);
  made.write(text);
  return made;
}

const lines = (name: string, count: number): string =>
  Array.from({ length: count }, (_, index) => `\x1b[3${String(index % 8)}m${name} ${String(index)}\x1b[m\r\n`).join('');

/** States that a program may leave a screen in. */
const states: Readonly<Record<string, string>> = {
  'a few lines': 'one\r\ntwo',
  'many lines in colours': lines('line', 40),
  'the other screen, with the mouse': `${lines('below', 20)}\x1b[?1049h\x1b[?1002h\x1b[?1006h\x1b[2J\x1b[3;4Hfull screen`,
  'a scroll region, origin mode, inserting': `${lines('x', 8)}\x1b[2;4r\x1b[?6h\x1b[4h\x1b[2;2Hy`,
  'modes of keys, no wrapping, a hidden cursor': '\x1b[?1h\x1b[?66h\x1b[?2004h\x1b[?1004h\x1b[?7l\x1b[?25l\x1b[4 qz',
  'line drawing, colours, a saved cursor': `\x1b(0\x1b[1;31;44m\x1b[4;9H\x1b7lqqk`,
  'an open link and a wide line': `\x1b]8;;https://example.com\x1b\\${'wide '.repeat(20)}日本語`,
};
const cutOff = { 'a sequence that was cut off': 'text\x1b]0;never ended' };

describe('clearScreen', () => {
  for (const [before, old] of Object.entries({ ...states, ...cutOff })) {
    for (const [after, now] of Object.entries(states)) {
      it(`leads from “${before}” to “${after}”`, () => {
        const host = screen(now);
        const viewer = screen(old);
        viewer.write(clearScreen + host.serialize(0));
        // What is above the screen is the viewer's own; the screen, its cursor and its modes are the host's.
        expect(viewer.serialize(0)).toBe(host.serialize(0));
        viewer.write('\r\nnext');
        host.write('\r\nnext');
        expect(viewer.visibleText()).toBe(host.visibleText());
      });
    }
  }

  it('leaves the lines above the screen where they are', () => {
    const viewer = screen(lines('old', 20));
    const above = viewer.text(100).split('\n').slice(0, 14);
    viewer.write(clearScreen + screen(lines('new', 50)).serialize(0));
    expect(viewer.text(100).split('\n').slice(0, 14)).toEqual(above);
    expect(viewer.text(2)).toBe('new 48\nnew 49');
  });
});
