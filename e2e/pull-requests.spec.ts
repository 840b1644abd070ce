import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { checkRun, rollupOf, TestGh } from '#main/services/pull-requests/test-gh.ts';

import { expect, test } from './fixtures.ts';
import { specText } from './spec-text.ts';
import { Workbench } from './workbench.ts';

const title = 'Search the notes';
const hostile = '<img src=x onerror="document.title=1"> Why **twice**?';

test('a run’s branch is pushed and a pull request opened; its checks and its reviewers’ words come back', async ({
  world,
  page,
  host: _host,
}) => {
  test.setTimeout(300_000);
  const bench = new Workbench(page);
  const notes = await world.repository('notes', 'clean');
  const bare = join(world.home, 'remote.git');
  const files = { 'src/search.js': 'export const search = true;\nexport const find = search;\n' };
  await notes.write(
    'specs/search.md',
    specText({ title, branch: 'feature/search', check: 'test -e src/search.js', files }),
  );
  await notes.commit('Plan the search');
  await bench.open(notes.path);
  await bench.spawn(title);
  await bench.expectInGroup(title, 'Review');
  const dialog = bench.dialog('Pull request');

  await test.step('without a remote it is said what is missing, and that the local way needs none of it', async () => {
    await bench.choose(title, 'Pull request…');
    await expect(dialog).toContainText('This repository has no remote');
    await expect(dialog.getByRole('button', { name: 'Push and open' })).toHaveAttribute('aria-disabled', 'true');
  });

  await notes.git('init', '-q', '--bare', bare);
  await notes.git('remote', 'add', 'origin', 'https://github.com/acme/notes.git');
  await notes.git('config', '--global', `url.file://${bare}.insteadOf`, 'https://github.com/acme/notes.git');
  await notes.git('push', '-q', 'origin', 'main');

  await test.step('without gh it is said where to get it', async () => {
    await dialog.getByRole('button', { name: 'Look again' }).click();
    await expect(dialog).toContainText('GitHub’s command line tool is not there');
  });

  const gh = await TestGh.create(join(world.folder, 'bin', 'gh'), world.folder, {
    signedIn: ['github.com'],
    repositories: { 'acme/notes': { bare, permission: 'WRITE' } },
    pullRequests: [],
    threads: [],
    trouble: null,
  });

  await test.step('it is shown exactly what is pushed where, and what is not', async () => {
    const worktrees = (await notes.git('worktree', 'list', '--porcelain')).split('\n\n');
    const found = worktrees.find((each) => each.includes('branch refs/heads/feature/search')) ?? '';
    const path = /^worktree (.*)$/mu.exec(found)?.[1] ?? 'nowhere';
    await writeFile(join(path, 'half.txt'), 'later\n');
    await dialog.getByRole('button', { name: 'Look again' }).click();
    const push = dialog.getByRole('region', { name: 'What is pushed' });
    await expect(push).toContainText('https://github.com/acme/notes.git');
    await expect(push).toContainText('feature/search, which is new there');
    await expect(push.getByRole('list', { name: 'Commits that are pushed' }).getByRole('listitem')).toHaveCount(1);
    await expect(push).toContainText('1 file with changes that are not committed');
    await expect(push).toContainText('half.txt');
    await expect(dialog.getByRole('textbox', { name: 'Title' })).toHaveValue(title);
    await expect(dialog.getByRole('textbox', { name: 'Description' })).toHaveValue(/### Acceptance/);
  });

  await test.step('a push that the remote refuses changes nothing, and says what was said', async () => {
    await world.run(
      'sh',
      [
        '-c',
        `printf '#!/bin/sh\\necho No pushes on Fridays >&2\\nexit 1\\n' > hooks/pre-receive; chmod +x hooks/pre-receive`,
      ],
      bare,
    );
    await dialog.getByRole('button', { name: 'Push and open' }).click();
    await expect(dialog).toContainText('A rule or a hook of the remote refused the push');
    await expect(dialog).toContainText('No pushes on Fridays');
    await world.run('rm', ['hooks/pre-receive'], bare);
  });

  await test.step('then it is opened, as a draft, with the title that was typed', async () => {
    await dialog.getByRole('textbox', { name: 'Title' }).fill('Find notes by their words');
    await dialog.getByRole('radio', { name: 'Draft' }).click();
    await dialog.getByRole('button', { name: 'Push and open' }).click();
    await expect(bench.toast('Opened acme/notes#7')).toBeVisible();
    await expect(bench.card(title)).toContainText('PR #7 draft');
    expect((await gh.github()).pullRequests).toMatchObject([{ title: 'Find notes by their words', isDraft: true }]);
    const pushed = await world.run('git', ['rev-parse', 'refs/heads/feature/search'], bare);
    expect(pushed.trim()).toBe(await notes.git('rev-parse', 'feature/search'));
  });

  await test.step('its checks and its review comments come in, the comments as text on their lines', async () => {
    await gh.changePullRequest(7, {
      isDraft: false,
      reviewDecision: 'CHANGES_REQUESTED',
      commits: rollupOf('FAILURE', [checkRun('lint', 'FAILURE'), checkRun('unit', 'SUCCESS')]),
    });
    await gh.change((github) => ({
      ...github,
      threads: [
        {
          id: 'PRRT_1',
          isResolved: false,
          path: 'src/search.js',
          line: 2,
          originalLine: 2,
          diffSide: 'RIGHT',
          comments: {
            nodes: [
              {
                id: 'PRRC_1',
                databaseId: 41,
                body: hostile,
                createdAt: '2026-11-25T10:00:00Z',
                author: { login: 'bob' },
                originalCommit: null,
                pullRequestReview: { state: 'COMMENTED' },
              },
            ],
          },
        },
      ],
    }));
    await bench.card(title).hover();
    await bench.card(title).getByRole('button', { name: 'Review changes' }).click();
    const bar = page.getByRole('region', { name: 'Pull request' });
    await bar.getByRole('button', { name: 'Look again' }).click();
    await expect(bar).toContainText('checks: 1 failed (lint), 1 passed');
    await expect(bar).toContainText('changes asked for');
    await expect(bench.card(title)).toContainText('PR #7 checks fail');
    const comments = page.getByRole('region', { name: 'Comments' });
    await expect(comments.getByRole('listitem')).toHaveCount(1);
    await expect(comments).toContainText('src/search.js:2');
    await expect(comments).toContainText('bob on PR #7');
    await expect(comments).toContainText(hostile);
    await bar.getByRole('button', { name: 'Look again' }).click();
    await expect(comments.getByRole('listitem')).toHaveCount(1);
    expect(await page.title()).not.toBe('1');
  });

  await test.step('what others wrote is said before it is sent', async () => {
    await page.keyboard.press('Alt+s');
    const send = bench.dialog('Send the comments');
    await expect(send).toContainText('1 comment of the pull request');
    await expect(send.getByLabel('The message')).toContainText('by bob on the pull request');
    await send.getByRole('button', { name: 'Cancel' }).click();
  });

  await test.step('a merge on GitHub is said, and changes nothing of the run by itself', async () => {
    await gh.changePullRequest(7, { state: 'MERGED' });
    await page.keyboard.press('Control+Shift+P');
    await page.getByRole('combobox').fill('look at its pull request');
    await page.getByRole('option', { name: /look at its pull request again/ }).click();
    await expect(bench.card(title)).toContainText('PR #7 merged');
    await bench.expectInGroup(title, 'Review');
    await expect(page.getByRole('region', { name: 'Pull request' })).toContainText('The run is as it was');
  });
});
