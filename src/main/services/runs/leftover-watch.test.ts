import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, expect, it, vi } from 'vitest';

import { Emitter } from '#main/base/lifecycle.ts';
import { silentLog } from '#main/base/log.ts';
import { Store } from '#main/services/store/store.ts';
import type { TerminalChange } from '#main/services/terminals/terminals.ts';
import type { LeftProcess, RunStatus } from '#shared/contract/runs.ts';
import type { AgentId, ProjectId, RunId, SpecSlug, TerminalId } from '#shared/ids.ts';

import { LeftoverWatch } from './leftover-watch.ts';
import { ProjectRuns } from './project-runs.ts';
import { newRecord } from './run-record.ts';
import { RunStore } from './run-store.ts';

type Left = ReadonlyMap<TerminalId, readonly LeftProcess[]>;

const server: readonly LeftProcess[] = [{ pid: 12, name: 'node' }];
const became = (kind: RunStatus['kind'], since: number): RunStatus => ({
  kind,
  source: 'process',
  since,
  detail: null,
});
const terminalOf = (id: RunId): TerminalId => `run-${id}` as TerminalId;
const [one, other] = ['one', 'other'] as RunId[] as [RunId, RunId];

let folder: string;
let store: Store;
let runs: ProjectRuns;
let watch: LeftoverWatch;
let terminals: Emitter<TerminalChange>;
/** What is left now, and how the system answers. */
let left: Left;
let answer: () => Promise<Left>;

beforeEach(async () => {
  vi.useFakeTimers();
  folder = await mkdtemp(join(tmpdir(), 'leftover-watch-'));
  store = new Store({ path: join(folder, 'state.db'), log: silentLog });
  runs = new ProjectRuns({
    projectId: 'project' as ProjectId,
    projectPath: folder,
    store: new RunStore(store),
    facts: {
      presence: () => Promise.resolve({ branch: true, worktree: true, worktreePath: null }),
      changes: () => Promise.resolve(null),
      merged: () => Promise.resolve(null),
    },
    log: silentLog,
    onDidNotWrite: (error) => {
      throw error;
    },
  });
  runs.add([recordOf(one), recordOf(other)], []);
  left = new Map();
  answer = () => Promise.resolve(left);
  terminals = new Emitter();
  watch = new LeftoverWatch({
    terminals: {
      onDidChange: terminals.event,
      elsewhere: () => null,
      leftRunning: async (ids) => new Map([...(await answer())].filter(([id]) => ids.includes(id))),
    },
    log: silentLog,
  });
  watch.start();
  watch.watch(runs);
  await vi.advanceTimersByTimeAsync(2000);
});
afterEach(async () => {
  watch.dispose();
  runs.dispose();
  store.dispose();
  vi.useRealTimers();
  await rm(folder, { recursive: true });
});

function recordOf(id: RunId) {
  const record = newRecord(
    {
      id,
      task: 'build',
      spec: { slug: id as string as SpecSlug, title: id },
      agent: { id: 'fake' as AgentId, label: 'Fake' },
      variant: null,
      branch: `feature/${id}`,
      base: 'main',
      worktreePath: join(folder, id),
      terminalId: terminalOf(id),
      promptVersion: null,
    },
    1,
  );
  return { ...record, baseCommit: 'a'.repeat(40), status: became('working', 1) };
}

/** As the terminal tells it; `status` is what the run then is. */
function ends(id: RunId, status = became('exited', 2)): void {
  runs.setStatus(id, status);
  terminals.fire({ kind: 'exited', id: terminalOf(id), at: status.since, exit: { code: 0, signal: null } });
}

const leftOf = (id: RunId): readonly LeftProcess[] => runs.find(id)?.leftRunning ?? [];

it('shows what an agent that has ended has left running, until that has ended too', async () => {
  left = new Map([[terminalOf(one), server]]);
  ends(one);
  await vi.advanceTimersByTimeAsync(2000);
  expect([leftOf(one), leftOf(other)]).toEqual([server, []]);
  left = new Map();
  await vi.advanceTimersByTimeAsync(11_000);
  expect(leftOf(one)).toEqual([]);
});

it('looks again where the system could not be asked', async () => {
  left = new Map([[terminalOf(one), server]]);
  answer = () => Promise.reject(new Error('no files are left'));
  ends(one);
  await vi.advanceTimersByTimeAsync(2000);
  answer = () => Promise.resolve(left);
  await vi.advanceTimersByTimeAsync(11_000);
  expect(leftOf(one)).toEqual(server);
  answer = () => Promise.reject(new Error('no files are left'));
  left = new Map();
  await vi.advanceTimersByTimeAsync(11_000);
  answer = () => Promise.resolve(left);
  await vi.advanceTimersByTimeAsync(11_000);
  expect(leftOf(one)).toEqual([]);
});

it('finds it also where it is known long after the host came back that the agent has ended', async () => {
  left = new Map([[terminalOf(one), server]]);
  runs.setStatus(one, became('unknown', 2));
  terminals.fire({ kind: 'host-restored', id: terminalOf(one), at: 2 });
  await vi.advanceTimersByTimeAsync(5000);
  runs.setStatus(one, became('exited', 3));
  await vi.advanceTimersByTimeAsync(2000);
  expect(leftOf(one)).toEqual(server);
});

it('does not take an agent that was started again meanwhile for something that was left', async () => {
  const asked = Promise.withResolvers<Left>();
  answer = () => asked.promise;
  ends(one);
  await vi.advanceTimersByTimeAsync(2000);
  runs.setStatus(one, became('working', 3));
  asked.resolve(new Map([[terminalOf(one), [{ pid: 20, name: 'claude' }]]]));
  await vi.advanceTimersByTimeAsync(0);
  expect(leftOf(one)).toEqual([]);
});

it('looks at one that has just ended as soon as where nothing was left before', async () => {
  left = new Map([terminalOf(one), terminalOf(other)].map((id) => [id, server]));
  ends(one);
  await vi.advanceTimersByTimeAsync(2000);
  ends(other);
  await vi.advanceTimersByTimeAsync(2000);
  expect(leftOf(other)).toEqual(server);
});
