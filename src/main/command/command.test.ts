import { realpath, stat } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { HostLock } from '#main/base/host-lock.ts';
import { until } from '#main/base/test-until.ts';
import { FrameStream, mostHelloBytes } from '#main/ptyhost/frame-stream.ts';
import { TestWorld, type TestHost } from '#main/services/test-host.ts';
import { ok } from '#shared/result.ts';

import { parseCommandArguments } from './arguments.ts';
import { CommandListener } from './command-listener.ts';
import { dialHost } from './dial-host.ts';
import { runCommand } from './run-command.ts';

let world: TestWorld;
let host: TestHost;
let lock: HostLock;
let listener: CommandListener;
const version = '1.2.3';
const shown: string[] = [];
const logged: unknown[] = [];
const note = (...said: unknown[]): void => void logged.push(said);

beforeEach(async () => {
  world = await TestWorld.create();
  host = await world.start();
  const taken = HostLock.acquire(world.stateFolder(), 'headless');
  if (!taken.ok) throw new Error('the lock is held');
  lock = taken.value;
  listener = await CommandListener.listen({
    stateFolder: world.stateFolder(),
    platform: process.platform,
    version,
    api: {
      ...host.api,
      shell: {
        ...host.api.shell,
        open: ({ path }) => {
          shown.push(path);
          return Promise.resolve(ok({ address: null }));
        },
      },
    },
    log: { info: note, warn: note, error: note },
    onFault: (where, error) => {
      throw new Error(where, { cause: error });
    },
  });
  lock.announce({ address: null, door: listener.door });
});
afterEach(async () => {
  listener.dispose();
  lock.dispose();
  await world.remove();
});

/** What the command prints, typed in this folder. */
async function typed(
  line: readonly string[],
  folder = world.repository.path,
): Promise<{ text: string; data: unknown }> {
  const asked = parseCommandArguments(line, folder);
  if (!asked.ok) throw new Error(asked.error.message);
  const dialled = await dialHost(world.stateFolder(), version);
  if (!dialled.ok) throw new Error(dialled.error.kind);
  try {
    const outcome = await runCommand(asked.value, dialled.value.api);
    return outcome.ok ? outcome.value : { text: outcome.error.message, data: null };
  } finally {
    dialled.value.close();
  }
}

const spec = (title: string): string => `---\ntitle: ${title}\nagents: [shell]\n---\n\nDo it.\n`;

interface RunData {
  id: string;
  branch: string;
  worktree: string;
  status: { kind: string };
}

describe('the command, against a host that runs', () => {
  it('lists, spawns, says how it goes, from the worktree too, and stops', async () => {
    await world.repository.write('specs/log-in.md', spec('Log in'));
    await world.repository.write('specs/log-out.md', spec('Log out'));
    await world.repository.commit('Say what is next');

    await until(async () => (await typed(['list'])).text.includes('log-out'));
    const planned = await typed(['spawn', 'log-in', 'specs/log-out.md', '--dry-run', '--json']);
    expect(planned.data).toMatchObject([{ spec: 'log-in', agent: 'shell' }, { spec: 'log-out' }]);
    expect((await typed(['status'])).text).toBe('There are no runs yet.');

    const spawned = (await typed(['spawn', 'log-in', 'log-out', '--branch', 'by-hand/{slug}'])).data as RunData[];
    expect(spawned.map((run) => run.branch)).toEqual(['by-hand/log-in', 'by-hand/log-out']);
    const [first] = spawned;
    const now = async (): Promise<RunData> => ((await typed(['status', first!.id])).data as RunData[])[0]!;
    await until(async () => !['queued', 'preparing'].includes((await now()).status.kind));

    // An agent types it in its own worktree, and means the project of the run.
    const inWorktree = await typed(['status', 'by-hand/log-in', '--json'], (await now()).worktree);
    expect(inWorktree.data).toMatchObject([{ id: first!.id, spec: 'log-in' }]);

    expect((await typed(['stop', first!.id.slice(0, 6)])).text).toContain('is stopped');
    await until(async () => (await now()).status.kind === 'exited');
    expect(await stat((await now()).worktree)).toBeTruthy();
    expect((await typed(['stop', 'log-in'])).text).toContain('was not running');
  }, 120_000);

  it('says what it was not given to do, and does nothing', async () => {
    await world.repository.write('specs/log-in.md', spec('Log in'));
    await world.repository.commit('Say what is next');
    await until(async () => (await typed(['list'])).text.includes('log-in'));
    expect((await typed(['spawn', '../../etc/passwd'])).text).toContain('There is no spec');
    expect((await typed(['spawn', 'log-in', '--agent=--help'])).text).toContain('is no name of an agent');
    expect((await typed(['spawn', 'log-in', '--base', 'nowhere'])).text).toContain('Nothing was spawned');
    expect((await typed(['stop', 'nobody'])).text).toContain('There is no run “nobody”');
    expect((await typed(['list'], world.at())).text).toContain('no Git repository');
    expect((await typed(['status'])).text).toBe('There are no runs yet.');
  }, 60_000);

  it('shows a project, from a subfolder as well', async () => {
    await world.repository.write('deep/er/file.txt', 'x\n');
    expect((await typed(['open', 'deep/er'])).text).toContain('is open');
    expect(shown).toEqual([await realpath(world.repository.path)]);
  });

  it('prints nothing that an agent could move the cursor with', async () => {
    await world.repository.write('specs/evil.md', '---\ntitle: "Evil \\e[2J\\x07 title"\nagents: [shell]\n---\n');
    await world.repository.commit('Say what is next');
    await until(async () => (await typed(['list'])).text.includes('evil'));
    // oxlint-disable-next-line no-control-regex -- that there are none is the point
    expect((await typed(['list'])).text).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f]/);
  });
});

describe('who is let in', () => {
  it('is the person who can read the secret, and nobody else', async () => {
    const { address } = listener.door;
    expect((await stat(address)).mode & 0o777).toBe(0o600);
    expect((await stat(join(world.stateFolder(), 'host.json'))).mode & 0o777).toBe(0o600);
    for (const hello of [
      { hello: 'switchyard-command', version, secret: 'x'.repeat(64) },
      { hello: 'switchyard-command', version },
      { t: 'call', id: 1, path: 'host.info', input: {} },
      'nonsense',
    ]) {
      const stream = new FrameStream(connect(address), mostHelloBytes);
      const heard: unknown[] = [];
      stream.onMessage((message) => heard.push(message));
      const closed = new Promise<void>((resolve) => {
        stream.onClose(resolve);
      });
      stream.send(hello);
      stream.send({ t: 'call', id: 2, path: 'host.info', input: {} });
      await closed;
      expect(heard).toEqual([expect.objectContaining({ refused: expect.stringMatching(/hello|secret/) })]);
    }
    expect(JSON.stringify(logged)).toContain('refused a command');
    expect(JSON.stringify(logged)).not.toContain('xxxx');
  });

  it('is no command of another version, which is told so', async () => {
    const dialled = await dialHost(world.stateFolder(), '9.9.9');
    expect(dialled).toEqual({ ok: false, error: { kind: 'other-version', host: version } });
  });

  it('hears that nobody runs, and that one is not ready yet', async () => {
    lock.announce({ address: null, door: null });
    expect(await dialHost(world.stateFolder(), version)).toEqual({ ok: false, error: { kind: 'not-ready' } });
    lock.dispose();
    expect(await dialHost(world.stateFolder(), version)).toEqual({ ok: false, error: { kind: 'not-running' } });
    expect(await dialHost(world.at('never'), version)).toEqual({ ok: false, error: { kind: 'not-running' } });
  });
});
