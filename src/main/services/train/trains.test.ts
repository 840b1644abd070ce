import { mkdtempSync, rmSync } from 'node:fs';
import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { silentLog } from '#main/base/log.ts';
import { isAlive } from '#main/base/test-is-alive.ts';
import { until } from '#main/base/test-until.ts';
import { hostFiles, readDescriptor } from '#main/ptyhost/host-files.ts';
import type { SideCheck } from '#main/services/conflicts/side-checks.ts';
import type { InvariantCommand } from '#main/services/gates/gate-ports.ts';
import { inOrder, readGates } from '#main/services/gates/gate-config.ts';
import { Git } from '#main/services/git/git.ts';
import { TestRepository } from '#main/services/git/test-repository.ts';
import { Store, type StoreValue } from '#main/services/store/store.ts';
import { Terminals } from '#main/services/terminals/terminals.ts';
import type { DecisionKind } from '#shared/contract/runs.ts';
import type { Train } from '#shared/contract/train.ts';
import { runId, type RunId } from '#shared/ids.ts';

import { composeTrains, testProject } from './test-trains.ts';
import type { Trains } from './trains.ts';

const project = testProject;
const program = fileURLToPath(import.meta.resolve('#main/ptyhost/main.ts'));

/** Once it is full, every write fails as SQLite itself fails on a full disk. */
class FillingStore extends Store {
  isFull = false;

  override run(sql: string, ...values: readonly StoreValue[]): void {
    if (this.isFull) {
      this.all('PRAGMA max_page_count = 1');
      super.run("INSERT INTO trains VALUES ('more', ?)", 'x'.repeat(1_000_000));
    }
    this.all('PRAGMA max_page_count = 1000000');
    super.run(sql, ...values);
  }
}

describe('the train', () => {
  let folder: string;
  let repository: TestRepository;
  let git: Git;
  let terminals: Terminals;
  let store: FillingStore;
  let trains: Trains;
  let declared: unknown;
  let invariantCommands: InvariantCommand[];
  let promises: SideCheck[];
  let setup: { command: string; timeoutMilliseconds: number } | null;
  let isTrusted: boolean;
  let last: Train | null;
  const runs = new Map<RunId, { branch: string; decision: DecisionKind }>();

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'train-'));
    repository = await TestRepository.createEmpty();
    await repository.write('plan.md', 'one\ntwo\nthree\n');
    await repository.commit('Begin');
    git = new Git({ log: silentLog, env: repository.env });
    terminals = new Terminals({
      platform: process.platform,
      log: silentLog,
      stateFolder: folder,
      ptyHost: { execPath: process.execPath, args: [program], idleMilliseconds: 60_000 },
      environment: { PATH: process.env['PATH'], LANG: 'C' },
    });
    store = new FillingStore({ path: join(folder, 'state.db'), log: silentLog });
    declared = [{ id: 'tests', run: 'test ! -e broken' }];
    invariantCommands = [];
    promises = [];
    setup = null;
    isTrusted = true;
    last = null;
    runs.clear();
    trains = begin();
  });

  afterEach(async () => {
    await trains.end();
    const pid = readDescriptor(hostFiles(folder).descriptor)?.pid;
    terminals.dispose();
    if (pid !== undefined && isAlive(pid)) process.kill(pid, 'SIGKILL');
    await until(() => pid === undefined || !isAlive(pid));
    store.dispose();
    await repository.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  function begin(): Trains {
    const made = composeTrains({
      git,
      projectPath: repository.path,
      root: repository.root,
      terminals,
      store,
      folder,
      run: (id) => runs.get(id) ?? null,
      project: () => ({
        gates: inOrder(readGates(declared).gates),
        invariantCommands,
        setup,
        copy: [],
        isTrusted,
      }),
      promises: (id) => (id === 'run-c' ? promises : []),
    });
    made.onDidChange(project, (train) => {
      last = train;
    });
    return made;
  }

  /** A kept run with one commit. */
  async function keep(branch: string, files: Readonly<Record<string, string>>): Promise<RunId> {
    const path = join(repository.root, `make-${branch}`);
    await repository.git('worktree', 'add', '-q', '-b', branch, path, 'main');
    for (const [name, text] of Object.entries(files)) await repository.write(join(path, name), text);
    await repository.commit(`Work of ${branch}`, path);
    await repository.git('worktree', 'remove', '--force', path);
    const id = runId.parse(`run-${branch}`);
    runs.set(id, { branch, decision: 'keep' });
    return id;
  }

  const start = (...ids: RunId[]) => trains.start({ projectId: project, ids, method: 'merge' });

  const settled = (...states: Train['state'][]): Promise<Train> =>
    vi.waitFor(
      () => {
        if (!last || !states.includes(last.state))
          throw new Error(`it is ${last?.state ?? 'not there'}: ${last?.reason ?? ''}`);
        return last;
      },
      { timeout: 90_000, interval: 20 },
    );

  /** As Git makes it for us, and no more. */
  const addScratch = (path: string): Promise<string> => {
    const reason = 'Switchyard: merged files are checked here';
    return repository.git('worktree', 'add', '-q', '--detach', '--lock', '--reason', reason, path);
  };

  const carStates = (train: Train): readonly string[] => train.cars.map(({ state }) => state);
  const main = (): Promise<string> => repository.git('rev-parse', 'main');

  it('merges what is kept, one after the other, each after the gates have passed on the merged files', async () => {
    const one = await keep('one', { 'one.md': 'one\n' });
    const two = await keep('two', { 'two.md': 'two\n' });
    expect(await start(one, two)).toEqual({ ok: true, value: undefined });
    const train = await settled('done');
    expect(carStates(train)).toEqual(['merged', 'merged']);
    expect(await repository.git('log', '--first-parent', '--format=%s', 'main')).toBe(
      'Merge two into main\nMerge one into main\nBegin',
    );
    expect(await repository.git('log', '-1', '--format=%(trailers:key=Gates,valueonly)', 'main')).toBe(
      'tests passed\n',
    );
    expect(await readdir(repository.path)).toEqual(expect.arrayContaining(['one.md', 'two.md']));
    expect(await readdir(join(repository.root, 'worktrees'))).toEqual([]);
    expect(await repository.git('status', '--porcelain')).toBe('');
  });

  it('stops where a gate fails on the merged files, and says which two it takes to fail', async () => {
    declared = [{ id: 'tests', run: 'if [ -e a.md ] && [ -e c.md ]; then echo boom; exit 1; fi' }];
    const [a, b, c] = [
      await keep('a', { 'a.md': 'a\n' }),
      await keep('b', { 'b.md': 'b\n' }),
      await keep('c', { 'c.md': 'c\n' }),
    ];
    await start(a, b, c);
    const train = await settled('stopped');
    expect(carStates(train)).toEqual(['merged', 'merged', 'failed']);
    expect(train.cars[2]?.detail).toContain('“a” and “c” fail together; each of them passes alone.');
    expect(train.cars[2]?.failedGate?.title).toBe('tests');
    expect(await repository.git('log', '-1', '--format=%s', 'main')).toBe('Merge b into main');

    await trains.resume({ projectId: project, skip: true });
    expect(carStates(await settled('done'))).toEqual(['merged', 'merged', 'skipped']);
  });

  it('stops where what the specs promise, whose work a car brings together, fails on the merged files', async () => {
    promises = [
      { id: 'resolve:a', title: 'A is whole', command: 'grep -q whole a.md', test: null, timeoutMilliseconds: 60_000 },
    ];
    const [a, c] = [await keep('a', { 'a.md': 'a\n' }), await keep('c', { 'c.md': 'c\n' })];
    await start(a, c);
    const train = await settled('stopped');
    expect(carStates(train)).toEqual(['merged', 'failed']);
    expect(train.cars[1]?.detail).toContain('The criterion “A is whole” failed on the merged files');
    expect(await repository.git('log', '-1', '--format=%s', 'main')).toBe('Merge a into main');
  });

  it('stops where the command of an invariant fails on the merged files, and says which two it takes', async () => {
    const run = 'if [ -e a.md ] && [ -e c.md ]; then echo both; exit 1; fi';
    invariantCommands = [{ id: 'not-both', title: 'Not both', run, timeoutMinutes: 1, when: 'review' }];
    const [a, b, c] = [
      await keep('a', { 'a.md': 'a\n' }),
      await keep('b', { 'b.md': 'b\n' }),
      await keep('c', { 'c.md': 'c\n' }),
    ];
    await start(a, b, c);
    const train = await settled('stopped');
    expect(carStates(train)).toEqual(['merged', 'merged', 'failed']);
    expect(train.cars[2]?.detail).toContain('The command of the invariant “Not both” failed on the merged files');
    expect(train.cars[2]?.detail).toContain('“a” and “c” fail together; each of them passes alone.');
    expect(train.cars[2]?.failedGate?.title).toBe('Not both');
    expect(await repository.git('log', '-1', '--format=%(trailers:key=Invariants,valueonly)', 'main')).toBe(
      'not-both held\n',
    );
    // The evidence of what its author has since forbidden is not used: the command is another one.
    invariantCommands = [{ id: 'not-both', title: 'Not both', run: 'true', timeoutMinutes: 1, when: 'review' }];
    await trains.resume({ projectId: project, skip: false });
    expect(carStates(await settled('done'))).toEqual(['merged', 'merged', 'merged']);
  });

  it('stops where what a car brings breaks a rule, before anything is run, and names the place', async () => {
    declared = [{ id: 'tests', run: `touch '${join(folder, 'ran')}'` }];
    const good = await keep('good', { 'good.md': 'fine\n' });
    const bad = await keep('bad', { 'bad.md': 'fine\nnever\n' });
    const rule = '---\nrules:\n  lines: [{ match: never, say: Not ever. }]\n---\n\n# No never\n';
    await repository.write('.switchyard/invariants/no-never.md', rule);
    await repository.commit('A rule');
    const before = await main();
    await start(bad);
    const stopped = await settled('stopped');
    expect(stopped.cars[0]).toMatchObject({ state: 'failed', failedGate: null });
    expect(stopped.cars[0]?.detail).toContain('“No never”: This line matches never. Not ever. (bad.md:2)');
    expect(stopped.cars[0]?.detail).toContain('It fails without the others as well');
    expect(await main()).toBe(before);
    expect(await readdir(folder)).not.toContain('ran');
    await trains.abort({ projectId: project });
    await start(good);
    expect(carStates(await settled('done'))).toEqual(['merged']);
  });

  it('says of one that fails by itself that it does', async () => {
    const bad = await keep('bad', { broken: 'yes\n' });
    const before = await main();
    await start(bad);
    expect((await settled('stopped')).cars[0]?.detail).toContain('It fails without the others as well');
    expect(await main()).toBe(before);
  });

  it('stops at a conflict with nothing changed, and goes on without that car', async () => {
    const one = await keep('one', { 'plan.md': 'ONE\ntwo\nthree\n' });
    const two = await keep('two', { 'plan.md': 'uno\ntwo\nthree\n' });
    const three = await keep('three', { 'three.md': 'three\n' });
    await start(one, two, three);
    const train = await settled('stopped');
    expect(carStates(train)).toEqual(['merged', 'conflicts', 'waiting']);
    expect(train.cars[1]?.detail).toBe('1 file does not merge with what the base is now.');
    expect(train.cars[1]?.conflicts).toEqual([{ path: 'plan.md', reason: 'both changed the same lines' }]);
    await trains.resume({ projectId: project, skip: true });
    expect(carStates(await settled('done'))).toEqual(['merged', 'skipped', 'merged']);
  });

  it('works a car out anew when somebody moves the base while its gates run', async () => {
    const gate = join(folder, 'go');
    declared = [{ id: 'tests', run: `until [ -e '${gate}' ]; do sleep 0.05; done; ls >> '${gate}-seen'` }];
    const one = await keep('one', { 'one.md': 'one\n' });
    await start(one);
    await vi.waitFor(() => expect(last?.cars[0]?.detail).toMatch(/Running “tests”/u), { timeout: 60_000 });
    await repository.write('late.md', 'late\n');
    const late = await repository.commit('Somebody else’s');
    await writeFile(gate, '');
    await settled('done');
    expect(await repository.git('rev-parse', 'main^1')).toBe(late);
    // The gates have run on what the base is now, and not only on what it would have been.
    expect(await readFile(`${gate}-seen`, 'utf8')).toContain('late.md');
  });

  it('leaves a checkout with changes alone, and says so', async () => {
    const one = await keep('one', { 'plan.md': 'ONE\ntwo\nthree\n' });
    await repository.write('plan.md', 'mine\n');
    const before = await main();
    await start(one);
    expect((await settled('stopped')).cars[0]?.detail).toContain('not committed');
    expect(await main()).toBe(before);
    expect(await repository.git('diff', '--name-only')).toBe('plan.md');
  });

  it('is paused between two cars, resumed, and ended for good', async () => {
    const gate = join(folder, 'go');
    declared = [{ id: 'tests', run: `until [ -e '${gate}' ]; do sleep 0.05; done` }];
    const one = await keep('one', { 'one.md': 'one\n' });
    const two = await keep('two', { 'two.md': 'two\n' });
    await start(one, two);
    expect(await start(one)).toMatchObject({ ok: false, error: { kind: 'already-running' } });
    await trains.pause({ projectId: project });
    await writeFile(gate, '');
    expect(carStates(await settled('paused'))).toEqual(['merged', 'waiting']);
    rmSync(gate);
    await trains.resume({ projectId: project, skip: false });
    await vi.waitFor(() => expect(last?.cars[1]?.detail).toMatch(/Running/u), { timeout: 60_000 });
    await trains.abort({ projectId: project });
    expect(carStates(await settled('aborted'))).toEqual(['merged', 'waiting']);
    expect(await repository.git('log', '-1', '--format=%s', 'main')).toBe('Merge one into main');
    expect(await terminals.list()).toEqual([]);
    expect(await readdir(join(repository.root, 'worktrees'))).toEqual([]);
  });

  it('takes only what is kept and allowed, and does not write over what lies in its way', async () => {
    const one = await keep('one', { 'one.md': 'one\n' });
    runs.set(one, { branch: 'one', decision: 'pending' });
    expect(await start(one)).toMatchObject({ ok: false, error: { kind: 'not-kept', title: 'one' } });
    runs.set(one, { branch: 'one', decision: 'keep' });
    isTrusted = false;
    expect(await start(one)).toMatchObject({ ok: false, error: { kind: 'not-trusted' } });
    isTrusted = true;
    await mkdir(join(repository.root, 'worktrees', '.train'), { recursive: true });
    await writeFile(join(repository.root, 'worktrees', '.train', 'mine.txt'), 'mine\n');
    await start(one);
    expect((await settled('stopped')).reason).toContain('something else is there');
    expect(await readdir(join(repository.root, 'worktrees', '.train'))).toEqual(['mine.txt']);
  });

  it.each([
    [
      'a worktree of the person’s own',
      async (path: string) => repository.git('worktree', 'add', '-q', '--detach', path),
    ],
    [
      'a link to one',
      async (path: string) => {
        const elsewhere = join(repository.root, 'elsewhere');
        await addScratch(elsewhere);
        await mkdir(join(repository.root, 'worktrees'));
        await symlink(elsewhere, path);
      },
    ],
  ])('takes %s in the place of its own for nobody else’s', async (_what, make) => {
    const path = join(repository.root, 'worktrees', '.train');
    await make(path);
    await repository.write(join(path, 'plan.md'), 'not committed\n');
    const one = await keep('one', { 'one.md': 'one\n' });
    await start(one);
    expect((await settled('stopped')).reason).toContain('something else is there');
    await trains.abort({ projectId: project });
    expect(await readFile(join(path, 'plan.md'), 'utf8')).toBe('not committed\n');
    expect((await repository.git('worktree', 'list')).split('\n')).toHaveLength(2);
  });

  it('makes its worktree ready once, and stops when that fails', async () => {
    setup = {
      command: `echo x >> '${join(folder, 'setups')}'; test -e '${join(folder, 'ready')}'`,
      timeoutMilliseconds: 60_000,
    };
    const one = await keep('one', { 'one.md': 'one\n' });
    const two = await keep('two', { 'two.md': 'two\n' });
    await start(one, two);
    expect((await settled('stopped')).reason).toContain('setup command');
    await writeFile(join(folder, 'ready'), '');
    await trains.resume({ projectId: project, skip: false });
    await settled('done');
    // Once in vain and once for both cars.
    expect(await readFile(join(folder, 'setups'), 'utf8')).toBe('x\nx\n');
  });

  it('makes its worktree anew where nobody can say that it is ready, or other commands make it ready now', async () => {
    const scratch = join(repository.root, 'worktrees', '.train');
    const readied = (name: string) => ({
      command: `echo ${name} >> '${join(folder, 'setups')}'; echo ${name} > readied`,
      timeoutMilliseconds: 60_000,
    });
    await repository.write('.gitignore', 'readied\nstale\n');
    await repository.commit('Ignore');
    // As one was left that an earlier version made, or one that was killed while it did.
    await addScratch(scratch);
    await repository.write(join(scratch, 'stale'), 'x\n');
    const gate = join(folder, 'go');
    declared = [{ id: 'tests', run: `until [ -e '${gate}' ]; do sleep 0.05; done; cat readied; test ! -e stale` }];
    setup = readied('one');
    const one = await keep('one', { 'one.md': 'one\n' });
    const two = await keep('two', { 'two.md': 'two\n' });
    const three = await keep('three', { 'three.md': 'three\n' });
    await start(one, two, three);
    await vi.waitFor(() => expect(last?.cars[0]?.detail).toMatch(/Running/u), { timeout: 60_000 });
    await trains.pause({ projectId: project });
    await writeFile(gate, '');
    await settled('paused');
    setup = readied('two');
    await trains.resume({ projectId: project, skip: false });
    expect(carStates(await settled('done', 'stopped'))).toEqual(['merged', 'merged', 'merged']);
    expect(await readFile(join(folder, 'setups'), 'utf8')).toBe('one\ntwo\n');
  });

  it.each([
    ['a folder that Git was about to fill', async (path: string) => mkdir(path, { recursive: true })],
    [
      'a record without its folder',
      async (path: string) => {
        await addScratch(path);
        rmSync(path, { recursive: true });
      },
    ],
    [
      'a record that was not written to its end',
      async (path: string) => {
        await addScratch(path);
        rmSync(join(repository.path, '.git', 'worktrees', '.train', 'commondir'), { force: true });
        rmSync(join(repository.path, '.git', 'worktrees', 'train', 'commondir'), { force: true });
      },
    ],
    [
      'a lock that a crash has left',
      async (path: string) => {
        await addScratch(path);
        await writeFile(await repository.gitIn(path, 'rev-parse', '--git-path', 'index.lock'), '');
      },
    ],
  ])('goes on where a killed Git has left %s', async (_what, leave) => {
    await leave(join(repository.root, 'worktrees', '.train'));
    const one = await keep('one', { 'one.md': 'one\n' });
    await start(one);
    const train = await settled('done', 'stopped');
    expect(train.reason).toBeNull();
    expect(carStates(train)).toEqual(['merged']);
    expect((await repository.git('worktree', 'list')).split('\n')).toHaveLength(1);
  });

  it('lets no gate pass that changes what it is to check, and puts the files back before the next', async () => {
    await repository.write('code.txt', 'works\n');
    await repository.commit('Code');
    declared = [{ id: 'tests', run: 'sed -i s/broken/ok/ code.txt; echo built > report.txt; ! grep broken code.txt' }];
    const harmless = await keep('harmless', { 'one.md': 'one\n' });
    const broken = await keep('broken', { 'code.txt': 'broken\n' });
    await start(harmless, broken);
    const train = await settled('stopped', 'done');
    expect(carStates(train)).toEqual(['merged', 'failed']);
    expect(train.cars[1]?.detail).toContain('changed what it was to check, so it proves nothing: code.txt.');
    expect(await repository.git('show', 'main:code.txt')).toBe('works');
    // Nor is it held for a pass later on.
    await trains.resume({ projectId: project, skip: false });
    last = null;
    expect(carStates(await settled('stopped', 'done'))).toEqual(['merged', 'failed']);
    declared = [{ id: 'honest', run: 'cat code.txt; grep -q broken code.txt' }];
    await trains.resume({ projectId: project, skip: false });
    last = null;
    expect(carStates(await settled('stopped', 'done'))).toEqual(['merged', 'merged']);
  });

  it('does not take files for changed that never are as they are committed, and knows when a gate changes those', async () => {
    // Committed with line ends that the attributes forbid: Git shows it as changed in every checkout.
    await repository.write('.gitattributes', '*.txt -text\n');
    await repository.write('ends.txt', 'a\r\nb\r\n');
    await repository.commit('Line ends');
    await repository.write('.gitattributes', '*.txt text=auto eol=crlf\n');
    await repository.git('add', '.gitattributes');
    await repository.git('commit', '-qm', 'Attributes');
    const one = await keep('one', { 'one.md': 'one\n' });
    await repository.git('checkout', '-q', '--force', 'main');
    declared = [{ id: 'tests', run: 'true' }];
    await repository.git('update-index', '--assume-unchanged', 'ends.txt');
    await start(one);
    expect(carStates(await settled('done', 'stopped'))).toEqual(['merged']);
    declared = [{ id: 'tests', run: 'echo more >> ends.txt' }];
    const two = await keep('two', { 'two.md': 'two\n' });
    await start(two);
    expect((await settled('stopped')).cars[0]?.detail).toContain('proves nothing: ends.txt.');
  });

  it('stops and says so when the disk is full, and goes on when there is room', async () => {
    const gate = join(folder, 'go');
    declared = [{ id: 'tests', run: `until [ -e '${gate}' ]; do sleep 0.05; done` }];
    const one = await keep('one', { 'one.md': 'one\n' });
    const two = await keep('two', { 'two.md': 'two\n' });
    const before = await main();
    await start(one, two);
    await vi.waitFor(() => expect(last?.cars[0]?.detail).toMatch(/Running/u), { timeout: 60_000 });
    store.isFull = true;
    await writeFile(gate, '');
    const full = await settled('stopped');
    expect(full.reason).toMatch(/^The disk is full [^]*listed as merged is merged[^]*Make room, then resume\.$/u);
    expect(carStates(full)).toEqual(['waiting', 'waiting']);
    expect(await main()).toBe(before);
    // As long as there is none, it stays so.
    await trains.resume({ projectId: project, skip: false });
    expect((await settled('stopped')).reason).toMatch(/^The disk is full/u);
    store.isFull = false;
    await trains.resume({ projectId: project, skip: false });
    expect(carStates(await settled('done'))).toEqual(['merged', 'merged']);
  });

  it('is stopped, and not for ever under way, when the disk is full before it has begun', async () => {
    const one = await keep('one', { 'one.md': 'one\n' });
    store.isFull = true;
    expect(await start(one)).toEqual({ ok: true, value: undefined });
    expect((await settled('stopped')).reason).toMatch(/^The disk is full/u);
    await trains.abort({ projectId: project });
    await settled('aborted');
    store.isFull = false;
    await start(one);
    expect(carStates(await settled('done'))).toEqual(['merged']);
  });

  it('is where it was after being cut off at any moment, and the base never was at files that had not passed', async () => {
    // Seeded, so that a failure can be looked at again.
    let seed = 20_261_125;
    const random = (): number => {
      seed = (Math.imul(seed, 1_103_515_245) + 12_345) & 0x7fffffff;
      return seed / 0x7fffffff;
    };
    declared = [{ id: 'tests', run: 'sleep 0.1; test ! -e broken' }];
    // What it forbids is there only once both are merged.
    invariantCommands = [
      {
        id: 'apart',
        title: 'Apart',
        run: 'if [ -e a.md ] && [ -e e.md ]; then exit 1; fi',
        timeoutMinutes: 1,
        when: 'review',
      },
    ];
    const ids: RunId[] = [];
    for (const name of ['a', 'b', 'c', 'd']) ids.push(await keep(name, { [`${name}.md`]: `${name}\n` }));
    ids.splice(2, 0, await keep('bad', { broken: 'yes\n' }));
    ids.splice(4, 0, await keep('e', { 'e.md': 'e\n' }));
    const begun = await main();
    await start(...ids);
    for (let kills = 0; kills < 8; kills++) {
      await sleep(random() * 900);
      await trains.end();
      await everyMergeHasPassed(begun);
      trains = begin();
      if (last?.state === 'done') break;
      await trains.resume({ projectId: project, skip: last?.state === 'stopped' });
    }
    const settle = async (): Promise<Train> => {
      for (;;) {
        const train = await settled('done', 'stopped');
        if (train.state === 'done') return train;
        last = null;
        await trains.resume({ projectId: project, skip: true });
      }
    };
    const train = await settle();
    expect(carStates(train)).toEqual(['merged', 'merged', 'skipped', 'merged', 'skipped', 'merged']);
    await everyMergeHasPassed(begun);
    for (const name of ['a', 'b', 'c', 'd']) {
      expect(await repository.git('merge-base', '--is-ancestor', name, 'main').then(() => 'in main')).toBe('in main');
    }
    await repository.git('fsck', '--no-dangling', '--strict');
  });

  /** Every commit that the base has been at since then has files on which the gate passes. */
  async function everyMergeHasPassed(since: string): Promise<void> {
    const reflog = await repository.git('reflog', 'show', '--format=%H', 'main');
    for (const commit of reflog.split('\n')) {
      if (commit === since) break;
      const files = await repository.git('ls-tree', '--name-only', commit);
      expect(files.split('\n')).not.toContain('broken');
      expect(files.split('\n').filter((name) => name === 'a.md' || name === 'e.md')).not.toHaveLength(2);
    }
  }
});
