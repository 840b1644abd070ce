import { expect, test } from './fixtures.ts';
import { specText } from './spec-text.ts';
import { Workbench } from './workbench.ts';

const rule = (match: string): string => `---
rules:
  lines:
    - { match: '${match}', in: 'src/**', say: Parse it instead. }
---

# Nothing is evaluated

Text is never run as code.
`;

const withFootprint = (spec: string, globs: readonly string[]): string =>
  spec.replace('agents:', `footprint: [${globs.join(', ')}]\nagents:`);

test('footprints that meet are named before a spawn; a broken invariant is shown where it is broken; one that changes says who is behind', async ({
  world,
  page,
}) => {
  test.setTimeout(300_000);
  const bench = new Workbench(page);
  const repository = await world.repository('notes', 'clean');
  await repository.write('.switchyard/config.yaml', 'base: main\n');
  await repository.write('.switchyard/invariants/no-eval.md', rule('eval\\('));
  const search = specText({
    title: 'Search the notes',
    files: {
      'src/search.js': 'export const search = (text) => {\n  return eval(text);\n};\n',
      'docs/search.txt': 'How to search.\n',
    },
  });
  await repository.write('specs/search.md', withFootprint(search, ['src/search.js', 'test/**']));
  const tidy = specText({ title: 'Tidy the sources', files: { 'src/tidy.js': 'export {};\n' } });
  await repository.write('specs/tidy.md', withFootprint(tidy, ['src/*.js']));
  await repository.commit('Specs and rules');
  await bench.open(repository.path);

  await test.step('the spec editor and the spawn dialog name the two specs and the globs that meet', async () => {
    await bench.openCard('Tidy the sources');
    const overlaps = page.getByRole('list', { name: 'Footprints that overlap' });
    await expect(overlaps).toContainText('“Tidy the sources” and Search the notes: src/*.js and src/search.js');
    await bench.tab('Terminals').click();
    await page.getByRole('button', { name: 'Spawn agents' }).click();
    const dialog = bench.dialog('Spawn agents on 2 specs');
    const named = dialog.getByRole('list', { name: 'Footprints that overlap' });
    // In the order of the board, which is that of the files' times.
    await expect(named).toContainText(/“(Tidy the sources|Search the notes)” and (Tidy the sources|Search the notes)/);
    await expect(named).toContainText('src/search.js');
    await expect(named).toBeInViewport();
    await expect(dialog.getByRole('button', { name: 'Spawn 2 runs' })).toBeEnabled();
    await dialog.getByRole('button', { name: 'Cancel' }).click();
  });

  await test.step('the card of a run that breaks the invariant says so, and that it left its footprint', async () => {
    await bench.spawn('Search the notes');
    await bench.expectInGroup('Search the notes', 'Review');
    await expect(bench.card('Search the notes')).toContainText('breaks 1 invariant');
    await expect(bench.card('Search the notes')).toContainText('1 outside');
  });

  await test.step('the review names the file and the line, and goes there', async () => {
    await bench.card('Search the notes').hover();
    await bench.card('Search the notes').getByRole('button', { name: 'Review changes' }).click();
    const checks = page.getByRole('region', { name: 'Checks' });
    await checks.getByRole('button', { name: /1 invariant broken/ }).click();
    const findings = checks.getByRole('list', { name: 'Where invariants are broken' });
    await expect(findings).toContainText('This line matches eval\\(. Parse it instead.');
    await expect(findings).toContainText('Nothing is evaluated');
    await findings.getByRole('button', { name: 'src/search.js:2' }).click();
    // Monaco writes spaces that do not break.
    await expect(bench.centre).toContainText(/return.eval\(text\)/u);
    await expect(
      page.getByRole('option', { name: /docs\/search\.txt/ }).getByLabel('outside of the footprint'),
    ).toBeVisible();
    await expect(
      page.getByRole('option', { name: /src\/search\.js/ }).getByLabel('outside of the footprint'),
    ).toHaveCount(0);
  });

  await test.step('the invariant changes: the branch is checked against it, and the run is listed as behind', async () => {
    await repository.write('.switchyard/invariants/no-eval.md', rule('new Function'));
    const checks = page.getByRole('region', { name: 'Checks' });
    await expect(checks.getByRole('button', { name: /1 invariant kept/ })).toContainText(
      '1 invariant changed since it was told',
    );
    await expect(bench.card('Search the notes')).toContainText('older invariants');
    await expect(bench.card('Search the notes')).not.toContainText('breaks');
    await bench.tab('Prompts').click();
    await page.getByRole('button', { name: /Nothing is evaluated/ }).click();
    await expect(page.getByRole('list', { name: 'What is checked on every branch' })).toContainText(
      'No added line in `src/**` matches `new Function`. Parse it instead.',
    );
    const behind = page.getByRole('list', { name: 'Runs that were given another version' });
    await expect(behind).toContainText('Search the notes');
    await expect(behind.getByRole('button', { name: 'Check again' })).toBeEnabled();
  });

  await test.step('a rule that cannot be checked says why, beside its text', async () => {
    await repository.write('.switchyard/invariants/no-eval.md', rule('(?=eval)'));
    await expect(page.getByText('The pattern `(?=eval)` is no expression that can be checked')).toBeVisible();
  });
});

test('the command of an invariant is run while the agent is still at it, and says when it holds again', async ({
  world,
  page,
}) => {
  test.setTimeout(180_000);
  const bench = new Workbench(page);
  const title = 'Leave no notes behind';
  const repository = await world.repository('notes', 'clean');
  const command = 'rules:\n  command: { run: test ! -e left.txt, timeout: 1 }';
  await repository.write('.switchyard/invariants/tidy.md', `---\n${command}\n---\n\n# Nothing is left behind\n`);
  await repository.write(
    'specs/left.md',
    specText({ title, ask: 'Shall it stay?', branch: 'feature/left', files: { 'left.txt': 'left\n' } }),
  );
  await repository.commit('Specs and rules');
  await bench.open(repository.path);
  await page.getByRole('button', { name: 'See the commands' }).click();
  await bench.dialog('May notes run these commands?').getByRole('button', { name: 'Allow these commands' }).click();
  await bench.spawn(title);
  // It asks before it commits: what comes to review is not here yet.
  await bench.expectInGroup(title, 'Needs you');
  await bench.card(title).hover();
  await bench.card(title).getByRole('button', { name: 'Review changes' }).click();
  const checks = page.getByRole('region', { name: 'Checks' });
  await expect(checks).toContainText('0 of 1 invariant checks, 1 failed');
  const worktrees = await repository.git('worktree', 'list', '--porcelain');
  const path = /worktree (\S+)\n[^\n]*\nbranch refs\/heads\/feature\/left/u.exec(worktrees)?.[1] ?? '';
  await repository.git('-C', path, 'clean', '-fq', 'left.txt');
  await expect(checks).toContainText('1 of 1 invariant checks');
  await expect(checks).not.toContainText('failed');
  await bench.expectInGroup(title, 'Needs you');
});
