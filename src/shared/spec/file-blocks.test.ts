import { describe, expect, it } from 'vitest';

import { fileBlocks } from './file-blocks.ts';

describe('fileBlocks', () => {
  it('finds the files that a text quotes, and no other block', () => {
    const text = [
      'Write this:',
      '```ts file=src/a.ts',
      'export const a = 1;',
      '',
      '```',
      'Not this:',
      '```ts',
      'file=src/not.ts',
      '```',
      '~~~ file="with space.ts" note',
      'b',
      '~~~',
      '``` json file=\'it "is".json\'',
      '{}',
      '```',
    ].join('\n');
    expect(fileBlocks(text)).toEqual({
      blocks: [
        { path: 'src/a.ts', language: 'ts', text: 'export const a = 1;\n\n', line: 2 },
        { path: 'with space.ts', language: '', text: 'b\n', line: 10 },
        { path: 'it "is".json', language: 'json', text: '{}\n', line: 13 },
      ],
      problems: [],
    });
  });

  it('takes a file that has fences itself, quoted with longer ones', () => {
    const inner = '# Use\n\n```ts file=inner.ts\nx\n```\n\n~~~\ny\n~~~\n';
    const { blocks } = fileBlocks('````md file=README.md\n' + inner + '````\n');
    expect(blocks).toEqual([{ path: 'README.md', language: 'md', text: inner, line: 1 }]);
  });

  it('closes a fence only with one of its kind, at least as long, with nothing behind it', () => {
    const { blocks } = fileBlocks('```` file=a\n```\n~~~~\n```` x\n    ````\n`````  \nafter\n');
    expect(blocks.map(({ text }) => text)).toEqual(['```\n~~~~\n```` x\n    ````\n']);
  });

  it('takes the indentation of the block from each line, and no more', () => {
    const { blocks } = fileBlocks('  ```py file=a.py\n  def f():\n      pass\n less\n  ```\n');
    expect(blocks[0]?.text).toBe('def f():\n    pass\nless\n');
    expect(fileBlocks('    ``` file=a\n    x\n    ```\n').blocks).toEqual([]);
  });

  it('keeps line ends, empty files and the lack of a last newline in the text around', () => {
    expect(fileBlocks('``` file=a\r\none\r\ntwo\r\n```\r\n').blocks[0]?.text).toBe('one\r\ntwo\r\n');
    expect(fileBlocks('``` file=a\n```').blocks[0]?.text).toBe('');
  });

  it('hands paths over as they are written', () => {
    const { blocks } = fileBlocks('``` file=../../x\n```\n``` file=/etc/passwd\n```\n``` file=-rf\n```\n');
    expect(blocks.map(({ path }) => path)).toEqual(['../../x', '/etc/passwd', '-rf']);
  });

  it('takes no file that may be cut off or has no name, and says where', () => {
    expect(fileBlocks('text\n``` file=\nx\n```\n``` file=""\nx\n```\n``` file=a\nx\n')).toEqual({
      blocks: [],
      problems: [
        { line: 2, message: 'A file name must follow `file=`.' },
        { line: 5, message: 'A file name must follow `file=`.' },
        { line: 8, message: 'This block is never closed, so its file is not taken.' },
      ],
    });
  });

  it('finds nothing in text without blocks, and in inline code', () => {
    for (const text of ['', 'a ``` file=b ``` c\n', '``` file=a ``` b\n', '``file=a\n``\n']) {
      expect(fileBlocks(text)).toEqual({ blocks: [], problems: [] });
    }
  });
});
