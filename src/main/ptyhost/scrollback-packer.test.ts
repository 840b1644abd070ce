import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { silentLog } from '#main/base/log.ts';
import { until } from '#main/base/test-until.ts';
import type { TerminalFrame } from '#shared/contract/terminals.ts';
import type { TerminalId } from '#shared/ids.ts';

import { childEnvironment } from './child-environment.ts';
import type { HostTerminal } from './host-terminal.ts';
import { PtyHost } from './pty-host.ts';

const env = childEnvironment({ PATH: process.env['PATH'] }, {}, process.platform);
const grace = { hangupMilliseconds: 150, terminateMilliseconds: 150, killMilliseconds: 5000 };
const numbers = Array.from({ length: 2000 }, (_, index) => String(index + 1)).join('\n');

let folder: string;
let host: PtyHost;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'scrollback-packer-'));
  host = new PtyHost({ platform: process.platform, stateFolder: folder, grace, log: silentLog });
});
afterEach(async () => {
  await Promise.all(host.all().map(({ id }) => host.remove(id)));
  host.dispose();
  rmSync(folder, { recursive: true, force: true });
});

async function start(name: string): Promise<HostTerminal> {
  const id = name as TerminalId;
  host.create({ id, cols: 80, rows: 24, scrollback: 5000 });
  const command = { command: 'sh', args: ['-c', 'seq 2000; read more; seq 3'], cwd: folder, env };
  expect(await host.start(id, command)).toMatchObject({ ok: true });
  const terminal = host.find(id)!;
  await until(() => terminal.text(1) === '2000');
  return terminal;
}

describe('terminals that nobody watches', () => {
  it('are packed, and are for whoever comes what they were', async () => {
    const watched = await start('watched');
    const hidden = await start('hidden');
    watched.attach('somebody', () => undefined);
    await until(() => hidden.packedRows > 1000);
    expect(watched.packedRows).toBe(0);

    const frames: TerminalFrame[] = [];
    const viewing = hidden.attach('late', (frame) => frames.push(frame));
    expect(frames[0]).toMatchObject({ kind: 'snapshot', data: watched.snapshot('whole').data });
    expect(hidden.packedRows).toBe(0);
    expect(hidden.text(5000)).toBe(numbers);
    viewing.dispose();

    await until(() => hidden.packedRows > 1000);
    hidden.write('\n');
    await until(() => hidden.info().exit?.code === 0);
    expect(hidden.text(5000)).toBe(`${numbers}\n\n1\n2\n3`);
  });

  it('may be removed while others are packed', async () => {
    const [first, second] = [await start('first'), await start('second')];
    await host.remove(first.id);
    await until(() => second.packedRows > 1000);
    expect(second.text(5000)).toBe(numbers);
  });
});
