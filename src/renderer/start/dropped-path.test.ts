import { describe, expect, it } from 'vitest';

import { droppedPath } from './dropped-path.ts';

const drop = (entries: Record<string, string>) => ({ getData: (format: string) => entries[format] ?? '' });

describe('a folder that is dropped on the window', () => {
  it('is opened where its place is known, with its odd characters as they are', () => {
    expect(droppedPath(drop({ 'text/uri-list': 'file:///home/me/my%20work/%C3%BCber\r\n' }), 'headless')).toEqual({
      kind: 'path',
      path: '/home/me/my work/über',
    });
    expect(droppedPath(drop({ 'text/uri-list': 'file:///C:/work' }), 'desktop')).toEqual({
      kind: 'path',
      path: 'C:/work',
    });
    expect(droppedPath(drop({ 'text/plain': '~/code' }), 'headless')).toEqual({ kind: 'path', path: '~/code' });
  });

  it('gets a sentence that says what to do where it is not', () => {
    for (const entries of [
      {},
      { 'text/plain': 'hello' },
      { 'text/uri-list': 'https://example.org/%' },
      { 'text/uri-list': 'file:///%E0%A4%A' },
    ])
      expect(droppedPath(drop(entries), 'headless')).toMatchObject({ kind: 'no-path' });
  });
});
