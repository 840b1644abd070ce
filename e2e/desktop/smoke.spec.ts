import { expect, test } from '#e2e/fixtures.ts';
import { specText } from '#e2e/spec-text.ts';
import { Workbench } from '#e2e/workbench.ts';

test('a project is opened in a window, and an agent is seen at work', async ({ world, page, desktop }) => {
  const notes = await world.repository('notes', 'clean');
  await notes.write('specs/add.md', specText({ title: 'Add a file', files: { 'added.txt': 'added\n' } }));
  await notes.commit('Say what is next');
  const bench = new Workbench(page);
  await bench.open(notes.path);
  await bench.spawn('Add a file');
  await bench.expectInGroup('Add a file', 'Review');
  await expect(bench.pane('Add a file')).toContainText(/Committed [0-9a-f]{7}/);
  expect(await notes.git('show', 'feature/ai-add:added.txt')).toBe('added');
  expect(desktop.windows()).toHaveLength(1);
});

test('its pages collect sooner than Chromium’s do by themselves, unless the person says otherwise', async ({
  page,
  desktop,
}) => {
  await expect(page.getByRole('heading', { name: 'Switchyard' })).toBeVisible();
  const flags = await desktop.evaluate(({ app }) => app.commandLine.getSwitchValue('js-flags'));
  expect(flags).toBe('--max-semi-space-size=8 --heap-growing-percent=100');
});
