import { describe, expect, it } from 'vitest';

import { anchorAt, findAnchor, linesOf, type Found } from './anchor.ts';

const text = `import { open } from './open';

export function first(): number {
  const value = open('first');
  return value;
}

export function second(): number {
  const value = open('second');
  return value;
}
`;

/** Where the line at `line` of one text is in another one. */
function follow(line: number, after: string, before = text): Found {
  const anchor = anchorAt(linesOf(before), line);
  if (anchor === null) throw new Error(`there is no line ${String(line)}`);
  return findAnchor(linesOf(after), anchor);
}

describe('a line that was commented on', () => {
  it.each(linesOf(text).map((_, index) => index + 1))('is found where it was in the same text (line %i)', (line) => {
    expect(follow(line, text)).toEqual({ kind: 'there', line });
  });

  it('moves with what is written above it', () => {
    expect(follow(9, `// new\n// lines\n${text}`)).toEqual({ kind: 'there', line: 11 });
  });

  it('is the same one when it is only indented, or its line ends change', () => {
    expect(follow(4, text.replaceAll(/^/gmu, '    '))).toEqual({ kind: 'there', line: 4 });
    expect(follow(4, text.replaceAll('\n', '\r\n'))).toEqual({ kind: 'there', line: 4 });
  });

  it('is changed when something else stands in its place', () => {
    expect(follow(4, text.replace("open('first')", "open('other')"))).toEqual({ kind: 'changed', line: 4 });
    expect(follow(4, text.replace("  const value = open('first');\n", ''))).toMatchObject({ kind: 'changed' });
    expect(follow(4, text.replace("  const value = open('first');\n", '  // a\n  // b\n  // c\n'))).toEqual({
      kind: 'changed',
      line: 4,
    });
  });

  it('is not taken for a line elsewhere that says the same', () => {
    // Both functions return `value`; the first one's line is changed, the second one's is not.
    expect(follow(5, text.replace('return value;', 'return value + 1;'))).toEqual({ kind: 'changed', line: 5 });
    expect(follow(10, text.replace('return value;', 'return value + 1;'))).toEqual({ kind: 'there', line: 10 });
  });

  it('is found when it was moved as it is', () => {
    const moved = `${text.replace("import { open } from './open';\n", '')}import { open } from './open';\n`;
    expect(follow(1, moved)).toEqual({ kind: 'there', line: 11 });
  });

  it('is gone when nothing around it is left', () => {
    expect(follow(4, 'a whole\nother\nfile\n')).toEqual({ kind: 'gone' });
    expect(follow(4, '')).toEqual({ kind: 'gone' });
  });

  it('is not taken for a brace somewhere', () => {
    expect(follow(6, 'other();\n}\nmore();\n')).toEqual({ kind: 'gone' });
  });

  it('can be the only one', () => {
    expect(follow(1, 'one\n', 'one\n')).toEqual({ kind: 'there', line: 1 });
    expect(follow(1, 'two\n', 'one\n')).toEqual({ kind: 'changed', line: 1 });
  });

  it('is none when there is no such line', () => {
    expect(anchorAt(linesOf('one\n'), 2)).toBeNull();
    expect(anchorAt(linesOf(''), 1)).toBeNull();
  });

  it('is found in a text of 100,000 lines that are all alike, and in a line of a megabyte', () => {
    const same = 'same\n'.repeat(100_000);
    expect(follow(50_000, same, same)).toEqual({ kind: 'there', line: 50_000 });
    const long = `${'x'.repeat(1_000_000)}\n`;
    expect(follow(1, long, long)).toEqual({ kind: 'there', line: 1 });
  });
});
