import { afterEach, describe, expect, it } from 'vitest';

import type { WindowsPty } from '#shared/terminal/windows-pty.ts';

import { Screen } from './screen.ts';
import { SequenceTail } from './sequence-tail.ts';

const screens: Screen[] = [];

afterEach(() => {
  for (const screen of screens.splice(0)) screen.dispose();
});

function screen(cols = 40, rows = 10, scrollback = 100): Screen {
  const made = new Screen({ cols, rows, scrollback });
  screens.push(made);
  return made;
}

/** A second screen, made from a snapshot of the first one as a viewer would. */
function viewerOf(original: Screen, tail = ''): Screen {
  const viewer = screen(original.cols, original.rows);
  viewer.write(original.serialize() + tail);
  return viewer;
}

describe('Screen', () => {
  it('has what was written at once', () => {
    const one = screen();
    one.write('hello\r\nworld');
    expect(one.text(5)).toBe('hello\nworld');
  });

  it('gives a wrapped line as one, and the last lines only', () => {
    const one = screen(10, 5);
    one.write(`first\r\n${'x'.repeat(25)}\r\nlast\r\n\r\n`);
    expect(one.text(2)).toBe(`${'x'.repeat(25)}\nlast`);
    expect(one.text(100)).toBe(`first\n${'x'.repeat(25)}\nlast`);
  });

  it('gives the text of the alternate screen while a program shows that', () => {
    const one = screen();
    one.write('shell\r\n\x1b[?1049h\x1b[Htop of an editor');
    expect(one.text(5)).toBe('top of an editor');
  });

  it('hands on the colours that a program has set, and that it has set them back', () => {
    const one = screen();
    const colours = (of: Screen): string[] =>
      of
        .serialize()
        .split('\x1b]')
        .slice(1)
        .map((part) => `\x1b]${part.slice(0, part.indexOf('\x07') + 1)}`);
    one.write('plain');
    expect(colours(one)).toEqual([]);
    one.write('\x1b]4;1;rgb:12/34/56;300;#fff;2;no colour\x07\x1b]10;#abc;rgb:1/2/3\x1b\\\x1b]12;?\x07');
    const set = ['\x1b]4;1;rgb:12/34/56\x07', '\x1b]10;#abc\x07', '\x1b]11;rgb:1/2/3\x07'];
    const back = ['\x1b]104\x07', '\x1b]110\x07', '\x1b]111\x07', '\x1b]112\x07'];
    expect(colours(one)).toEqual([...back, ...set]);
    expect(colours(viewerOf(viewerOf(one)))).toEqual([...back, ...set]);
    one.write('\x1b]104;1\x07\x1b]110\x07\x1b]111\x07');
    // Whoever has seen them is told that they are gone.
    expect(colours(one)).toEqual(back);
    // The next program begins with the theme's.
    one.write('\x1b]11;#000\x07');
    one.write(one.leaveProgram());
    expect(colours(one)).toEqual(back);
  });

  it('leaves to Windows’ console host what it prints anew when the size changes', () => {
    const numbers = Array.from({ length: 8 }, (_, at) => `line ${String(at)}`).join('\r\n');
    const above = (windowsPty: WindowsPty | null): number => {
      const one = new Screen({ cols: 20, rows: 4, scrollback: 100, windowsPty });
      screens.push(one);
      one.write(numbers);
      expect(one.linesAbove).toBe(4);
      one.resize(20, 8);
      return one.linesAbove;
    };
    expect(above(null)).toBe(0);
    // It would print those four once more, below themselves.
    expect(above({ backend: 'conpty', buildNumber: 22631 })).toBe(4);
  });

  it('says titles, bells, messages and progress', () => {
    const one = screen();
    const heard: unknown[] = [];
    one.onDidChangeTitle((title) => heard.push(title));
    one.onDidRing(() => heard.push('bell'));
    one.onDidSay((message) => heard.push(message));
    one.write('\x1b]0;a title\x07\x07\x1b]9;it is done\x07\x1b]777;notify;Title;body\x1b\\\x1b]9;4;1;40\x07');
    expect(heard).toEqual([
      'a title',
      'bell',
      { kind: 'text', text: 'it is done' },
      { kind: 'text', text: 'Title: body' },
      { kind: 'progress', progress: { state: 'normal', percent: 40 } },
    ]);
  });

  it('answers what a program asks its terminal, and nothing that the program could choose', () => {
    const one = screen();
    let replies = '';
    one.onDidReply((reply) => (replies += reply));
    one.write('\x1b[c\x1b[6n');
    expect(replies).toBe('\x1b[?1;2c\x1b[1;1R');
    replies = '';
    one.write('\x1b]0;evil; rm -rf ~\x07\x1b[21t\x1b[20t\x1b]52;c;?\x07\x1bP$q;touch x\r\x1b\\');
    expect(replies).not.toMatch(/evil|touch|rm/);
  });

  it('can be built again from a snapshot in the middle of a sequence', () => {
    const one = screen();
    const tail = new SequenceTail();
    for (const piece of ['plain \x1b[3', '1mred\x1b]0;ti']) {
      one.write(piece);
      tail.follow(piece);
    }
    const viewer = viewerOf(one, tail.text);
    const titles: string[] = [];
    viewer.onDidChangeTitle((title) => titles.push(title));
    one.write('tle\x07 more');
    viewer.write('tle\x07 more');
    expect(titles).toEqual(['title']);
    expect(viewer.serialize()).toBe(one.serialize());
    expect(viewer.text(1)).toBe('plain red more');
  });

  it.each([
    ['the alternate screen, entered in colour', '\x1b[31mred\x1b[?1049h\x1b[2;3Htext'],
    ['the mouse, SGR reports, paste and focus', '\x1b[?1002h\x1b[?1006h\x1b[?2004h\x1b[?1004h'],
    ['keys and keypad', '\x1b[?1h\x1b='],
    ['a hidden cursor of its own shape', '\x1b[?25l\x1b[6 q'],
    ['a scroll region', 'a\r\nb\r\nc\x1b[2;4r\x1b[3;5H'],
    ['origin mode', '\x1b[2;4r\x1b[?6h\x1b[2;2H'],
    ['insert mode and no wrap', '\x1b[4h\x1b[?7l'],
    ['line drawing', '\x1b(0lqqk'],
    ['wide characters and emoji', '日本語 👩‍👩‍👧 é'],
    ['colours and styles', '\x1b[1;38;2;1;2;3;48;5;20mab\x1b[0;3;4mcd\x1b[7m ef'],
    ['text behind a link', '\x1b]8;;http://a.example/\x07link\x1b]8;;\x07 text'],
    ['a link on a line that is gone', '\x1b]8;;http://a.example/\x07link\x1b[M'],
    ['parts of Hangul that were kept apart', '\u1100\x00\u1100\u1161\u11a8'],
    ['a mark at the beginning of a folded line', `${'x'.repeat(39)}\x1b[1;41H\u65e5\r\u0301`],
    ['lines above the screen', Array.from({ length: 30 }, (_, i) => `line ${String(i)}`).join('\r\n')],
  ])('goes on from a snapshot as the original does, with %s', (_, setup) => {
    const one = screen();
    one.write(setup);
    const viewer = viewerOf(one);
    expect(viewer.serialize()).toBe(one.serialize());
    for (const more of ['next', '\r\n\n\nq\x1b[A\x1b[2Kz', '\x1b[?1049l', 'end\x1b[!p\x1b[m.']) {
      one.write(more);
      viewer.write(more);
      expect(viewer.serialize()).toBe(one.serialize());
    }
  });

  it('survives random bytes, and a snapshot of what they leave can be shown', () => {
    const random = generator(7);
    const one = screen();
    for (let round = 0; round < 200; round++) {
      one.write(String.fromCharCode(...Array.from({ length: 200 }, () => Math.floor(random() * 260))));
    }
    const viewer = viewerOf(one);
    expect(viewer.text(5)).toBe(one.text(5));
  });

  it('stays usable when another program follows one that was killed', () => {
    const one = screen();
    one.write('$ agent\r\n\x1b[?1049h\x1b[?1003h\x1b[?1006h\x1b[?2004h\x1b[?25l\x1b[31mfull screen');
    one.write(one.leaveProgram());
    one.write('$ next');
    expect(one.text(5)).toBe('$ agent\n$ next');
    for (const left of ['[?1003h', '[?1006h', '[?2004h', '[?25l', '[0;38;5;1m']) {
      expect(one.serialize()).not.toContain(`\x1b${left}`);
    }
  });

  it('begins a new line for the next program where the last one ended in one', () => {
    const one = screen();
    one.write('no line feed');
    one.write(`${one.leaveProgram()}next`);
    expect(one.text(5)).toBe('no line feed\nnext');
  });
});

/** Mulberry32: the same numbers in every run. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
