import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { silentLog } from '#main/base/log.ts';
import { Git } from '#main/services/git/git.ts';
import { TestRepository } from '#main/services/git/test-repository.ts';
import type { RadarState } from '#shared/contract/radar.ts';
import { projectId, runId } from '#shared/ids.ts';

import { ProjectRadar } from './project-radar.ts';
import type { GitPort, RadarRun } from './radar-ports.ts';

const names = ['a', 'b', 'c', 'd', 'e', 'f'];

describe('the radar of a project', () => {
  let repository: TestRepository;
  let git: Git;
  let radar: ProjectRadar | null;
  let states: RadarState[];
  /** The pairs that Git was asked to merge, by the names of their branches. */
  let asked: string[];
  let clock: number;
  /** How long the merge of a pair takes. */
  let took: (pair: string) => number;
  const branchOf = new Map<string, string>();

  beforeEach(async () => {
    repository = await TestRepository.createEmpty();
    await repository.write('plan.md', 'plan\n');
    await repository.commit('Begin');
    git = new Git({ log: silentLog, env: repository.env });
    branchOf.clear();
    branchOf.set(await repository.git('rev-parse', 'main'), 'main');
    for (const name of names) await move(name, 'first');
    states = [];
    asked = [];
    clock = 0;
    took = () => 1;
    radar = null;
  });

  afterEach(async () => {
    radar?.dispose();
    await repository.remove();
  });

  /** A commit on a branch, with a file of its own. */
  async function move(name: string, text: string): Promise<void> {
    await repository.git('checkout', '-q', '-B', name, branchOf.size > names.length ? name : 'main');
    await repository.write(`${name}.txt`, `${text}\n`);
    branchOf.set(await repository.commit(`${name}: ${text}`), name);
    await repository.git('checkout', '-q', 'main');
  }

  /** Git as it is, with a clock of ours that goes by the pairs it merges. */
  const counting = (): GitPort => ({
    read: (call) => {
      if (call.args[0] === 'merge-tree') {
        // Many pairs come line by line, a single one in the arguments.
        const text = call.input === undefined ? call.args.slice(-2).join(' ') : String(call.input);
        const lines = text.split('\n').filter(Boolean);
        const pairs = lines.map((line) =>
          line
            .split(' ')
            .map((commit) => branchOf.get(commit) ?? '?')
            .join('-'),
        );
        asked.push(...pairs);
        for (const pair of pairs) clock += took(pair);
      }
      return git.read(call);
    },
    direct: (call) => git.direct(call),
    gitDir: (path) => git.gitDir(path),
    commonDir: (path) => git.commonDir(path),
    version: () => git.version(),
  });

  async function begin(port: GitPort): Promise<ProjectRadar> {
    const runs = names.map((name): RadarRun => ({
      id: runId.parse(`run-${name}`),
      spec: name,
      title: name,
      branch: name,
      base: 'main',
      worktreePath: join(repository.root, 'none'),
      isNearReview: false,
    }));
    const project = { id: projectId.parse('league'), path: repository.path, commonDir: join(repository.path, '.git') };
    radar = new ProjectRadar({
      git: port,
      log: silentLog,
      project,
      runs: () => runs,
      findSignals: null,
      pace: { settle: 1, rest: 1 },
      now: () => clock,
    });
    radar.listen((state) => states.push(state));
    await vi.waitFor(() => expect(states.at(-1)?.at).not.toBeNull(), { timeout: 60_000, interval: 10 });
    return radar;
  }

  /** Moves a branch; says which pairs were merged for it. */
  async function afterMove(name: string, text: string): Promise<readonly string[]> {
    asked.length = 0;
    await move(name, text);
    const before = radar?.state;
    radar?.changed(null);
    await vi.waitFor(() => expect(radar?.state).not.toBe(before), { timeout: 60_000, interval: 10 });
    return asked.toSorted();
  }

  it('merges only those pairs again of which a tree has changed', async () => {
    await begin(counting());
    // Each with its base, and with each other once.
    expect(asked).toHaveLength(6 + 15);
    expect(await afterMove('c', 'second')).toEqual(['a-c', 'b-c', 'c-d', 'c-e', 'c-f', 'main-c']);
    expect(await afterMove('f', 'second')).toEqual(['a-f', 'b-f', 'c-f', 'd-f', 'e-f', 'main-f']);
  });

  it('finds the one huge pair among many, and lets it rest while the others go on', async () => {
    took = (pair) => (pair === 'a-b' ? 1000 : 1);
    await begin(counting());
    const others = ['a-c', 'a-d', 'a-e', 'a-f', 'main-a'];
    // It is looked for: each time it is merged among fewer.
    for (const text of ['second', 'third']) {
      expect(await afterMove('a', text)).toEqual(expect.arrayContaining(['a-b', ...others]));
    }
    for (const text of ['fourth', 'fifth']) expect(await afterMove('a', text)).toEqual(others);
    expect(radar?.state.pairs).toHaveLength(6 + 15);
    // The others of the same branch were under suspicion for a while, and are not held back.
    expect(await afterMove('b', 'second')).toEqual(['b-c', 'b-d', 'b-e', 'b-f', 'main-b']);
    clock += 31_000;
    expect(await afterMove('a', 'sixth')).toContain('a-b');
    // No longer huge, it is merged whenever the others are.
    took = () => 1;
    clock += 31_000;
    expect(await afterMove('a', 'seventh')).toContain('a-b');
    expect(await afterMove('a', 'eighth')).toContain('a-b');
  });

  it('says which Git it would take, where there is an older one', async () => {
    const old: GitPort = { ...counting(), version: () => Promise.resolve({ text: '2.37.4', major: 2, minor: 37 }) };
    await begin(old);
    expect(states.at(-1)).toMatchObject({
      branches: [],
      pairs: [],
      unavailable: 'Merges are tried with Git 2.38 or newer; this is 2.37.4.',
    });
    expect(asked).toEqual([]);
  });
});
