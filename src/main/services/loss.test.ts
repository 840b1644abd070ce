import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { until } from '#main/base/test-until.ts';
import type { Run } from '#shared/contract/runs.ts';
import type { AgentId } from '#shared/ids.ts';

import { HaltedGit } from './test-halted-git.ts';
import { TestWorld, type TestHost } from './test-host.ts';

/* Nothing that anybody wrote is lost: not by a deletion, not by a merge, whatever is written at the same moment. */

let world: TestWorld;
let host: TestHost;
beforeEach(async () => {
  world = await TestWorld.create();
  await world.writeSpec('one', { 'one.txt': 'one\n' });
});
afterEach(async () => {
  await world.remove();
});

const shell = { agentId: 'shell' as AgentId };

async function workingRun(): Promise<Run> {
  host = await world.start();
  await host.open();
  const [id] = await host.spawn(shell);
  return host.until(id!, (run) => run.status.kind === 'working' || run.status.kind === 'idle');
}

/** Every file of a folder but Git's own, by its name's bytes: kind, whether it can be executed, and what is in it. */
function picture(folder: string): Record<string, string> {
  const found: Record<string, string> = {};
  const walk = (path: Buffer, name: string): void => {
    for (const entry of readdirSync(path, { encoding: 'buffer' })) {
      const at = Buffer.concat([path, Buffer.from('/'), entry]);
      const as = `${name}${entry.toString('latin1')}`;
      if (as === '.git') continue;
      const stats = lstatSync(at);
      if (stats.isDirectory()) walk(at, `${as}/`);
      else if (stats.isSymbolicLink())
        found[as] = `link to ${readlinkSync(at, { encoding: 'buffer' }).toString('latin1')}`;
      else
        found[as] =
          `${stats.mode & 0o100 ? 'x' : '-'} ${createHash('sha1').update(readFileSync(at)).digest('hex').slice(0, 8)} ${JSON.stringify(readFileSync(at, 'latin1').slice(0, 60))}`;
    }
  };
  walk(Buffer.from(folder), '');
  return found;
}

const gitIn = (cwd: string, ...args: string[]): string =>
  execFileSync('git', args, { cwd, env: world.repository.env, encoding: 'latin1' });

const stateOf = (worktree: string): unknown => ({
  files: picture(worktree),
  status: gitIn(worktree, 'status', '--porcelain=v2', '-z', '--branch', '--untracked-files=all'),
  index: gitIn(worktree, 'ls-files', '--stage', '-z'),
});

describe('a run that was deleted', () => {
  it.each([
    ['as Git is', []],
    ['where Git converts line ends', ['core.autocrlf', 'true']],
  ])('comes back byte for byte, %s', async (_what, config) => {
    if (config.length > 0) await world.repository.git('config', '--global', ...config);
    await world.repository.write('crlf.txt', 'a\r\nb\r\n');
    await world.repository.write('lf.txt', 'a\nb\n');
    await world.repository.write('mixed.txt', 'a\nb\r\n');
    await world.repository.write('tool.sh', '#!/bin/sh\n');
    await world.repository.write('gone.txt', 'to be deleted\n');
    await world.repository.write('.gitattributes', '*.eol text eol=crlf\n*.id ident\n');
    await world.repository.write('x.eol', 'a\nb\n');
    await world.repository.write('x.id', '$Id$\n');
    await world.repository.commit('Line ends');
    const run = await workingRun();
    const at = (name: string): string => join(run.worktreePath, name);
    writeFileSync(at('crlf.txt'), 'a\r\nchanged\r\n');
    writeFileSync(at('lf.txt'), 'a\nchanged\n');
    writeFileSync(at('mixed.txt'), 'a\r\nchanged\nc\r');
    writeFileSync(at('x.eol'), 'a\nchanged\r\n');
    writeFileSync(at('x.id'), '$Id: mine $\nchanged\n');
    writeFileSync(at('new-mixed.txt'), 'a\r\nb\nc\r\n');
    writeFileSync(at('new-lf.eol'), 'a\nb\n');
    chmodSync(at('tool.sh'), 0o755);
    writeFileSync(at('new tool.sh'), '#!/bin/sh\n', { mode: 0o755 });
    symlinkSync('../../nowhere', at('link'));
    symlinkSync('/etc', at('folder link'));
    writeFileSync(at('line\nbreak and "quotes".txt'), 'x\n');
    writeFileSync(Buffer.concat([Buffer.from(at('latin-')), Buffer.from([0xe9, 0xff])]), 'not UTF-8 in name\n');
    writeFileSync(at('-rf'), 'dash\n');
    writeFileSync(at(':(glob)*'), 'pathspec\n');
    writeFileSync(at('binary.bin'), Buffer.from([0, 1, 2, 13, 10, 255, 10, 13]));
    writeFileSync(at('empty'), '');
    mkdirSync(at('deep/er'), { recursive: true });
    writeFileSync(at('deep/er/file.txt'), 'deep\n');
    gitIn(run.worktreePath, 'rm', '-q', '--', 'gone.txt');
    writeFileSync(at('staged.txt'), 'staged\n');
    gitIn(run.worktreePath, 'add', 'staged.txt');
    writeFileSync(at('staged.txt'), 'staged\nand changed since\n');
    writeFileSync(at('app.ts'), 'untracked\n');
    gitIn(run.worktreePath, 'mv', 'src/app.ts', 'src/moved.ts');
    const before = stateOf(run.worktreePath);
    const snapshot = await host.discard(run.id);
    const restored = await host.api.runs.restoreSnapshot({ projectId: host.project.id, ref: snapshot! });
    expect(restored).toMatchObject({ ok: true, value: { worktreePath: run.worktreePath } });
    expect(stateOf(run.worktreePath)).toEqual(before);
  });
});

describe('a deletion while somebody writes', () => {
  const planned = async (run: Run): Promise<string> => {
    const plan = await host.api.runs.planRemoval({ id: run.id });
    return plan.ok ? plan.value.fingerprint : '';
  };
  /** Writes as an editor does, by the file's name. False: it could not, and its person is told. */
  const written = (path: string): boolean => {
    try {
      writeFileSync(path, 'a line of work\n');
      return true;
    } catch {
      return false;
    }
  };

  it.each([
    ['before the snapshot', 'before', 'hash-object -w'],
    ['after the snapshot', 'after', 'refs/switchyard/snapshots/'],
    ['before the folder is deleted', 'before', 'worktree remove'],
    ['before the branch is deleted', 'before', 'update-ref -d refs/heads/'],
  ] as const)('keeps what is written %s, or is refused', async (_what, where, words) => {
    const git = new HaltedGit(world.at('bin'), where, words);
    const run = await workingRun();
    writeFileSync(join(run.worktreePath, 'shown.txt'), 'shown\n');
    const removing = host.api.runs.remove({ id: run.id, fingerprint: await planned(run) });
    await git.reached();
    const isWritten = written(join(run.worktreePath, 'late.txt'));
    git.goOn();
    const removed = await removing;
    const snapshot = removed.ok ? removed.value.snapshot : null;
    if (snapshot !== null) await host.api.runs.restoreSnapshot({ projectId: host.project.id, ref: snapshot });
    expect(removed.ok || removed.error.kind).not.toBe('more-would-be-lost');
    const files = picture(run.worktreePath);
    expect(files['shown.txt']).toContain('shown');
    expect(Object.hasOwn(files, 'late.txt')).toBe(isWritten);
  });

  it('ends the agent first, with all that it has left running, and keeps what they wrote until then', async () => {
    const run = await workingRun();
    const log = join(run.worktreePath, 'log.txt');
    const writer = `i=0; while :; do i=$((i+1)); echo $i >>log.txt; echo $i >${world.at('acknowledged')}; sleep 0.01; done`;
    await host.api.terminals.write({
      id: run.terminalId!,
      data: `setsid sh -c '${writer.replaceAll("'", `'\\''`)}' </dev/null >/dev/null 2>&1 & exit\r`,
    });
    await host.until(run.id, ({ status }) => status.kind === 'exited');
    await until(() => existsSync(log) && existsSync(world.at('acknowledged')), 'it writes');
    const snapshot = await host.discard(run.id);
    const last = readFileSync(world.at('acknowledged'), 'utf8').trim();
    const restored = await host.api.runs.restoreSnapshot({ projectId: host.project.id, ref: snapshot! });
    expect(restored).toMatchObject({ ok: true });
    expect(readFileSync(log, 'utf8').split('\n')).toContain(last);
  });
});

describe('a merge while the agent commits', () => {
  it('takes what was shown, keeps the newer commit on its branch, and does not call it merged', async () => {
    const git = new HaltedGit(world.at('bin'), 'before', 'merge --ff-only');
    await world.repository.commit('Specs');
    const run = await workingRun();
    const commit = (file: string): string => {
      writeFileSync(join(run.worktreePath, file), `${file}\n`);
      gitIn(run.worktreePath, 'add', '-A');
      gitIn(run.worktreePath, 'commit', '-q', '-m', file);
      return gitIn(run.worktreePath, 'rev-parse', 'HEAD').trim();
    };
    commit('first.txt');
    await host.api.runs.decide({ id: run.id, decision: 'keep', reason: '' });
    const preview = await host.api.merges.preview({ id: run.id, method: 'merge' });
    if (!preview.ok) throw new Error(JSON.stringify(preview.error));
    const { baseCommit, branchCommit, message } = preview.value;
    const merging = host.api.merges.merge({ id: run.id, method: 'merge', baseCommit, branchCommit, message });
    await git.reached();
    const second = commit('second.txt');
    git.goOn();
    expect(await merging).toMatchObject({ ok: true, value: { checkout: 'fast-forwarded' } });
    expect(gitIn(world.repository.path, 'rev-parse', run.branch).trim()).toBe(second);
    const now = await host.until(run.id, ({ merged, changes }) => merged === null && changes?.commits === 1);
    expect(now.decision.kind).toBe('keep');
    const again = await host.api.merges.preview({ id: run.id, method: 'squash' });
    if (!again.ok) throw new Error(JSON.stringify(again.error));
    expect(again.value).toMatchObject({ commits: 1, outcome: { kind: 'clean' } });
    const squashed = await host.api.merges.merge({ id: run.id, method: 'squash', ...again.value });
    expect(squashed).toMatchObject({ ok: true });
    await host.until(run.id, ({ merged }) => merged?.method === 'squash');
    commit('third.txt');
    await host.until(run.id, ({ merged }) => merged === null);
  });
});
