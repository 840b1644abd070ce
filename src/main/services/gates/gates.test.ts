import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { Emitter } from '#main/base/lifecycle.ts';
import { silentLog } from '#main/base/log.ts';
import { isAlive } from '#main/base/test-is-alive.ts';
import { until } from '#main/base/test-until.ts';
import { hostFiles, readDescriptor } from '#main/ptyhost/host-files.ts';
import { Git } from '#main/services/git/git.ts';
import { TestRepository } from '#main/services/git/test-repository.ts';
import { presentCommit } from '#main/services/radar/present-commit.ts';
import { Store } from '#main/services/store/store.ts';
import { Terminals } from '#main/services/terminals/terminals.ts';
import type { CheckState, CheckStateKind, RunChecks } from '#shared/contract/gates.ts';
import { projectId, runId, terminalId } from '#shared/ids.ts';

import { CheckTerminals, endLeftoverChecks } from './check-terminals.ts';
import { EvidenceStore } from './evidence-store.ts';
import type { TestRunner } from './named-test.ts';
import { readGates } from './gate-config.ts';
import type { CheckedRun, Criterion, InvariantCommand } from './gate-ports.ts';
import { Gates } from './gates.ts';
import type { UnreadableCheck } from './unreadable-check.ts';

const project = projectId.parse('league');
const id = runId.parse('run-one');
const program = fileURLToPath(import.meta.resolve('#main/ptyhost/main.ts'));

describe('the checks of a run', () => {
  let folder: string;
  let repository: TestRepository;
  let terminals: Terminals;
  let store: Store;
  let gates: Gates;
  let declared: unknown;
  let criteria: Criterion[];
  let invariantCommands: InvariantCommand[];
  let unreadable: UnreadableCheck[];
  let tests: TestRunner | null;
  let isTrusted: boolean;
  let run: CheckedRun;
  let runsChanged: Emitter<typeof project>;
  let declarationsChanged: Emitter<void>;
  let looked: Emitter<{ runId: typeof id; tree: string }>;
  let worktree: string;
  const states = new Map<string, RunChecks>();
  /** Every push, in order. */
  const pushed: RunChecks[] = [];

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'gates-'));
    repository = await TestRepository.createEmpty();
    await repository.write('app.txt', 'one\n');
    await repository.commit('Begin');
    worktree = join(repository.root, 'work');
    await repository.git('worktree', 'add', '-q', '-b', 'work', worktree);
    terminals = new Terminals({
      platform: process.platform,
      log: silentLog,
      stateFolder: folder,
      ptyHost: { execPath: process.execPath, args: [program], idleMilliseconds: 60_000 },
      environment: { PATH: process.env['PATH'], LANG: 'C' },
    });
    store = new Store({ path: join(folder, 'state.db'), log: silentLog });
    declared = [];
    criteria = [];
    invariantCommands = [];
    unreadable = [];
    tests = null;
    isTrusted = true;
    run = { id, projectId: project, spec: 'plan', alsoHolds: [], isInReview: false };
    runsChanged = new Emitter();
    declarationsChanged = new Emitter();
    looked = new Emitter();
    states.clear();
    gates = begin();
  });

  afterEach(async () => {
    await gates.end();
    const pid = readDescriptor(hostFiles(folder).descriptor)?.pid;
    terminals.dispose();
    if (pid !== undefined && isAlive(pid)) process.kill(pid, 'SIGKILL');
    await until(() => pid === undefined || !isAlive(pid));
    store.dispose();
    await repository.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  function begin(): Gates {
    const git = new Git({ log: silentLog, env: repository.env });
    const evidence = new EvidenceStore({ store, commonDir: folder });
    const made = new Gates({
      projects: {
        find: () => ({
          id: project,
          commonDir: folder,
          gates: readGates(declared).gates,
          unreadable,
          invariantCommands,
          tests,
          isTrusted,
        }),
        onDidChange: (_project, listener) => declarationsChanged.event(listener),
      },
      runs: {
        find: (asked) => (asked === run.id ? run : null),
        active: () => [run],
        onDidChange: (listener) => runsChanged.event(listener),
      },
      specs: { promises: () => Promise.resolve({ title: 'The plan', criteria, unreadable: [] }) },
      trees: {
        look: async () => {
          const tip = await repository.git('rev-parse', 'work').catch(() => null);
          if (tip === null || (await readdir(worktree).catch(() => null)) === null) return null;
          const { tree } = await presentCommit(git, repository.path, worktree, tip);
          return { tree, worktreePath: worktree };
        },
        onDidLook: (listener) => looked.event(listener),
      },
      terminals,
      evidence: () => evidence,
      shell: (command) => ({ command: '/bin/sh', args: ['-c', command] }),
      log: silentLog,
      changePace: { settle: 1, rest: 1 },
    });
    made.onDidChange(project, (push) => {
      if (push.kind !== 'changed') return;
      states.set(push.run.runId, push.run);
      pushed.push(push.run);
    });
    return made;
  }

  const check = (name: string): CheckState | undefined =>
    states.get(id)?.checks.find((each) => each.id === name || each.id === `gate:${name}`);

  const seen = (name: string, ...kinds: CheckStateKind[]): Promise<CheckState> =>
    vi.waitFor(
      () => {
        const found = check(name);
        if (!found || !kinds.includes(found.state)) throw new Error(`${name} is ${found?.state ?? 'not there'}`);
        return found;
      },
      { timeout: 60_000, interval: 20 },
    );

  const start = (checks: readonly string[] | null = null, again = false) =>
    gates.start({ id, checks: checks === null ? null : [...checks], again });

  /** Starts, and waits until nothing is queued or runs any more. */
  async function startAndFinish(checks: readonly string[] | null = null, again = false): Promise<void> {
    const from = pushed.length;
    expect(await start(checks, again)).toMatchObject({ ok: true });
    const isBusy = (state: RunChecks): boolean =>
      state.checks.some((each) => ['queued', 'running'].includes(each.state));
    await vi.waitFor(
      () => {
        const since = pushed.slice(from);
        const last = since.at(-1);
        if (!since.some(isBusy) || !last || isBusy(last)) throw new Error('it is not done');
      },
      { timeout: 60_000, interval: 20 },
    );
  }

  it('runs what the project declares, each behind what it needs, and keeps what it printed', async () => {
    declared = [
      { id: 'test', run: 'echo testing; test -f built', needs: ['build'] },
      {
        id: 'build',
        run: 'echo building && touch ../built-outside && echo done > built && rm built; touch built; rm built; true',
      },
      { id: 'tty', run: 'test -t 1 && stty size' },
    ];
    expect(await start()).toEqual({ ok: true, value: { queued: 3 } });
    const failed = await seen('test', 'failed');
    expect(failed.evidence).toMatchObject({ outcome: 'failed', exitCode: 1, reason: 'It ended with exit code 1.' });
    expect(await seen('build', 'passed')).toMatchObject({
      isStale: false,
      evidence: { outcome: 'passed', exitCode: 0 },
    });
    const tty = await seen('tty', 'passed');
    expect(await gates.log({ projectId: project, evidenceId: tty.evidence?.id ?? '' })).toEqual({
      ok: true,
      value: expect.stringMatching(/^\d+ \d+$/mu),
    });
    expect(await gates.log({ projectId: project, evidenceId: '../../state' })).toMatchObject({ ok: false });
  });

  it('does not run what has passed on this very tree, and shows what passed on another one as stale', async () => {
    const counter = join(folder, 'count');
    declared = [{ id: 'test', run: `echo x >> '${counter}'` }];
    await startAndFinish();
    const first = check('test');
    expect(first).toMatchObject({ state: 'passed', isStale: false });
    await startAndFinish();
    expect(await readFile(counter, 'utf8')).toBe('x\n');
    await writeFile(join(worktree, 'app.txt'), 'two\n');
    criteria = [{ id: 'a1', text: 'Is it right?', check: 'ask: Is it right?' }];
    expect(await gates.answer({ id, check: 'acceptance:a1', met: true, note: '' })).toMatchObject({ ok: true });
    await vi.waitFor(() => expect(check('test')).toMatchObject({ state: 'passed', isStale: true }), {
      timeout: 30_000,
    });
    await startAndFinish(['gate:test']);
    expect(check('test')).toMatchObject({ state: 'passed', isStale: false });
    expect(check('test')?.evidence?.id).not.toBe(first?.evidence?.id);
    await writeFile(join(worktree, 'app.txt'), 'one\n');
    await startAndFinish(['gate:test']);
    expect(check('test')).toMatchObject({ state: 'passed', isStale: false });
    expect(await readFile(counter, 'utf8')).toBe('x\nx\n');
    await startAndFinish(['gate:test'], true);
    expect(await readFile(counter, 'utf8')).toBe('x\nx\nx\n');
  });

  it.each([
    ['takes too long', { run: 'sleep 600', timeout: 0.05 }, 'timed-out', /longer than its 3 seconds/u],
    ['is ended from outside', { run: 'kill -9 $$' }, 'ended', /signal/u],
    ['is not there', { run: 'no-such-program-at-all' }, 'failed', /not found/u],
    ['prints without end and fails', { run: 'seq 1 300000; exit 3' }, 'failed', /exit code 3/u],
    ['leaves something in the background', { run: '(sleep 600 &) ; exit 4' }, 'failed', /exit code 4/u],
  ])('counts a gate that %s as failed, with its reason, and never as passed', async (_, gate, outcome, reason) => {
    declared = [{ id: 'gate', ...gate }];
    await start();
    const found = await seen('gate', 'failed');
    expect(found.evidence).toMatchObject({ outcome, reason: expect.stringMatching(reason) });
    await vi.waitFor(async () => expect(await terminals.list()).toEqual([]), { timeout: 30_000 });
  });

  it('does not run a gate whose need has failed, and says so', async () => {
    declared = [
      { id: 'build', title: 'The build', run: 'false' },
      { id: 'test', run: `touch '${join(folder, 'ran')}'`, needs: ['build'] },
    ];
    await start(['gate:test']);
    const test = await seen('test', 'failed');
    expect(test.evidence).toMatchObject({ outcome: 'not-started', reason: expect.stringContaining('“The build”') });
    expect(await readdir(folder)).not.toContain('ran');
  });

  it('ends what is cancelled, takes back what waits, and says of neither that it passed', async () => {
    declared = [
      { id: 'slow', run: 'echo begun; sleep 600' },
      { id: 'later', run: 'true' },
    ];
    await start();
    await seen('slow', 'running');
    await gates.cancel({ id });
    expect((await seen('slow', 'not-run')).evidence?.outcome).toBe('cancelled');
    await seen('later', 'not-run');
    expect(await terminals.list()).toEqual([]);
  });

  it('says that nothing is proved where the worktree changed while a gate ran', async () => {
    declared = [{ id: 'format', run: 'echo formatted > app.txt' }];
    await start();
    expect(await seen('format', 'passed')).toMatchObject({ isStale: true, evidence: { treeMoved: true } });
  });

  it('lists what cannot be read as soon as it is there, runs the rest, and takes nobody’s word for it', async () => {
    declared = [{ id: 'test', run: 'true' }];
    await startAndFinish();
    unreadable = [
      { kind: 'gate', title: 'lint', path: 'config.yaml', line: 3, message: 'Gate lint: `run` is missing.' },
    ];
    declarationsChanged.fire();
    const name = 'unreadable:config.yaml:3:Gate lint: `run` is missing.';
    expect(await seen(name, 'unreadable')).toMatchObject({
      kind: 'gate',
      title: 'lint',
      command: null,
      obstacle: 'config.yaml, line 3: Gate lint: `run` is missing.',
    });
    expect(check('test')).toMatchObject({ state: 'passed', isStale: false });
    expect(await gates.answer({ id, check: name, met: true, note: '' })).toMatchObject({ ok: false });
    unreadable = [];
    declarationsChanged.fire();
    await vi.waitFor(() => expect(check(name)).toBeUndefined(), { timeout: 60_000, interval: 20 });
  });

  it('runs no command of a config that the person has not allowed', async () => {
    isTrusted = false;
    declared = [{ id: 'evil', run: `touch '${join(folder, 'ran')}'` }];
    expect(await start()).toEqual({ ok: false, error: { kind: 'not-trusted' } });
    expect(await readdir(folder)).not.toContain('ran');
  });

  it('runs the commands of invariants like gates, and only when they are allowed', async () => {
    invariantCommands = [
      { id: 'escaped', title: 'Escaped', run: `touch '${join(folder, 'ran')}'`, timeoutMinutes: 1, when: 'review' },
    ];
    isTrusted = false;
    expect(await start()).toEqual({ ok: false, error: { kind: 'not-trusted' } });
    expect(await readdir(folder)).not.toContain('ran');
    isTrusted = true;
    await start();
    expect(await seen('invariant:escaped', 'passed')).toMatchObject({ kind: 'invariant', title: 'Escaped' });
    expect(await readdir(folder)).toContain('ran');
  });

  it('proves criteria by their commands, asks the person where they said so, and leaves the rest unproven', async () => {
    criteria = [
      { id: 'a1', text: 'It builds', check: 'true' },
      { id: 'a2', text: 'It is pretty', check: 'ask: Is the page pretty?' },
      { id: 'a3', text: 'It is fast', check: null },
    ];
    await start();
    await seen('acceptance:a1', 'passed');
    expect(await seen('acceptance:a2', 'asks')).toMatchObject({ question: 'Is the page pretty?' });
    expect((await seen('acceptance:a3', 'unproven')).evidence).toBeNull();
    expect(await gates.answer({ id, check: 'acceptance:a2', met: false, note: 'Too grey.' })).toMatchObject({
      ok: true,
    });
    expect((await seen('acceptance:a2', 'failed')).evidence).toMatchObject({ outcome: 'not-met', reason: 'Too grey.' });
    await gates.answer({ id, check: 'acceptance:a2', met: true, note: '' });
    await seen('acceptance:a2', 'passed');
    expect(await gates.answer({ id, check: 'acceptance:a1', met: true, note: '' })).toMatchObject({
      ok: false,
      error: { kind: 'not-a-question' },
    });
    expect(await start(['acceptance:a3'])).toMatchObject({ ok: false, error: { kind: 'nothing-to-run' } });
  });

  it('proves a criterion by a test of a name, and never because a program ended well without it', async () => {
    // As a test runner: it writes a report, and ends well whether it found a test of that name or not.
    const runner = join(folder, 'runner.sh');
    await writeFile(
      runner,
      `#!/bin/sh
case "$1" in
  *none*) cases='' ;;
  *skipped*) cases="<testcase classname='suite' name='$1'><skipped/></testcase>" ;;
  *fails*) cases="<testcase name='suite > $1'><failure message='no'>no</failure></testcase>" ;;
  *silent*) exit 0 ;;
  *broken*) printf '<testsuites><testcase name=' > "$2"; exit 0 ;;
  *) cases="<testcase classname='suite' name='other'/><testcase classname='a.test.ts' name='suite &gt; $1'/>" ;;
esac
printf '<?xml version="1.0"?><testsuites><testsuite name="all">%s</testsuite></testsuites>' "$cases" > "$2"
`,
      { mode: 0o755 },
    );
    const named = (name: string) => ({ id: name.replaceAll(/\W/gu, '-'), text: name, check: `test: ${name}` });
    criteria = ['it finds', 'none', 'skipped', 'fails', 'silent', 'broken', `$(touch ran) 'quoted' "x"`].map(named);
    await start();
    expect(await seen('acceptance:none', 'unproven')).toMatchObject({
      obstacle: expect.stringContaining('tests') as string,
    });
    tests = { run: `'${runner}' {name} {report}`, timeoutMinutes: 1 };
    isTrusted = false;
    expect(await start()).toEqual({ ok: false, error: { kind: 'not-trusted' } });
    isTrusted = true;
    await start();
    const reasonOf = async (check: string): Promise<string | null | undefined> =>
      (await seen(`acceptance:${check}`, 'failed')).evidence?.reason;
    expect(await seen('acceptance:it-finds', 'passed')).toMatchObject({ isStale: false });
    expect(await reasonOf('none')).toContain('none is called “none”');
    expect(await reasonOf('skipped')).toContain('skipped');
    expect(await reasonOf('fails')).toContain('failed');
    expect(await reasonOf('silent')).toContain('wrote no report');
    expect(await reasonOf('broken')).toContain('cannot be read');
    await seen(`acceptance:${criteria[6]!.id}`, 'failed');
    expect(await readdir(worktree)).not.toContain('ran');
  });

  it('checks a run by itself when it comes to review, and remembers what it found over a restart', async () => {
    declared = [
      { id: 'test', run: 'true' },
      { id: 'by-hand', run: 'true; true', when: 'by-hand' },
    ];
    runsChanged.fire(project);
    run = { ...run, isInReview: true };
    runsChanged.fire(project);
    await seen('test', 'passed');
    expect(check('by-hand')?.state).toBe('not-run');
    await gates.end();
    states.clear();
    gates = begin();
    expect(await seen('test', 'passed')).toMatchObject({ isStale: true });
    await startAndFinish();
    expect(check('test')).toMatchObject({ state: 'passed', isStale: false });
  });

  it('runs with every change of a branch what is to be run then, and nothing else', async () => {
    declared = [
      { id: 'usual', run: 'true; true' },
      { id: 'quick', run: 'test ! -e broken', when: 'change' },
    ];
    invariantCommands = [
      { id: 'clean', title: 'Clean', run: 'test ! -e dirty', timeoutMinutes: 1, when: 'change' },
      { id: 'slow', title: 'Slow', run: 'test ! -e dirt', timeoutMinutes: 1, when: 'review' },
    ];
    const look = async (): Promise<void> => {
      const tip = await repository.git('rev-parse', 'work');
      const { tree } = await presentCommit(
        new Git({ log: silentLog, env: repository.env }),
        repository.path,
        worktree,
        tip,
      );
      looked.fire({ runId: id, tree });
    };
    await look();
    await seen('quick', 'passed');
    await seen('invariant:clean', 'passed');
    await repository.write(join(worktree, 'dirty'), 'dirt\n');
    await look();
    const broken = await seen('invariant:clean', 'failed');
    expect(broken.isStale).toBe(false);
    await rm(join(worktree, 'dirty'));
    await look();
    await seen('invariant:clean', 'passed');
    // What was proved on this tree before is known, and the others wait for the review.
    expect(store.all('SELECT id FROM evidence WHERE check_id = ?', 'invariant:clean')).toHaveLength(2);
    expect([check('usual')?.state, check('invariant:slow')?.state]).toEqual(['not-run', 'not-run']);
  });

  it('runs nothing of a project by itself that the person has not allowed', async () => {
    isTrusted = false;
    declared = [{ id: 'quick', run: 'touch ran', when: 'change' }];
    looked.fire({ runId: id, tree: 'a'.repeat(40) });
    await seen('quick', 'not-run');
    await gates.end();
    expect(await readdir(worktree)).not.toContain('ran');
  });

  it('runs nothing beside a check that was left running in the worktree, whichever version of the app left it', async () => {
    const left = (name: string): string => join(folder, `left-${name}`);
    // As an app leaves them that was killed: the pty host goes on with them.
    const former = new CheckTerminals({ kind: 'check', terminals, log: silentLog });
    const ids = ['check-0123456789abcdef', former.next(worktree).replace(/^(check-\w{12})-\w{8}/u, '$1-00000000')];
    for (const [index, name] of ids.entries()) {
      const terminal = terminalId.parse(name);
      await terminals.create(terminal, { cols: 80, rows: 24 });
      const script = `trap 'echo late >> app.txt; exit 0' HUP; echo $$ > '${left(String(index))}'; while :; do sleep 0.05; done`;
      await terminals.start(terminal, { command: '/bin/sh', args: ['-c', script], cwd: worktree, env: {} });
    }
    const pids = await Promise.all(
      ids.map(async (_, index) => {
        await until(() => existsSync(left(String(index))) && statSync(left(String(index))).size > 0);
        return Number(await readFile(left(String(index)), 'utf8'));
      }),
    );
    declared = [{ id: 'test', run: `for pid in ${pids.join(' ')}; do ! kill -0 $pid || exit 9; done; cat app.txt` }];
    await startAndFinish();
    // What was left had its last word before the files were looked at, so they did not change while the check ran.
    expect(check('test')).toMatchObject({ state: 'passed', isStale: false });
    expect(await readFile(join(worktree, 'app.txt'), 'utf8')).toBe('one\nlate\nlate\n');
    expect(await terminals.list()).toEqual([]);
    expect(store.all('SELECT outcome FROM evidence')).toEqual([{ outcome: 'passed' }]);
  });

  it('leaves the checks of another worktree running', async () => {
    const other = new CheckTerminals({ kind: 'train', terminals, log: silentLog });
    const terminal = other.next(join(folder, 'elsewhere'));
    await terminals.create(terminal, { cols: 80, rows: 24 });
    await terminals.start(terminal, { command: '/bin/sh', args: ['-c', 'sleep 600'], cwd: folder, env: {} });
    declared = [{ id: 'test', run: 'true' }];
    await startAndFinish();
    expect(await endLeftoverChecks(terminals)).toEqual([]);
    expect(await terminals.list()).toMatchObject([{ id: terminal, exit: null }]);
  });

  it('takes a need for not met that changed the files while it ran', async () => {
    // It passes, and puts back in the end what the next one looks at.
    declared = [
      { id: 'build', title: 'The build', run: 'if [ -e extra ]; then rm extra; else echo more > extra; fi' },
      { id: 'test', run: 'true', needs: ['build'] },
    ];
    await startAndFinish(['gate:build']);
    await startAndFinish(['gate:build']);
    await startAndFinish(['gate:test']);
    expect(check('test')?.evidence).toMatchObject({ outcome: 'not-started' });
  });

  it('says that the worktree is gone instead of checking something else', async () => {
    declared = [{ id: 'test', run: 'true' }];
    await rm(worktree, { recursive: true });
    expect(await start()).toEqual({ ok: false, error: { kind: 'worktree-missing' } });
  });
});
