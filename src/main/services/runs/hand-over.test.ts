import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import type { Run } from '#shared/contract/runs.ts';
import { testRun } from '#shared/contract/test-run.ts';
import type { AgentId } from '#shared/ids.ts';

import { TestRuns } from './test-runs.ts';
import { workInWords } from './work-in-words.ts';

let test: TestRuns;
beforeEach(async () => {
  test = await TestRuns.create();
});
afterEach(async () => {
  await test.remove();
});

const working = (run: Run): boolean => run.status.kind === 'working';
const other = 'resumer' as AgentId;

describe('handing a run to another agent', () => {
  it('ends the first, and starts the second in the same worktree with a brief of what was done', async () => {
    const [id] = await test.spawn();
    const before = await test.until(id!, working);
    const { worktreePath } = before;
    await writeFile(join(worktreePath, 'done.ts'), 'one\ntwo\n');
    await test.repository.gitIn(worktreePath, 'add', '-A');
    await test.repository.gitIn(worktreePath, 'commit', '-qm', 'Do the first half');
    await writeFile(join(worktreePath, 'half.ts'), 'not finished');
    await test.runs.decide({ id: id!, decision: 'modify', reason: 'The tests are missing' });

    expect(await test.runs.continueWith({ id: id!, agentId: other, note: 'Begin with the tests.' })).toMatchObject({
      ok: true,
    });
    const run = test.run(id!);
    expect(run).toMatchObject({
      agent: { id: other },
      branch: before.branch,
      worktreePath,
      status: { kind: 'working' },
      promptVersion: 'v-toggles-handed',
    });
    expect(test.terminals.killed).toEqual([before.terminalId]);
    const start = test.terminals.started.at(-1)!;
    expect(start.cwd).toBe(worktreePath);
    const [told = ''] = start.args;
    expect(told).toContain('Do toggles on feature/ai-toggles');
    expect(told).toContain('Do the first half');
    expect(told).toContain('- done.ts (+2 -0)');
    expect(told).toContain('- half.ts');
    expect(told).toContain('Not committed: 1 file.');
    expect(told).toContain('The person decided: modify, because:\n\n> The tests are missing');
    expect(told).toContain('The person adds:\n\n> Begin with the tests.');
    // What it was sent can be read afterwards, and it is what is sent again.
    expect(await test.runs.prompt({ id: id! })).toMatchObject({ ok: true, value: { text: told } });
    await test.reopen();
    expect(test.run(id!).agent.id).toBe(other);
  });

  it('leaves the first at work where it cannot be, and says why', async () => {
    const [id] = await test.spawn();
    const { worktreePath } = await test.until(id!, working);
    expect(await test.runs.continueWith({ id: id!, agentId: 'ghost' as AgentId, note: '' })).toMatchObject({
      ok: false,
      error: { kind: 'refused' },
    });
    await test.repository.git('worktree', 'unlock', worktreePath);
    await test.repository.git('worktree', 'remove', '--force', worktreePath);
    expect(await test.runs.continueWith({ id: id!, agentId: other, note: '' })).toEqual({
      ok: false,
      error: { kind: 'worktree-missing' },
    });
    expect(test.terminals.killed).toEqual([]);
    expect(test.run(id!).agent.id).toBe('fake');
  });
});

describe('the brief', () => {
  it('says what there is none of, and no more of a long list than helps', () => {
    const run = testRun('a', { lastMessage: 'All done' });
    const nothing = workInWords(run, { commits: [], files: [], uncommitted: [] }, ' ');
    expect(nothing).toContain('It has committed nothing.');
    expect(nothing).toContain('No file differs');
    expect(nothing).toContain('> All done');
    expect(nothing).not.toContain('The person');
    const commits = Array.from({ length: 100 }, (_, at) => ({ hash: String(at), subject: 'x' }));
    expect(workInWords(run, { commits, files: [], uncommitted: [] }, '')).toContain('- and 40 more commits');
  });
});
