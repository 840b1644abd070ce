import { rm } from 'node:fs/promises';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { silentLog } from '#main/base/log.ts';
import { until } from '#main/base/test-until.ts';
import { TestReviews } from '#main/services/review/test-reviews.ts';
import { Store } from '#main/services/store/store.ts';
import type { Comment, CommentSide } from '#shared/contract/comments.ts';
import { runId } from '#shared/ids.ts';

import { CommentStore } from './comment-store.ts';
import { Comments } from './comments.ts';

const program = `import { open } from './open';

export function first(): number {
  const value = open('first');
  return value;
}
`;

describe('comments on the changes of a run', () => {
  let world: TestReviews;
  let store: Store;
  let comments: Comments;
  let sent: string[];
  /** What the agent is doing. */
  let agent: 'running' | 'asks' | 'exited' | 'ended-for-good';

  beforeEach(async () => {
    world = await TestReviews.create((repository) => repository.write('old.ts', 'keep\nremove me\nkeep too\n'));
    store = new Store({ path: join(world.repository.root, 'state.db'), log: silentLog });
    // The comments belong to a run that is on record.
    store.run(
      `INSERT INTO runs (id, spec_slug, spec_title, agent_id, agent_label, branch, base, worktree_path, created_at, stages, status)
       VALUES (?, 'one', 'One', 'scribe', 'scribe', 'topic', 'main', ?, 1, '[]', '{}')`,
      world.id,
      world.worktree,
    );
    sent = [];
    agent = 'running';
    comments = begin();
    await world.write('src/first.ts', program);
    await world.write('old.ts', 'keep\nkeep too\n');
    await world.commit();
  });

  afterEach(async () => {
    comments.dispose();
    store.dispose();
    await world.remove();
  });

  function begin(): Comments {
    return new Comments({
      storeOf: () => new CommentStore(store),
      runs: {
        find: (id) => (id === world.id ? { branch: 'topic', asks: agent === 'asks' } : null),
        send: (_id, text) => {
          if (agent !== 'running') return Promise.resolve('not-running');
          sent.push(text);
          return Promise.resolve('sent');
        },
        resume: () => {
          if (agent === 'ended-for-good') return Promise.resolve('It cannot go on with its session.');
          agent = 'running';
          return Promise.resolve(null);
        },
      },
      review: {
        sides: (id, path) => world.reviews.sides(id, path),
        watch: (id, listener) => world.reviews.onDidChange({ id }, listener),
      },
      log: silentLog,
    });
  }

  async function add(path: string, line: number | null, text: string, side: CommentSide = 'after'): Promise<string> {
    const added = await comments.add({ id: world.id, path, side, line, text });
    if (!added.ok) throw new Error(added.error.kind);
    return added.value.comment;
  }

  async function list(): Promise<readonly Comment[]> {
    let pushed: readonly Comment[] | null = null;
    const feed = comments.onDidChange({ id: world.id }, (now) => (pushed = now));
    await until(() => pushed !== null, 'the comments are listed');
    feed.dispose();
    return pushed ?? [];
  }

  const brief = async (): Promise<unknown[]> =>
    (await list()).map(({ path, line, text, standing }) => `${path}:${String(line)} ${text} [${standing}]`);

  it('keeps drafts over a restart, in the order of files and lines', async () => {
    await add('src/first.ts', 4, 'Why the first?');
    await add('old.ts', 2, 'Why is it gone?', 'before');
    await add('src/first.ts', null, 'Needs a test.');
    comments.dispose();
    comments = begin();
    expect(await brief()).toEqual([
      'old.ts:2 Why is it gone? [draft]',
      'src/first.ts:null Needs a test. [draft]',
      'src/first.ts:4 Why the first? [draft]',
    ]);
  });

  it('sends all drafts as one message that names file, line and what the line says', async () => {
    await add('src/first.ts', 4, 'Call it with the name.\n\nAnd test that.');
    await add('old.ts', 2, 'Why is it gone?', 'before');
    const shown = await comments.message({ id: world.id });
    expect(await comments.send({ id: world.id })).toEqual({ ok: true, value: { sent: 2, resumed: false } });
    expect(sent).toEqual([
      [
        '2 comments on your changes, from a review of topic. Change the code where a comment asks for it. Where you disagree, leave the code and say why. Commit when you are done.',
        '1. old.ts, line 2 of the file before your change, which is no longer there:\n   > remove me\n   Why is it gone?',
        "2. src/first.ts, line 4:\n   > const value = open('first');\n   Call it with the name.\n\n   And test that.",
      ].join('\n\n'),
    ]);
    expect(shown).toEqual({ ok: true, value: { text: sent[0], others: 0, drafts: 2 } });
    expect(await comments.send({ id: world.id })).toMatchObject({ error: { kind: 'nothing-to-send' } });
  });

  it('marks the line that was changed as addressed, and leaves the other open, wherever it has moved to', async () => {
    await add('src/first.ts', 4, 'Call it with the name.');
    await add('src/first.ts', 5, 'Say what it is.');
    await comments.send({ id: world.id });
    await world.write('src/first.ts', `// A comment.\n${program.replace("open('first')", 'open(name)')}`);
    expect(await brief()).toEqual([
      'src/first.ts:5 Call it with the name. [addressed]',
      'src/first.ts:6 Say what it is. [open]',
    ]);
    await world.commit('Answer');
    await world.write('src/first.ts', program);
    expect(await brief()).toEqual([
      'src/first.ts:4 Call it with the name. [open]',
      'src/first.ts:5 Say what it is. [open]',
    ]);
  });

  it('tells whoever listens as soon as the agent has changed the line', async () => {
    await add('src/first.ts', 4, 'Call it with the name.');
    await comments.send({ id: world.id });
    let standing = '';
    const feed = comments.onDidChange({ id: world.id }, ([comment]) => (standing = comment?.standing ?? ''));
    await until(() => standing === 'open');
    await world.write('src/first.ts', program.replace("open('first')", 'open(name)'));
    world.changed.fire({ projectPath: world.repository.path, worktreePath: world.worktree });
    await until(() => standing !== 'open', 'it is addressed');
    expect(standing).toBe('addressed');
    feed.dispose();
  });

  it('does not call addressed what was changed before it was sent', async () => {
    await add('src/first.ts', 4, 'Call it with the name.');
    await world.write('src/first.ts', `// A comment.\n${program}`);
    await comments.send({ id: world.id });
    expect(sent[0]).toContain('src/first.ts, line 5:');
    expect(await brief()).toEqual(['src/first.ts:5 Call it with the name. [open]']);
  });

  it('calls outdated what cannot be found any more, and addressed what was that before', async () => {
    await add('src/first.ts', 4, 'Call it with the name.');
    await add('src/first.ts', null, 'Needs a test.');
    await comments.send({ id: world.id });
    await rm(join(world.worktree, 'src/first.ts'));
    expect(await brief()).toEqual([
      'src/first.ts:null Needs a test. [outdated]',
      'src/first.ts:4 Call it with the name. [outdated]',
    ]);
    await world.write('src/first.ts', program.replace("open('first')", 'open(name)'));
    const addressed = [
      'src/first.ts:null Needs a test. [addressed]',
      'src/first.ts:4 Call it with the name. [addressed]',
    ];
    expect(await brief()).toEqual(addressed);
    await rm(join(world.worktree, 'src/first.ts'));
    expect(await brief()).toEqual(addressed);
  });

  it('calls a removed line addressed when it is back', async () => {
    await add('old.ts', 2, 'Why is it gone?', 'before');
    await comments.send({ id: world.id });
    expect(await brief()).toEqual(['old.ts:2 Why is it gone? [open]']);
    await world.write('old.ts', 'keep\nremove me\nkeep too\n');
    expect(await brief()).toEqual(['old.ts:2 Why is it gone? [addressed]']);
  });

  it('follows a file that is renamed', async () => {
    await add('app.ts', 2, 'Why two?');
    await comments.send({ id: world.id });
    await world.inWorktree('mv', 'app.ts', 'other.ts');
    await world.commit('Rename');
    expect(await brief()).toEqual(['other.ts:2 Why two? [open]']);
  });

  it('lets the person say where it stands, and take that back', async () => {
    const comment = await add('src/first.ts', 4, 'Call it with the name.');
    expect(await comments.settle({ id: world.id, comment, standing: 'addressed' })).toMatchObject({
      error: { kind: 'not-sent' },
    });
    await comments.send({ id: world.id });
    await comments.settle({ id: world.id, comment, standing: 'addressed' });
    expect(await brief()).toEqual(['src/first.ts:4 Call it with the name. [addressed]']);
    await comments.settle({ id: world.id, comment, standing: null });
    expect(await brief()).toEqual(['src/first.ts:4 Call it with the name. [open]']);
  });

  it('resumes an agent that has exited, and keeps every draft when it cannot', async () => {
    const comment = await add('src/first.ts', 4, 'Call it with the name.');
    agent = 'ended-for-good';
    expect(await comments.send({ id: world.id })).toMatchObject({
      error: { kind: 'not-running', reason: 'It cannot go on with its session.' },
    });
    agent = 'asks';
    expect(await comments.send({ id: world.id })).toMatchObject({ error: { kind: 'asks' } });
    expect(await brief()).toEqual(['src/first.ts:4 Call it with the name. [draft]']);
    agent = 'exited';
    expect(await comments.send({ id: world.id })).toEqual({ ok: true, value: { sent: 1, resumed: true } });
    expect(sent).toHaveLength(1);
    expect(await comments.edit({ id: world.id, comment, text: 'Other' })).toMatchObject({
      error: { kind: 'already-sent' },
    });
  });

  it('cannot be written where there is nothing, and says so', async () => {
    const { id } = world;
    const of = (path: string, line: number | null) => comments.add({ id, path, side: 'after', line, text: 'Hm.' });
    expect(await of('src/first.ts', 99)).toMatchObject({ error: { kind: 'line-missing' } });
    expect(await of('../outside', 1)).toMatchObject({ error: { kind: 'line-missing' } });
    expect(
      await comments.add({ id: runId.parse('other'), path: 'a', side: 'after', line: 1, text: 'Hm.' }),
    ).toMatchObject({ error: { kind: 'run-missing' } });
    expect(await comments.remove({ id, comment: 'f'.repeat(24) })).toMatchObject({
      error: { kind: 'comment-missing' },
    });
  });

  it('stays within its lines whatever the code holds', async () => {
    await world.write('evil.ts', `\x1b[31m\u2028const a = "\x1b[201~rm -rf /\r";${'x'.repeat(5000)}\n`);
    await world.write('bytes.bin', new Uint8Array([0, 1, 2, 255]));
    await world.write('-rf\nname.ts', 'one\n');
    await add('evil.ts', 1, 'Ugly.');
    await add('bytes.bin', null, 'Why is it here?');
    await add('-rf\nname.ts', 1, 'Odd.');
    await comments.send({ id: world.id });
    // oxlint-disable-next-line no-control-regex -- that none of these is sent is what is tested
    expect(sent[0]).not.toMatch(/[\x00-\x09\x0b-\x1f]/u);
    expect(sent[0]?.split('\n').filter((line) => line.startsWith('   > '))).toHaveLength(2);
    expect(sent[0]).toContain('-rf name.ts, line 1:');
    expect((sent[0] ?? '').length).toBeLessThan(1500);
  });

  it('goes with its run', async () => {
    await add('src/first.ts', 4, 'Call it with the name.');
    store.run('DELETE FROM runs WHERE id = ?', world.id);
    expect(store.all('SELECT * FROM comments')).toEqual([]);
  });
});
