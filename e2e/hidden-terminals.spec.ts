import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { expect, test } from './fixtures.ts';
import { eventually } from './processes.ts';
import { specText } from './spec-text.ts';
import { Workbench } from './workbench.ts';

const counting = 'Count in a shell';
const beside = 'Stand beside it';

test('a terminal that nobody sees costs the page nothing, and is as it should be when it is seen again', async ({
  world,
  page,
  host: _host,
}) => {
  const notes = await world.repository('notes', 'clean');
  await notes.write('specs/count.md', specText({ title: counting, agents: ['shell'] }));
  await notes.write('specs/beside.md', specText({ title: beside, agents: ['shell'] }));
  await notes.write('.switchyard/config.yaml', '# The defaults hold.\n');
  await notes.commit('Say what is next');
  const bench = new Workbench(page);
  const counted = join(world.folder, 'counted');
  /** What came over the wire of the page since it was last asked, and what the page has sent. */
  let received = '';
  let sent = '';
  page.on('websocket', (socket) => {
    socket.on('framereceived', ({ payload }) => (received += payload.toString()));
    socket.on('framesent', ({ payload }) => (sent += payload.toString()));
  });
  await page.reload();

  const lastCount = async (): Promise<number> => Number(await readFile(counted, 'utf8').catch(() => '0'));
  const countsOn = async (): Promise<number> => {
    const before = await lastCount();
    expect(await eventually(async () => (await lastCount()) > before + 10, 60_000)).toBe(true);
    return await lastCount();
  };
  const shownCounts = async (): Promise<number[]> =>
    (await bench.rows(counting)).flatMap((row) => /^counted (\d+)\.$/.exec(row)?.[1] ?? []).map(Number);
  const expectSeenFrom = async (count: number): Promise<void> => {
    await expect.poll(async () => Math.max(0, ...(await shownCounts()))).toBeGreaterThanOrEqual(count);
    const counts = await shownCounts();
    // Neither a gap nor a double.
    expect(counts).toEqual(counts.map((_, index) => (counts[0] ?? 0) + index));
  };
  /** Nothing of the terminal came while it counted on, beyond what was on its way when it was hidden. */
  const expectNothingComes = async (): Promise<void> => {
    await countsOn();
    received = '';
    sent = '';
    const from = await lastCount();
    await countsOn();
    expect(received).not.toContain(`counted ${String(from)}`);
    expect(received).not.toContain('counted ');
    expect(sent).not.toContain('terminals.acknowledge');
  };

  await test.step('a shell counts in view', async () => {
    await bench.open(notes.path);
    await page.getByRole('button', { name: 'Spawn agents' }).click();
    await bench
      .dialog(/^Spawn agents/)
      .getByRole('button', { name: 'Spawn 2 runs' })
      .click();
    await expect(bench.pane(counting)).toContainText('$');
    await expect(bench.pane(beside)).toContainText('$');
    await bench.typeLine(
      counting,
      `n=0; while sleep 0.1; do n=$((n+1)); echo "counted $n."; echo $n >'${counted}.new'; mv '${counted}.new' '${counted}'; done`,
    );
    await countsOn();
    received = '';
    await countsOn();
    expect(received).toContain('counted ');
  });

  await test.step('out of the grid it counts on unseen, and nothing of it comes', async () => {
    await bench.pane(counting).getByRole('button', { name: 'More actions' }).click();
    await page.getByRole('menuitem', { name: 'Take out of the grid' }).click();
    await expect(bench.pane(counting)).toHaveCount(0);
    await expectNothingComes();
  });

  await test.step('a press that begins on its card and ends elsewhere asks for it and lets go of it again', async () => {
    sent = '';
    await bench.card(counting).hover();
    await page.mouse.down();
    await page.mouse.move(900, 600);
    await page.mouse.up();
    await countsOn();
    expect(sent).toContain('"terminals.attach"');
    expect(sent).not.toContain('"terminals.resize"');
    await expect(bench.pane(counting)).toHaveCount(0);
    await expectNothingComes();
  });

  await test.step('what is pointed at is asked for, in no other size, and let go of when the pointer leaves', async () => {
    sent = '';
    received = '';
    await bench.card(counting).hover();
    await expect.poll(() => received).toContain('counted ');
    await page.mouse.move(900, 600);
    await expect(bench.pane(counting)).toHaveCount(0);
    await expectNothingComes();
    expect(sent).not.toContain('"terminals.resize"');
  });

  await test.step('shown again, it shows what the host has', async () => {
    const before = await lastCount();
    await bench.openCard(counting);
    await expectSeenFrom(before);
    await expectSeenFrom(await countsOn());
  });

  await test.step('behind a maximised terminal it is hidden too', async () => {
    await bench.pane(beside).getByRole('button', { name: 'Maximise' }).click();
    await expect(bench.terminal(counting)).toBeHidden();
    await expectNothingComes();
    const before = await lastCount();
    await bench.pane(beside).getByRole('button', { name: 'Back to the grid' }).click();
    await expectSeenFrom(before);
  });

  await test.step('looking at it anew sends its program no size that it has already', async () => {
    sent = '';
    await page.reload();
    await expectSeenFrom(await countsOn());
    expect(sent).not.toContain('"terminals.resize"');
  });
});

test('a terminal that was resized out of sight is at its end when it comes into sight', async ({
  world,
  page,
  host: _host,
}) => {
  const names = ['a', 'b', 'c', 'd', 'e', 'f'];
  const last = 'Run a';
  const notes = await world.repository('notes', 'clean');
  for (const name of names) {
    await notes.write(`specs/${name}.md`, specText({ title: `Run ${name}`, agents: ['shell'] }));
  }
  await notes.write('.switchyard/config.yaml', '# The defaults hold.\n');
  await notes.commit('Say what is next');
  const bench = new Workbench(page);
  await page.setViewportSize({ width: 1440, height: 900 });
  await bench.open(notes.path);
  await page.getByRole('button', { name: 'Spawn agents' }).click();
  await bench
    .dialog(/^Spawn agents/)
    .getByRole('button', { name: 'Spawn 6 runs' })
    .click();
  await expect(bench.pane(last)).toContainText('$');
  await bench.typeLine(
    last,
    'for i in $(seq 100); do echo "line $i of a text that is folded where the pane is narrow"; done',
  );
  await expect(bench.pane(last).locator('.xterm-rows')).toContainText('line 100 of');
  // The first pane, the newest, keeps the grid at its beginning.
  await bench.typeLine('Run f', 'echo here');

  for (const size of [
    { width: 1024, height: 480 },
    { width: 1440, height: 420 },
    { width: 1100, height: 600 },
  ]) {
    await page.setViewportSize(size);
    await expect(bench.pane(last)).not.toBeInViewport({ ratio: 0.6 });
    await bench.pane(last).scrollIntoViewIfNeeded();
    await expect(bench.pane(last)).toBeInViewport();
    await expect.poll(async () => (await bench.rows(last)).join(' ')).toContain('line 100 of');
    await expect(bench.pane(last).getByText('To the end')).toHaveCount(0);
    await bench.pane('Run f').scrollIntoViewIfNeeded();
  }
});
