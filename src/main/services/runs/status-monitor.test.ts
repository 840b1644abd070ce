import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { until } from '#main/base/test-until.ts';
import type { Report } from '#main/ptyhost/report.ts';
import type { AgentId, RunId } from '#shared/ids.ts';

import { StuckWatch } from './stuck-watch.ts';
import { TestRuns } from './test-runs.ts';

let test: TestRuns;
beforeEach(async () => {
  test = await TestRuns.create();
});
afterEach(async () => {
  await test.remove();
});

const told = (event: string, more: Partial<Report> = {}): Report => ({
  event,
  type: null,
  session: null,
  agent: null,
  tool: null,
  subject: null,
  message: null,
  ...more,
});
const kindOf = (id: RunId): string => test.run(id).status.kind;

async function working(): Promise<RunId> {
  const [id] = await test.spawn();
  await test.until(id!, (run) => run.status.kind === 'working');
  return id!;
}

describe('a run whose agent reports', () => {
  it('shows what it does now and said last, and remembers its session', async () => {
    const id = await working();
    test.terminals.report(id, told('working', { tool: 'Bash: npm test', session: 's9' }));
    expect(test.run(id)).toMatchObject({ activity: 'Bash: npm test', status: { source: 'report' } });
    expect(test.run(id).activitySince).not.toBeNull();
    // A title says less than a tool.
    test.terminals.title(test.run(id).terminalId!, 'a topic');
    expect(test.run(id).activity).toBe('Bash: npm test');
    test.terminals.report(id, told('idle', { message: 'All done.' }));
    expect(test.run(id)).toMatchObject({ lastMessage: 'All done.', status: { kind: 'idle' } });
    await test.runs.stop({ id });
    await test.until(id, (run) => run.status.kind === 'exited');
    expect(test.terminals.started.length).toBe(1);
  });

  it('waits only when nothing answers it at once', async () => {
    const id = await working();
    const seen: string[] = [];
    const follow = test.runs.onDidChange(test.projectId, (event) => {
      if (event.kind === 'changed') seen.push(event.run.status.kind);
    });
    test.terminals.report(id, told('waiting'));
    test.terminals.report(id, told('working'));
    test.terminals.report(id, told('idle'));
    expect(kindOf(id)).toBe('idle');
    test.terminals.report(id, told('working'));
    test.terminals.report(id, told('waiting'));
    expect(kindOf(id)).toBe('working');
    await test.until(id, (run) => run.status.kind === 'waiting');
    expect(seen.indexOf('waiting')).toBe(seen.lastIndexOf('working') + 1);
    follow.dispose();
  });

  it('is as it was told while the app was closed, without the states between', async () => {
    const id = await working();
    const at = test.run(id).status.since + 1;
    const reports = [told('waiting'), told('working'), told('idle', { message: 'Done meanwhile.', session: 's7' })];
    test.terminals.kept.push(...reports.map((report, index) => ({ number: index + 1, at: at + index, report })));
    const before = test.statusHistory(id).length;
    await test.reopen();
    expect(test.run(id)).toMatchObject({
      status: { kind: 'idle', source: 'report', since: at + 2 },
      lastMessage: 'Done meanwhile.',
    });
    expect(test.statusHistory(id).length).toBe(before + 1);
  });

  it('is what its terminal says last, although that was said while the app asked how it is', async () => {
    const id = await working();
    const terminalId = test.run(id).terminalId!;
    const list = test.terminals.list.bind(test.terminals);
    test.terminals.list = async () => (await list()).map((terminal) => ({ ...terminal, title: 'asked before' }));
    test.terminals.reports = () => {
      test.terminals.title(terminalId, 'said meanwhile');
      return Promise.resolve([]);
    };
    await test.reopen();
    await test.until(id, (run) => run.status.kind === 'waiting');
    expect(test.run(id).status.detail).toBe('said meanwhile');
  });
});

describe('a run whose terminal host is asked how it is', () => {
  it('has ended when that was heard after the answer', async () => {
    const [id, other] = [await working(), await working()];
    const [terminalId, otherId] = [test.run(id).terminalId!, test.run(other).terminalId!];
    const { terminals } = test;
    const list = terminals.list.bind(terminals);
    terminals.list = async () => {
      const listed = await list();
      terminals.exit(terminalId, 3);
      return listed;
    };
    // The other one's end is heard while this asks about the first.
    terminals.reports = () => {
      terminals.exit(otherId, 4);
      return Promise.resolve([]);
    };
    await test.reopen();
    await new Promise((resolve) => setTimeout(resolve));
    expect([kindOf(id), kindOf(other)]).toEqual(['exited', 'exited']);
    expect(test.run(id).status.detail).toContain('3');
  });

  it('is asked for once, however many terminals say that it is back', async () => {
    const ids = [await working(), await working(), await working()];
    const { terminals } = test;
    let asked = 0;
    const list = terminals.list.bind(terminals);
    terminals.list = () => {
      asked++;
      return list();
    };
    for (const id of ids) terminals.comeBack(test.run(id).terminalId!);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(asked).toBe(1);
  });
});

describe('an agent that is heard of in the same breath as that it was started', () => {
  it('has ended, when that is what was heard', async () => {
    test.terminals.withStart = (terminalId) => {
      test.terminals.exit(terminalId, 3);
    };
    const [id] = await test.spawn();
    const ended = await test.until(id!, (run) => run.status.kind === 'working' || run.status.kind === 'exited');
    expect(ended.stages.at(-1)?.state).toBe('done');
    expect(test.run(id!).status).toMatchObject({ kind: 'exited', detail: 'exit 3' });
    expect(await test.runs.restart({ id: id!, how: 'afresh' })).toMatchObject({ ok: true });
    expect(kindOf(id!)).toBe('exited');
    // Nothing is held back any more.
    test.terminals.withStart = null;
    expect(await test.runs.restart({ id: id!, how: 'afresh' })).toMatchObject({ ok: true });
    expect(kindOf(id!)).toBe('working');
    test.terminals.exit(test.run(id!).terminalId!, 4);
    expect(test.run(id!).status).toMatchObject({ kind: 'exited', detail: 'exit 4' });
  });

  it('waits, when that is what it reported', async () => {
    test.terminals.withStart = (terminalId) => {
      test.terminals.report(terminalId.slice('run-'.length) as RunId, told('waiting', { session: 's5' }));
    };
    const [id] = await test.spawn();
    const waiting = await test.until(id!, (run) => run.status.kind === 'waiting');
    expect(waiting.status.source).toBe('report');
  });

  it('is still spoken of after a start that failed', async () => {
    const id = await working();
    const { terminalId } = test.run(id);
    test.terminals.exit(terminalId!, 0);
    test.terminals.refuseStart = 'no such program';
    await test.runs.restart({ id, how: 'afresh' });
    expect(test.run(id).status).toMatchObject({ kind: 'exited', source: 'process' });
    test.terminals.refuseStart = null;
    await test.runs.restart({ id, how: 'afresh' });
    test.terminals.title(terminalId!, 'Well?');
    const waiting = await test.until(id, (run) => run.status.kind === 'waiting');
    expect(waiting.status.detail).toBe('Well?');
  });
});

describe('a question that its agent reports', () => {
  const dialog = ' Do you want to create hello.txt?\n ❯ 1. Yes\n   2. No';
  const asking = async (): Promise<RunId> => {
    const id = await working();
    test.terminals.screen = dialog;
    test.terminals.report(id, told('waiting'));
    await test.until(id, (run) => run.status.kind === 'waiting');
    const looks = test.terminals.looks;
    await until(() => test.terminals.looks > looks);
    return id;
  };

  it('is over when it has gone from the screen, which is all that some show of a refusal', async () => {
    const id = await asking();
    test.terminals.screen = '❯ ';
    await test.until(id, (run) => run.status.kind === 'idle');
    expect(test.run(id).status.source).toBe('output');
    // Nor is it asked again because the app comes back to what was reported before.
    const at = test.run(id).status.since - 10;
    test.terminals.kept.push({ number: 1, at, report: told('waiting') });
    await test.reopen();
    expect(test.run(id).status).toMatchObject({ kind: 'idle', source: 'output' });
  });

  it('is over also when it was turned down as soon as it was shown', async () => {
    const id = await working();
    test.terminals.screen = dialog;
    test.terminals.report(id, told('waiting'));
    await test.until(id, (run) => run.status.kind === 'waiting');
    test.terminals.screen = '❯ ';
    const over = await test.until(id, (run) => run.status.kind === 'idle');
    expect(over.status.source).toBe('output');
  });

  it('is over also when the screen has moved once more, of an agent whose titles would tell that it works', async () => {
    const [id] = await test.spawn({ agentId: 'loader' as AgentId });
    await test.until(id!, (run) => run.status.kind === 'working');
    test.terminals.screen = dialog;
    test.terminals.report(id!, told('waiting'));
    await test.until(id!, (run) => run.status.kind === 'waiting');
    test.terminals.screen = '❯ ';
    const looks = test.terminals.looks;
    await until(() => test.terminals.looks > looks);
    test.terminals.activity(id!);
    const over = await test.until(id!, (run) => run.status.kind === 'idle');
    expect(over.status.source).toBe('output');
  });

  it('is not over because something moves on its screen, but when it has gone from there', async () => {
    const id = await asking();
    const blink = async (): Promise<void> => {
      test.terminals.activity(id);
      await new Promise((resolve) => setTimeout(resolve, 300));
    };
    const { since } = test.run(id).status;
    while (Date.now() - since < 4000) {
      await blink();
      expect(kindOf(id)).toBe('waiting');
    }
    test.terminals.screen = 'It goes on.';
    await until(async () => {
      await blink();
      return kindOf(id) === 'working';
    });
  });

  it('is still asked while the screen shows it, or where the screen never showed it', async () => {
    const id = await asking();
    await until(async () => {
      const looks = test.terminals.looks;
      await new Promise((resolve) => setTimeout(resolve, 1500));
      return test.terminals.looks === looks;
    });
    expect(kindOf(id)).toBe('waiting');
  });
});

describe('a question that is asked of the person', () => {
  it('is answered by what the person says to it, and by nothing that the app says', async () => {
    const id = await working();
    test.terminals.report(id, told('waiting'));
    await test.until(id, (run) => run.status.kind === 'waiting');
    expect(await test.runs.send({ id, text: 'Your branch breaks a rule.' })).toEqual({
      ok: false,
      error: { kind: 'asks' },
    });
    expect(test.terminals.typed).toEqual([]);
    expect(await test.runs.send({ id, text: 'Blue.', mayAnswer: true })).toMatchObject({ ok: true });
    expect(test.terminals.typed).toEqual(['<Blue.>', '\r']);
  });
});

describe('a stuck run', () => {
  const id = 'r' as RunId;
  const terminalId = 'run-r' as never;
  const status = { kind: 'working', source: 'title', since: 0, detail: null } as const;
  const watch = (...times: number[]): StuckWatch =>
    new StuckWatch({ terminals: { processorTime: () => Promise.resolve(times.shift() ?? null) } });

  it('is one in which nothing has moved and nothing computes', async () => {
    const stuck = watch(1000, 1010);
    expect(await stuck.look(id, terminalId, status, 179_000)).toBeNull();
    expect(await stuck.look(id, terminalId, status, 180_000)).toBeNull();
    expect(await stuck.look(id, terminalId, status, 190_000)).toBeNull();
    expect(await stuck.look(id, terminalId, status, 201_000)).toBe(0);
  });

  it('is none that computes, or has changed a file, or of which nobody knows', async () => {
    const computes = watch(1000, 9000, 9001);
    await computes.look(id, terminalId, status, 180_000);
    expect(await computes.look(id, terminalId, status, 201_000)).toBeNull();
    expect(await computes.look(id, terminalId, status, 230_000)).toBeNull();
    const writes = watch(1000, 1000);
    await writes.look(id, terminalId, status, 180_000);
    writes.moved(id, 190_000);
    expect(await writes.look(id, terminalId, status, 201_000)).toBeNull();
    expect(await watch().look(id, terminalId, status, 500_000)).toBeNull();
  });
});
