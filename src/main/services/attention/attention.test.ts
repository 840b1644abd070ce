import { setTimeout as wait } from 'node:timers/promises';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { until } from '#main/base/test-until.ts';
import { TestWorld, type TestHost } from '#main/services/test-host.ts';
import type { AttentionState, NoticePush, SinceLooked } from '#shared/contract/attention.ts';
import type { RunId, SpecSlug } from '#shared/ids.ts';

let world: TestWorld;
beforeEach(async () => {
  world = await TestWorld.create();
});
afterEach(async () => {
  await world.remove();
});

/** What a page knows of the inbox, and can do with it. */
class Inbox {
  state: AttentionState = { items: [], snoozed: [] };
  readonly pushes: NoticePush[] = [];
  readonly #host: TestHost;
  readonly #viewer: string;

  constructor(host: TestHost, viewer = 'page') {
    this.#host = host;
    this.#viewer = viewer;
    host.api.attention.onDidChange(host.project.id, (state) => {
      this.state = state;
    });
    host.api.attention.onDidNotify({ projectId: host.project.id, viewer }, (push) => {
      this.pushes.push(push);
    });
  }

  list(): readonly string[] {
    return this.state.items.map(({ runId, reason }) => `${this.#host.run(runId).spec.slug} ${reason}`);
  }

  async shows(...expected: readonly string[]): Promise<void> {
    await until(
      () => JSON.stringify(this.list()) === JSON.stringify(expected),
      () => `${expected.join(', ')}: ${JSON.stringify(this.state)}`,
    );
  }

  async look(runId: RunId | null): Promise<SinceLooked | null> {
    const { id: projectId } = this.#host.project;
    const looked = await this.#host.api.attention.look({ projectId, viewer: this.#viewer, runId, inSight: [] });
    return looked.ok ? looked.value : null;
  }
}

const slug = (name: string): SpecSlug => name as SpecSlug;

async function open(): Promise<{ host: TestHost; inbox: Inbox }> {
  const host = await world.start();
  await host.open();
  return { host, inbox: new Inbox(host) };
}

async function answer(host: TestHost, id: RunId): Promise<void> {
  const sent = await host.api.terminals.write({ id: host.run(id).terminalId!, data: 'yes\r' });
  expect(sent).toMatchObject({ ok: true });
}

describe('the inbox', () => {
  it('lists questions before finished work, and an answer takes its question out', async () => {
    await world.writeSpec('done', { 'done.txt': 'done\n' });
    await world.writeSpec('asks', { 'asks.txt': 'asks\n' }, { ask: 'Is it right?' });
    const { host, inbox } = await open();
    const [done, asks] = await host.spawn({ slug: slug('done') }, { slug: slug('asks') });
    await host.finished(done!);
    await inbox.shows('asks question', 'done review');
    expect(inbox.state.items[0]).toMatchObject({ place: 'terminal', standsStill: true });
    await answer(host, asks!);
    await inbox.shows('done review', 'asks review');
  });

  it('puts first what other runs wait for', async () => {
    await world.writeSpec('asks', { 'asks.txt': 'asks\n' }, { ask: 'Is it right?' });
    await world.writeSpec('key', { 'key.txt': 'key\n' });
    for (const name of ['then', 'last']) await world.writeSpec(name, { [`${name}.txt`]: 'x\n' }, { after: '[key]' });
    const { host, inbox } = await open();
    const [, key] = await host.spawn(...['asks', 'key', 'then', 'last'].map((name) => ({ slug: slug(name) })));
    await host.finished(key!);
    await inbox.shows('key review', 'asks question');
    expect(inbox.state.items[0]?.unblocks).toHaveLength(2);
  });

  it('keeps what was put off over a restart, and brings it back when something else is needed', async () => {
    await world.writeSpec('asks', { 'asks.txt': 'asks\n' }, { ask: 'Is it right?' });
    const { host, inbox } = await open();
    const [asks] = await host.spawn({ slug: slug('asks') });
    await inbox.shows('asks question');
    expect(await host.api.attention.snooze({ id: asks!, milliseconds: null })).toMatchObject({ ok: true });
    await inbox.shows();
    expect(inbox.state.snoozed).toMatchObject([{ runId: asks, until: null }]);
    await host.end();

    const again = await open();
    await until(() => again.inbox.state.snoozed.length === 1, 'it is still put off');
    await again.inbox.shows();
    await answer(again.host, asks!);
    await again.inbox.shows('asks review');
  });

  it('brings back what was put off for a time, and at once what is taken back', async () => {
    await world.writeSpec('done', { 'done.txt': 'done\n' });
    const { host, inbox } = await open();
    const [done] = await host.spawn({ slug: slug('done') });
    await inbox.shows('done review');
    await host.api.attention.snooze({ id: done!, milliseconds: 1000 });
    await until(() => inbox.state.snoozed.length === 1, 'it is put off');
    await inbox.shows('done review');
    await host.api.attention.snooze({ id: done!, milliseconds: 3_600_000 });
    await until(() => inbox.state.snoozed.length === 1, 'it is put off again');
    expect(await host.api.attention.wake({ id: done! })).toMatchObject({ ok: true });
    await inbox.shows('done review');
  });

  it('refuses to put off what needs nothing', async () => {
    await world.writeSpec('asks', { 'asks.txt': 'asks\n' }, { ask: 'Is it right?' });
    const { host, inbox } = await open();
    const [asks] = await host.spawn({ slug: slug('asks') });
    await inbox.shows('asks question');
    await host.api.runs.stop({ id: asks! });
    await host.api.runs.decide({ id: asks!, decision: 'discard', reason: '' });
    await inbox.shows();
    expect(await host.api.attention.snooze({ id: asks!, milliseconds: null })).toEqual({
      ok: false,
      error: { kind: 'needs-nothing' },
    });
  });
});

describe('since the person last looked', () => {
  it('tells what came, also over a restart, and nothing at the first look', async () => {
    await world.writeSpec('asks', { 'asks.txt': 'one\ntwo\n' }, { ask: 'Is it right?' });
    const { host, inbox } = await open();
    const [asks] = await host.spawn({ slug: slug('asks') });
    await inbox.shows('asks question');
    expect(await inbox.look(asks!)).toBeNull();
    expect(await inbox.look(null)).toBeNull();
    expect(await inbox.look(asks!), 'nothing has happened').toBeNull();
    // Quit while it is looked at: that counts as seen until then.
    await host.end();

    const again = await open();
    await again.inbox.shows('asks question');
    await answer(again.host, asks!);
    await again.host.finished(asks!);
    const since = await again.inbox.look(asks!);
    expect(since?.lines).toMatchObject([
      { kind: 'status', status: 'idle' },
      { kind: 'commits', count: 1, isRewritten: false },
      { kind: 'files', count: 1, insertions: 2, files: ['asks.txt'] },
    ]);
    expect(await again.inbox.look(null)).toBeNull();
    await again.host.api.runs.decide({ id: asks!, decision: 'keep', reason: 'Small' });
    expect((await again.inbox.look(asks!))?.lines).toEqual([{ kind: 'decision', decision: 'keep', reason: 'Small' }]);
  });

  it('says that a branch was rewritten', async () => {
    await world.writeSpec('done', { 'done.txt': 'done\n' });
    const { host, inbox } = await open();
    const [done] = await host.spawn({ slug: slug('done') });
    const { worktreePath, branch } = await host.finished(done!);
    await inbox.look(done!);
    await inbox.look(null);
    await world.repository.git('-C', worktreePath, 'commit', '--amend', '-q', '-m', 'Said better');
    const head = await world.repository.git('rev-parse', branch);
    expect(head).toMatch(/^[0-9a-f]{40}/);
    expect((await inbox.look(done!))?.lines).toEqual([
      { kind: 'commits', count: 1, subjects: ['Said better'], isRewritten: true },
    ]);
  });
});

describe('notices', () => {
  it('are given once for a run that is not in sight, and not while they are switched off', async () => {
    await world.writeSpec('one', { 'one.txt': 'one\n' });
    await world.writeSpec('two', { 'two.txt': 'two\n' });
    const { host, inbox } = await open();
    const openedAt = performance.now();
    const notices = (): readonly string[] =>
      inbox.pushes.flatMap((push) => (push.kind === 'notice' ? [push.notice.title] : []));
    const [one] = await host.spawn({ slug: slug('one') });
    await host.finished(one!);
    await inbox.shows('one review');
    await host.api.host.updateSettings({ notifications: true, notificationSound: true });
    // What comes in the first three seconds is taken for what was so when the project was opened.
    await wait(Math.max(0, openedAt + 3500 - performance.now()));
    const [two] = await host.spawn({ slug: slug('two') });
    await host.finished(two!);
    await until(() => notices().length > 0, 'there is a notice');
    expect(inbox.pushes.at(-1)).toMatchObject({ kind: 'notice', notice: { runIds: [two], sound: true } });
    expect(notices()).toEqual(['“The two” is ready for review']);
  });
});
