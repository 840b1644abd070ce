import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { expect, test } from './fixtures.ts';
import { specText } from './spec-text.ts';
import { Workbench } from './workbench.ts';

test('work that an agent commits to another branch is said, with how to take it over', async ({ world, page }) => {
  const notes = await world.repository('notes', 'clean');
  await notes.write('specs/answer.md', specText({ title: 'Answer', files: { 'answer.txt': '42\n' } }));
  await notes.commit('Say what is next');
  const bench = new Workbench(page);
  await bench.open(notes.path);
  await bench.spawn('Answer');
  await bench.expectInGroup('Answer', 'Review');
  await bench.openCard('Answer');
  await expect(page.getByText('answer.txt').first()).toBeVisible();

  const worktree = join(`${notes.path}.worktrees`, 'feature', 'ai-answer');
  const inWorktree = (...args: readonly string[]): Promise<string> => notes.git('-C', worktree, ...args);
  await inWorktree('switch', '-q', '-c', 'other');
  await writeFile(join(worktree, 'more.txt'), 'more\n');
  await inWorktree('add', 'more.txt');
  await inWorktree('commit', '-q', '-m', 'More');

  await bench.expectInGroup('Answer', 'Needs you');
  await expect(bench.card('Answer')).toContainText('Its worktree is on the branch other, not on feature/ai-answer.');
  const notice = page.getByRole('note').filter({ hasText: 'Not all of its work is shown here' });
  await expect(notice).toContainText('What is committed is safe on other');
  await expect(notice).toContainText('git switch feature/ai-answer && git merge other');

  await page.getByRole('button', { name: 'Merge…' }).click();
  const dialog = bench.dialog(/^Merge into/);
  await expect(dialog.getByText('What it did on another branch is not part of this')).toBeVisible();
  await dialog.getByRole('button', { name: 'Cancel' }).click();

  await inWorktree('switch', '-q', 'feature/ai-answer');
  await inWorktree('merge', '-q', 'other');
  await expect(notice).toBeHidden();
  await bench.expectInGroup('Answer', 'Review');
  await expect(page.getByText('more.txt').first()).toBeVisible();
});
