import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { silentLog } from '#main/base/log.ts';
import { until } from '#main/base/test-until.ts';
import type { TerminalId } from '#shared/ids.ts';

import { childEnvironment } from './child-environment.ts';
import { hostFiles } from './host-files.ts';
import { encodeKept, type ScreenToKeep } from './kept-screen.ts';
import { KeptScreens } from './kept-screens.ts';
import { processesOfTerminal } from './process-tree.ts';
import { protocolVersion } from './protocol.ts';
import { PtyHost } from './pty-host.ts';
import { keeperPace } from './screen-keeper.ts';

const id = 'test-1' as TerminalId;
const env = childEnvironment({ PATH: process.env['PATH'] }, {}, process.platform);
const size = { cols: 80, rows: 24, scrollback: 1000 };
const grace = { hangupMilliseconds: 150, terminateMilliseconds: 150, killMilliseconds: 5000 };

let folder: string;
let screensFolder: string;
let hosts: PtyHost[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kept-screens-'));
  screensFolder = join(folder, 'screens');
  hosts = [];
});
afterEach(async () => {
  for (const host of hosts) {
    await Promise.all(host.all().map((each) => host.remove(each.id)));
    host.dispose();
  }
  rmSync(folder, { recursive: true, force: true });
});

/** A host on the folder, as if the former one had just ended. */
function host(pace = { ...keeperPace, lookMilliseconds: 20, spacingMilliseconds: 50, quietMilliseconds: 50 }): PtyHost {
  const screens = new KeptScreens(screensFolder, silentLog);
  const made = new PtyHost({ platform: process.platform, stateFolder: folder, grace, log: silentLog, screens, pace });
  hosts.push(made);
  return made;
}

const start = async (on: PtyHost, script: string): Promise<void> => {
  on.create({ id, ...size });
  const started = await on.start(id, { command: 'sh', args: ['-c', script], cwd: folder, env });
  expect(started).toMatchObject({ ok: true });
};
const file = (): string => join(screensFolder, `${id}.screen`);
const fileText = (): string => {
  try {
    return readFileSync(file(), 'utf8');
  } catch {
    return '';
  }
};
const screenOf = (on: PtyHost): string => {
  const kept = on.find(id)!.toKeep(Infinity);
  return JSON.stringify([kept.screen, kept.title, kept.cols, kept.rows, kept.scrollback]);
};

const toKeep = (screen: string, more: Partial<ScreenToKeep> = {}): ScreenToKeep => ({
  id,
  ...size,
  title: 'a title',
  createdAt: 1,
  lastOutputAt: 2,
  pid: null,
  exit: { code: 0, signal: null },
  screen,
  ...more,
});

describe('the last screen of a terminal', () => {
  it('is there after a crash of the host, with scrollback, modes, title and size, and says that nobody saw the end', async () => {
    const first = host();
    await start(
      first,
      `i=0; while [ $i -lt 300 ]; do i=$((i+1)); echo "line $i 日本"; done; printf '\\033]0;at work\\007\\033[?1049h\\033[?1003h\\033[?2004h\\033[31mon the other screen'; exec sleep 300`,
    );
    first.find(id)!.resize(100, 30);
    await until(() => fileText().includes('on the other screen') && fileText().includes('line 1 日本'));
    const before = screenOf(first);
    const second = host();
    const [info] = second.list();
    expect(info).toMatchObject({ id, pid: null, title: 'at work', cols: 100, rows: 30, started: true });
    expect(info?.exit).toMatchObject({ code: null, signal: null, lost: { cause: 'host', isWhole: false } });
    expect(info?.exit?.lost?.keptAt).toBeLessThanOrEqual(Date.now());
    expect(screenOf(second)).toBe(before);
    expect(second.find(id)!.text(1000)).toContain('on the other screen');
  });

  it('goes on as any ended terminal does when another process is started in it', async () => {
    const first = host();
    await start(first, 'echo before; exec sleep 300');
    await until(() => fileText().includes('before'));
    const second = host();
    expect(second.create({ id, ...size })).toBeUndefined();
    expect(await second.start(id, { command: 'echo', args: ['after'], cwd: folder, env })).toMatchObject({ ok: true });
    await until(() => second.find(id)!.info().exit?.code === 0);
    expect(second.find(id)!.text(5)).toBe('before\nafter');
  });

  it('tells the exit code of a process that ended before the host did', async () => {
    const first = host();
    await start(first, 'echo done; exit 7');
    await until(() => fileText().includes('"exit":{"code":7'));
    expect(host().list()).toMatchObject([{ exit: { code: 7, signal: null } }]);
  });

  it('is whole when the host was asked to end', async () => {
    const first = host({ ...keeperPace, lookMilliseconds: 100_000 });
    await start(first, 'echo last words; exec sleep 300');
    await until(() => first.find(id)!.text(1) === 'last words');
    expect(await first.keepAll({ isLast: true })).toBe(true);
    const second = host();
    expect(second.list()).toMatchObject([{ exit: { lost: { cause: 'host', isWhole: true } } }]);
    expect(second.find(id)!.text(1)).toBe('last words');
  });

  it('says whether the machine was restarted, also when it is asked again much later', () => {
    mkdirSync(screensFolder, { recursive: true });
    writeFileSync(file(), encodeKept(toKeep('old', { exit: null }), { keptAt: 1000, isLast: false }));
    const lost = { code: null, signal: null, lost: { cause: 'machine', keptAt: 1000, isWhole: false } };
    // Too old by now to be kept at all.
    expect(host().list()).toEqual([]);
    const keptAt = Date.now() - 40 * 24 * 3600 * 1000;
    writeFileSync(file(), encodeKept(toKeep('old', { exit: null }), { keptAt, isLast: false }));
    const expected = { ...lost, lost: { ...lost.lost, keptAt } };
    expect(host().list()).toMatchObject([{ exit: expected }]);
    expect(host().list()).toMatchObject([{ exit: expected }]);
  });

  it('goes with the terminal, is for its owner only, and is not written when nothing has changed', async () => {
    const first = host();
    await start(first, 'echo here; exec sleep 300');
    await until(() => fileText().includes('here'));
    await until(async () => {
      const before = fileText();
      await new Promise((resolve) => setTimeout(resolve, 300));
      return fileText() === before;
    });
    expect(statSync(file()).mode & 0o777).toBe(0o600);
    expect(statSync(screensFolder).mode & 0o777).toBe(0o700);
    await first.remove(id);
    expect(readdirSync(screensFolder)).toEqual([]);
    expect(host().list()).toEqual([]);
  });

  it('is kept with as many lines as there is time for while output floods, and with all of them afterwards', async () => {
    const first = host();
    await start(first, 'seq 1 200000; echo THE_END; exec sleep 300');
    await until(() => fileText().includes('THE_END') && fileText().includes('\n199050\r'));
    expect(screenOf(host())).toBe(screenOf(first));
  });

  it('ends what the system’s hangup has not ended, before anything else is started there', async () => {
    const first = host();
    await start(first, `trap '' HUP; echo ready; while :; do sleep 0.1; done`);
    await until(() => fileText().includes('ready'));
    const living = (): Promise<number[]> => processesOfTerminal(process.platform, null, first.marker(id));
    const [root] = await living();
    first.dispose();
    const second = host();
    expect(await second.start(id, { command: 'sleep', args: ['300'], cwd: folder, env })).toMatchObject({ ok: true });
    expect(await living()).toEqual([second.find(id)!.pid]);
    expect(root).not.toBe(second.find(id)!.pid);
  });
});

describe('the folder of last screens', () => {
  it('puts aside what is no screen, and half of one, and begins with the others', () => {
    mkdirSync(screensFolder, { recursive: true });
    const at = { keptAt: Date.now(), isLast: false };
    const write = (name: string, content: Buffer | string): void => {
      writeFileSync(join(screensFolder, name), content);
    };
    const whole = encodeKept(toKeep('good'), at);
    write('test-1.screen', whole);
    write('half-1.screen', whole.subarray(0, whole.length - 2));
    write('other-1.screen', whole);
    write('empty-1.screen', '');
    write('binary-1.screen', Buffer.alloc(100_000, 0xff));
    write('-.screen', 'x');
    write('json-1.screen', '{"format":"switchyard-screen","version":99}\n');
    mkdirSync(join(screensFolder, 'folder-1.screen'));
    write('test-1.screen.new', 'begun and not ended');
    write('notes.txt', 'somebody else’s');
    expect(
      host()
        .list()
        .map((info) => info.id),
    ).toEqual([id]);
    expect(readdirSync(screensFolder).toSorted()).toEqual(
      [
        'test-1.screen',
        'notes.txt',
        ...['half-1', 'other-1', 'empty-1', 'binary-1', '-', 'json-1', 'folder-1'].map(
          (name) => `${name}.screen.unreadable`,
        ),
      ].toSorted(),
    );
  });

  it('never shows what was changed on disk, and says so in its place', () => {
    mkdirSync(screensFolder, { recursive: true });
    const whole = encodeKept(toKeep('good'), { keptAt: Date.now(), isLast: false });
    writeFileSync(file(), Buffer.concat([whole.subarray(0, -4), Buffer.from('evil')]));
    const on = host();
    expect(on.find(id)!.text(5)).toBe('Its last screen could not be read from disk.');
    expect(on.find(id)!.info()).toMatchObject({ title: 'a title', exit: { code: 0 } });
  });

  it('removes with a terminal, or when it is old, also what was put aside', async () => {
    mkdirSync(screensFolder, { recursive: true });
    writeFileSync(file(), 'what an agent said, and no header');
    const aside = `${id}.screen.unreadable`;
    const on = host();
    expect(readdirSync(screensFolder)).toEqual([aside]);
    await on.remove(id);
    expect(readdirSync(screensFolder)).toEqual([]);

    writeFileSync(join(screensFolder, aside), 'as before');
    host();
    expect(readdirSync(screensFolder)).toEqual([aside]);
    const old = new Date(Date.now() - 61 * 24 * 3600 * 1000);
    utimesSync(join(screensFolder, aside), old, old);
    host();
    expect(readdirSync(screensFolder)).toEqual([]);
  });

  it('keeps the former screen when a write is cut off, whenever that is', async () => {
    const screens = new KeptScreens(screensFolder, silentLog);
    const of = (text: string): Buffer => encodeKept(toKeep(text), { keptAt: Date.now(), isLast: false });
    await screens.write(id, of('first'));
    const second = of('second');
    for (let length = 0; length <= second.length; length += 50) {
      writeFileSync(`${file()}.new`, second);
      truncateSync(`${file()}.new`, length);
      const read = new KeptScreens(screensFolder, silentLog).read(id);
      expect(read.ok && read.value.screen).toBe('first');
      expect(readdirSync(screensFolder)).toEqual([`${id}.screen`]);
    }
  });

  it('lets the oldest go when there is too much', () => {
    const screens = new KeptScreens(screensFolder, silentLog, { mostBytes: 45_000 });
    const now = Date.now();
    for (let age = 0; age < 5; age++) {
      const one = `test-${String(age)}` as TerminalId;
      const kept = { ...toKeep('x'.repeat(10_000)), id: one };
      screens.writeNow(one, encodeKept(kept, { keptAt: now - age, isLast: false }));
    }
    expect([...screens.find(now).keys()]).toEqual(['test-0', 'test-1', 'test-2', 'test-3']);
    expect(readdirSync(screensFolder)).toHaveLength(4);
  });

  it('lets what another host has left go before what is in use here, when there is too much of both', async () => {
    const screens = new KeptScreens(screensFolder, silentLog, { mostBytes: 45_000 });
    const on = new PtyHost({
      platform: process.platform,
      stateFolder: folder,
      grace,
      log: silentLog,
      screens,
      pace: { ...keeperPace, lookMilliseconds: 20, spacingMilliseconds: 50, quietMilliseconds: 50 },
    });
    hosts.push(on);
    await start(on, 'echo here; exec sleep 300');
    await until(() => fileText().includes('here'));
    const others = hostFiles(folder, protocolVersion.major + 1);
    mkdirSync(others.screens, { recursive: true });
    writeFileSync(others.lock, '');
    for (let age = 0; age < 5; age++) {
      const one = `other-${String(age)}` as TerminalId;
      const kept = { ...toKeep('x'.repeat(10_000)), id: one };
      // Newer than what is here.
      const keptAt = Date.now() + 60_000 - age;
      writeFileSync(join(others.screens, `${one}.screen`), encodeKept(kept, { keptAt, isLast: true }));
    }
    expect(on.list().map((info) => info.id)).toEqual([id, 'other-0', 'other-1', 'other-2', 'other-3']);
    expect(fileText()).toContain('here');
    expect(readdirSync(screensFolder)).toHaveLength(5);
  });
});
