import { execFile } from 'node:child_process';

import { commandProgram, nodePath } from '#scripts/project-paths.ts';

import { expect, test } from './fixtures.ts';
import { specText } from './spec-text.ts';
import { Workbench } from './workbench.ts';

interface Ended {
  code: number;
  out: string;
  error: string;
}

test('the command on the command line, beside the page: spawn, status, stop, open', async ({ world, page }) => {
  const bench = new Workbench(page);
  const notes = await world.repository('notes', 'clean');
  await notes.write('specs/count.md', specText({ title: 'Count in a shell', agents: ['shell'] }));
  await notes.write('specs/write.md', specText({ title: 'Write a file', files: { 'a.txt': 'a\n' } }));
  await notes.write('.switchyard/config.yaml', '# The defaults hold.\n');
  await notes.commit('Say what is next');
  const switchyard = (...args: readonly string[]): Promise<Ended> =>
    new Promise((resolve) => {
      execFile(nodePath, [commandProgram, ...args], { cwd: notes.path, env: world.env }, (error, out, said) => {
        resolve({ code: typeof error?.code === 'number' ? error.code : 0, out, error: said });
      });
    });

  await test.step('with nobody running it says so, and help is there all the same', async () => {
    expect(await switchyard('list')).toMatchObject({ code: 0, out: expect.stringContaining('count') });
    await world.host.quit();
    expect(await switchyard('list')).toMatchObject({ code: 3, error: expect.stringContaining('not running') });
    expect(await switchyard('--help')).toMatchObject({ code: 0, out: expect.stringContaining('Usage: switchyard') });
    await page.goto(await world.host.start());
  });

  await test.step('what it spawns is on the page, and what it stops too', async () => {
    await bench.open(notes.path);
    const spawned = await switchyard('spawn', 'write', 'count', '--json');
    expect(spawned.code).toBe(0);
    await bench.expectInGroup('Write a file', 'Review');
    await bench.openCard('Count in a shell');
    await expect(bench.pane('Count in a shell')).toContainText('$');
    const status = await switchyard('status', '--json');
    expect(JSON.parse(status.out)).toEqual(
      expect.arrayContaining([expect.objectContaining({ spec: 'write', agent: 'scribe', branch: 'feature/ai-write' })]),
    );
    expect(await switchyard('stop', 'count')).toMatchObject({ code: 0, out: expect.stringContaining('is stopped') });
    await expect(bench.card('Count in a shell')).toContainText(/Exited|Ended/);
  });

  await test.step('the address that it prints lets a browser in', async () => {
    const { code, out } = await switchyard('open');
    expect(code).toBe(0);
    const other = await page.context().browser()!.newPage();
    await other.goto(out.trim());
    await expect(new Workbench(other).card('Write a file')).toBeVisible();
    await other.close();
  });
});
