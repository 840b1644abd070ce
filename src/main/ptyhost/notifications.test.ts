import { describe, expect, it } from 'vitest';

import { KittyNotifications, oneLine, readOsc777, readOsc9 } from './notifications.ts';

const text = (message: string) => ({ kind: 'text', text: message });

describe('messages of programs', () => {
  it('reads a message in OSC 9, also one that begins with a number', () => {
    expect(readOsc9('Build done')).toEqual(text('Build done'));
    expect(readOsc9('5 tests failed; see log')).toEqual(text('5 tests failed; see log'));
  });

  it('reads progress in OSC 9;4', () => {
    expect(readOsc9('4;1;40')).toEqual({ kind: 'progress', progress: { state: 'normal', percent: 40 } });
    expect(readOsc9('4;3')).toEqual({ kind: 'progress', progress: { state: 'indeterminate', percent: null } });
    expect(readOsc9('4;2;999')).toEqual({ kind: 'progress', progress: { state: 'error', percent: 100 } });
    expect(readOsc9('4;0;0')).toEqual({ kind: 'progress', progress: { state: 'none', percent: 0 } });
  });

  it('ignores the other commands that share the number 9', () => {
    expect(readOsc9('9;C:\\work')).toBeNull();
    expect(readOsc9('12')).toBeNull();
    expect(readOsc9('')).toBeNull();
  });

  it('reads a title and a body in OSC 777', () => {
    expect(readOsc777('notify;Agent;needs you; now')).toEqual(text('Agent: needs you; now'));
    expect(readOsc777('notify;only a title')).toEqual(text('only a title'));
    expect(readOsc777('precmd')).toBeNull();
    expect(readOsc777('kilo;activity;1;busy;1200')).toEqual(text('kilo;activity;1;busy;1200'));
  });

  it('reads kitty’s, in one piece, in several, and in base64', () => {
    const kitty = new KittyNotifications();
    expect(kitty.read(';Hello')).toEqual(text('Hello'));
    expect(kitty.read('i=1:d=0:p=title;Half a ')).toBeNull();
    expect(kitty.read('i=1:d=0:p=title;title')).toBeNull();
    expect(kitty.read('i=1:p=body;and a body')).toEqual(text('Half a title: and a body'));
    expect(kitty.read(`e=1;${Buffer.from('coded').toString('base64')}`)).toEqual(text('coded'));
    expect(kitty.read('p=icon;xyz')).toBeNull();
    expect(kitty.read('no payload')).toBeNull();
  });

  it('makes one bounded line of anything', () => {
    expect(oneLine('a\r\n\tb\x1b[31m\u0000c')).toBe('a b [31m c');
    expect(oneLine('x'.repeat(10_000_000)).length).toBeLessThanOrEqual(500);
  });
});
