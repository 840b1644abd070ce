import { mkdtempSync, rmSync } from 'node:fs';
import { readdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { Emitter } from '#main/base/lifecycle.ts';
import { silentLog } from '#main/base/log.ts';
import { isAlive } from '#main/base/test-is-alive.ts';
import { until } from '#main/base/test-until.ts';
import { hostFiles, readDescriptor } from '#main/ptyhost/host-files.ts';
import { EvidenceStore } from '#main/services/gates/evidence-store.ts';
import { inOrder, readGates } from '#main/services/gates/gate-config.ts';
import { Git } from '#main/services/git/git.ts';
import { resolveBase } from '#main/services/git/resolve.ts';
import { TestRepository } from '#main/services/git/test-repository.ts';
import { presentCommit } from '#main/services/radar/present-commit.ts';
import type { LookedAt } from '#main/services/radar/project-radar.ts';
import { Store } from '#main/services/store/store.ts';
import { Terminals } from '#main/services/terminals/terminals.ts';
import type { PairCheck } from '#shared/contract/pairs.ts';
import { projectId, runId, type RunId } from '#shared/ids.ts';

import { PairChecks } from './pair-checks.ts';

const project = projectId.parse('league');
const program = fileURLToPath(import.meta.resolve('#main/ptyhost/main.ts'));

describe('the gates on two branches together', () => {
  let folder: string;
  let repository: TestRepository;
  let terminals: Terminals;
  let store: Store;
  let pairs: PairChecks;
  let declared: unknown;
  let isTrusted: boolean;
  let unreadable: readonly string[];
  let last: readonly PairCheck[];
  const looked = new Emitter<LookedAt>();

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'pairs-'));
    repository = await TestRepository.createEmpty();
    await repository.write('plan.md', 'one\ntwo\nthree\n');
    await repository.commit('Begin');
    const git = new Git({ log: silentLog, env: repository.env });
    terminals = new Terminals({
      platform: process.platform,
      log: silentLog,
      stateFolder: folder,
      ptyHost: { execPath: process.execPath, args: [program], idleMilliseconds: 60_000 },
      environment: { PATH: process.env['PATH'], LANG: 'C' },
    });
    store = new Store({ path: join(folder, 'state.db'), log: silentLog });
    const evidence = new EvidenceStore({ store, commonDir: folder });
    declared = [{ id: 'tests', run: 'ls; ! { test -e a.txt && test -e b.txt; }' }];
    isTrusted = true;
    unreadable = [];
    last = [];
    pairs = new PairChecks({
      git,
      projects: {
        find: () => ({
          id: project,
          path: repository.path,
          commonDir: join(repository.path, '.git'),
          worktreeFolder: join(repository.root, 'worktrees'),
          gates: inOrder(readGates(declared).gates),
          setup: null,
          copy: [],
          isTrusted,
          invariantCommands: [],
          unreadable,
          needsTrust: true,
          shell: (command) => ({ command: '/bin/sh', args: ['-c', command] }),
        }),
      },
      sideOf: async (id) => {
        const branch = id.replace('run-', '');
        const [tip] = [await repository.git('rev-parse', branch).catch(() => null)];
        if (tip === null) return null;
        const { commit } = await presentCommit(git, repository.path, join(repository.root, branch), tip);
        return { projectId: project, title: branch, base: 'main', seen: commit, commit };
      },
      baseOf: (_id, base) => resolveBase(git, repository.path, base),
      onDidLook: (listener) => looked.event(listener),
      evidence: () => evidence,
      terminals,
      log: silentLog,
    });
    pairs.onDidChange(project, (checks) => {
      last = checks;
    });
  });

  afterEach(async () => {
    await pairs.end();
    const pid = readDescriptor(hostFiles(folder).descriptor)?.pid;
    terminals.dispose();
    if (pid !== undefined && isAlive(pid)) process.kill(pid, 'SIGKILL');
    await until(() => pid === undefined || !isAlive(pid));
    store.dispose();
    await repository.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  /** A worktree with a file that is not committed. */
  async function branch(name: string, path: string, text = 'x\n'): Promise<RunId> {
    await repository.git('worktree', 'add', '-q', '-b', name, join(repository.root, name), 'main');
    await writeFile(join(repository.root, name, path), text);
    return runId.parse(`run-${name}`);
  }

  const ended = (): Promise<PairCheck> =>
    vi.waitFor(
      () => {
        const check = last.at(-1);
        if (!check || check.state === 'running') throw new Error(`not ended: ${JSON.stringify(last)}`);
        return check;
      },
      { timeout: 60_000, interval: 20 },
    );

  it('fail where each alone passes, and touch neither branch, the base nor the checkout', async () => {
    const [one, two] = [await branch('one', 'a.txt'), await branch('two', 'b.txt')];
    const before = await repository.refs();
    expect(await pairs.check({ a: one, b: null })).toMatchObject({ ok: true });
    expect(await ended()).toMatchObject({ a: one, b: null, state: 'passed', gates: [{ state: 'passed' }] });
    expect(await pairs.check({ a: two, b: null })).toMatchObject({ ok: true });
    await vi.waitFor(() => expect(last).toHaveLength(2));
    expect(await ended()).toMatchObject({ state: 'passed' });

    expect(await pairs.check({ a: one, b: two })).toMatchObject({ ok: true });
    await vi.waitFor(() => expect(last).toHaveLength(3));
    const together = await ended();
    expect(together).toMatchObject({ a: one, b: two, state: 'failed', detail: null, isStale: false });
    expect(together.gates[0]).toMatchObject({ state: 'failed', reason: 'It ended with exit code 1.' });
    expect(together.gates[0]?.evidenceId).not.toBeNull();

    expect(await repository.refs()).toBe(before);
    expect(await repository.git('status', '--porcelain')).toBe('');
    expect(await readdir(repository.path)).toEqual(['.git', 'plan.md']);
    expect(await repository.gitIn(join(repository.root, 'one'), 'status', '--porcelain')).toBe('?? a.txt');
  });

  it('are of an earlier state once one of the two has changed', async () => {
    const [one, two] = [await branch('one', 'a.txt'), await branch('two', 'c.txt')];
    await pairs.check({ a: one, b: two });
    expect(await ended()).toMatchObject({ state: 'passed', isStale: false });
    looked.fire({ runId: two, tree: 't', commit: 'another', base: null });
    expect(last[0]?.isStale).toBe(true);
  });

  it('are refused with the reason: a collision, a gate that cannot be read, no gates, commands that are not allowed, a run that is gone', async () => {
    const [one, two] = [await branch('one', 'plan.md', 'a\n'), await branch('two', 'plan.md', 'b\n')];
    expect(await pairs.check({ a: one, b: two })).toEqual({
      ok: false,
      error: { kind: 'conflicts', paths: ['plan.md'] },
    });
    expect(await pairs.check({ a: one, b: runId.parse('run-nobody') })).toMatchObject({
      error: { kind: 'run-missing' },
    });
    unreadable = ['A gate cannot be read.'];
    expect(await pairs.check({ a: one, b: null })).toMatchObject({
      error: { kind: 'unreadable-checks', problems: ['A gate cannot be read.'] },
    });
    unreadable = [];
    isTrusted = false;
    expect(await pairs.check({ a: one, b: null })).toMatchObject({ error: { kind: 'not-trusted' } });
    declared = [];
    expect(await pairs.check({ a: one, b: null })).toMatchObject({ error: { kind: 'no-gates' } });
    expect(last).toEqual([]);
  });

  it('prove nothing by a gate that changes the files, and give the next one the files as they are merged', async () => {
    declared = [
      { id: 'fixes', run: 'sed -i s/one/ok/ plan.md; echo report > report.txt; ! grep one plan.md' },
      { id: 'reads', run: 'grep -q one plan.md && test ! -e report.txt' },
    ];
    const one = await branch('one', 'a.txt');
    for (const time of ['first', 'again']) {
      expect(await pairs.check({ a: one, b: null }), time).toMatchObject({ ok: true });
      expect(await ended()).toMatchObject({
        state: 'failed',
        gates: [
          { state: 'failed', reason: expect.stringContaining('proves nothing: plan.md.') as string },
          { state: 'passed', reason: null },
        ],
      });
    }
  });

  it('one pair at a time; what runs can be cancelled, and says so', async () => {
    declared = [
      { id: 'slow', run: 'touch started; sleep 600' },
      { id: 'after', run: 'true', needs: ['slow'] },
    ];
    const one = await branch('one', 'a.txt');
    expect(await pairs.check({ a: one, b: null })).toMatchObject({ ok: true });
    const started = join(repository.root, 'worktrees', '.pair', 'started');
    await vi.waitFor(async () => expect(await readdir(join(started, '..')).catch(() => [])).toContain('started'), {
      timeout: 60_000,
      interval: 20,
    });
    expect(await pairs.check({ a: one, b: null })).toMatchObject({ error: { kind: 'busy' } });
    await pairs.cancel({ projectId: project });
    expect(await ended()).toMatchObject({ state: 'cancelled' });
    declared = [{ id: 'quick', run: 'test ! -e started' }];
    expect(await pairs.check({ a: one, b: null })).toMatchObject({ ok: true });
    await vi.waitFor(() => expect(last.at(-1)?.gates[0]?.id).toBe('quick'));
    // What the cancelled one has left is gone.
    expect(await ended()).toMatchObject({ state: 'passed' });
  });
});
