import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, expect, it } from 'vitest';

import { silentLog } from '#main/base/log.ts';
import { Store } from '#main/services/store/store.ts';
import type { Run, RunStatus } from '#shared/contract/runs.ts';
import type { AgentId, ProjectId, RunId, SpecSlug } from '#shared/ids.ts';

import { ProjectRuns, type RunFacts } from './project-runs.ts';
import { newRecord } from './run-record.ts';
import { RunStore } from './run-store.ts';

const id = 'run' as RunId;
let folder: string;
let store: Store;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'project-runs-'));
  store = new Store({ path: join(folder, 'state.db'), log: silentLog });
});
afterEach(async () => {
  store.dispose();
  await rm(folder, { recursive: true });
});

function runsWith(merged: RunFacts['merged'], changes: RunFacts['changes'] = () => Promise.resolve(null)): ProjectRuns {
  const runs = new ProjectRuns({
    projectId: 'project' as ProjectId,
    projectPath: folder,
    store: new RunStore(store),
    facts: {
      presence: () => Promise.resolve({ branch: true, worktree: true, worktreePath: null }),
      changes,
      merged,
    },
    log: silentLog,
    onDidNotWrite: (error) => {
      throw error;
    },
  });
  const record = newRecord(
    {
      id,
      task: 'build',
      spec: { slug: 'notes' as SpecSlug, title: 'Notes' },
      agent: { id: 'fake' as AgentId, label: 'Fake' },
      variant: null,
      branch: 'feature/notes',
      base: 'main',
      worktreePath: join(folder, 'notes'),
      terminalId: null,
      promptVersion: null,
    },
    1,
  );
  const status = { kind: 'idle', source: 'process', since: 1, detail: null } as const;
  runs.add([{ ...record, baseCommit: 'a'.repeat(40), status }], []);
  return runs;
}

const squash: Run['merged'] = { commit: 'b'.repeat(40), into: 'main', method: 'squash', at: 2 };

it('keeps a merge that is recorded while Git is still being asked whether there was one', async () => {
  const asked = Promise.withResolvers<void>();
  const answer = Promise.withResolvers<Run['merged']>();
  let questions = 0;
  const runs = runsWith((_id, _place, recorded) => {
    questions += 1;
    if (questions > 1) return Promise.resolve(recorded);
    asked.resolve();
    return answer.promise;
  });
  const refreshed = runs.refresh(id);
  await asked.promise;
  runs.change(id, { merged: squash });
  void runs.refresh(id);
  answer.resolve(null); // A squash cannot be told from the branch: to Git there was none.
  await refreshed;
  expect(questions).toBe(2);
  expect(runs.find(id)?.merged).toEqual(squash);
});

it('takes a merge back when Git says that the base no longer holds it', async () => {
  const runs = runsWith(() => Promise.resolve(null));
  runs.change(id, { merged: squash });
  await runs.refresh(id);
  expect(runs.find(id)?.merged).toBeNull();
});

const nothing = { commits: 0, behind: 0, files: 0, insertions: 0, deletions: 0, uncommitted: 0 };
const work = { ...nothing, commits: 1, files: 1, insertions: 3 };
const became = (kind: RunStatus['kind'], since: number): RunStatus => ({ kind, source: 'title', since, detail: null });

it('does not say that an agent has changed nothing before Git was asked after it came to rest', async () => {
  const seen: (Run['changes'] | 'at work')[] = [];
  const asked = Promise.withResolvers<void>();
  const answers = [nothing, nothing, work];
  const before = Promise.withResolvers<void>();
  let questions = 0;
  const runs = runsWith(
    () => Promise.resolve(null),
    async () => {
      const answer = answers[questions++] ?? null;
      // This one is asked while it works, and answered when it rests.
      if (questions === 2) {
        asked.resolve();
        await before.promise;
      }
      return answer;
    },
  );
  runs.setStatus(id, became('working', 2));
  await runs.refresh(id);
  expect(runs.find(id)?.changes).toEqual(nothing);
  const refreshed = runs.refresh(id);
  await asked.promise;
  runs.onDidChange((event) => {
    if (event.kind === 'changed') seen.push(event.run.status.kind === 'idle' ? event.run.changes : 'at work');
  });
  runs.setStatus(id, became('idle', 3));
  before.resolve();
  await refreshed;
  expect(runs.find(id)?.changes).toEqual(work);
  expect(questions).toBe(3);
  expect(seen).toEqual([null, work]);
});

it('does not take an answer of before for one that was asked after it came to rest once more', async () => {
  const before = Promise.withResolvers<Run['changes']>();
  const asked = Promise.withResolvers<void>();
  let questions = 0;
  const runs = runsWith(
    () => Promise.resolve(null),
    () => {
      questions++;
      if (questions > 1) return Promise.resolve(work);
      asked.resolve();
      return before.promise;
    },
  );
  const seen: Run['changes'][] = [];
  const refreshed = runs.refresh(id);
  await asked.promise;
  runs.setStatus(id, became('working', 2));
  runs.setStatus(id, became('idle', 3));
  runs.onDidChange((event) => {
    if (event.kind === 'changed') seen.push(event.run.changes);
  });
  before.resolve(nothing);
  await refreshed;
  // Null is what it is until the newer answer comes.
  expect(seen).toEqual([null, work]);
});
