import { join } from 'node:path';

import type { Browser, BrowserContext, Page } from '@playwright/test';

import { specText } from '#e2e/spec-text.ts';
import { World } from '#e2e/world.ts';
import { dialPtyHost } from '#main/ptyhost/dial.ts';
import type { HostApi } from '#shared/contract/index.ts';
import type { Run } from '#shared/contract/runs.ts';
import { errorMessage } from '#shared/error-message.ts';
import { agentId, specSlug, type ProjectId, type TerminalId } from '#shared/ids.ts';
import type { Failure, Result } from '#shared/result.ts';

import { connectToHost, type HostClient } from './host-client.ts';
import { installProbe } from './probe.ts';
import type { Stage } from './stage.ts';

export interface SwitchyardStageOptions {
  browser: Browser;
  /** How many runs there are, each with a shell. */
  runs: number;
  /** The runs whose terminals have a pane, by their index, in their order. The first has the keyboard. */
  shown: readonly number[];
  viewport: { width: number; height: number };
  /** Runs in the page before everything else. */
  script?: () => void;
}

/** Runs are recorded by 32 at most at once; and their worktrees are to be there before the next ones. */
const mostAtOnce = 16;

/** The product: its pty host, its headless host and its built page, with runs of the shell agent. */
export class SwitchyardStage implements Stage {
  readonly name = 'Switchyard';
  readonly world: World;
  readonly page: Page;
  readonly runs: readonly Run[];
  readonly #client: HostClient;
  readonly #context: BrowserContext;

  private constructor(parts: {
    world: World;
    page: Page;
    runs: readonly Run[];
    client: HostClient;
    context: BrowserContext;
  }) {
    this.world = parts.world;
    this.page = parts.page;
    this.runs = parts.runs;
    this.#client = parts.client;
    this.#context = parts.context;
  }

  static async create(options: SwitchyardStageOptions): Promise<SwitchyardStage> {
    const world = await World.create();
    try {
      const repository = await world.repository('bench', 'clean');
      for (let index = 0; index < options.runs; index++) {
        await repository.write(`specs/${slugOf(index)}.md`, specText({ title: titleOf(index), agents: ['shell'] }));
      }
      await repository.commit('Say what is to be done');
      const client = await connectToHost(await world.host.start('--project', repository.path));
      const project = valueOf(await client.api.projects.open({ path: repository.path }));
      const runs = await spawnShells(client.api, project.id, options.runs);
      const context = await options.browser.newContext({ viewport: options.viewport, reducedMotion: 'reduce' });
      const page = await context.newPage();
      if (options.script) await page.addInitScript(options.script);
      await page.addInitScript(installProbe);
      const stage = new SwitchyardStage({ world, page, runs, client, context });
      await stage.#open(project.id, options.shown);
      return stage;
    } catch (error) {
      await world.dispose().catch(() => undefined);
      throw error;
    }
  }

  get api(): HostApi {
    return this.#client.api;
  }

  label(index: number): string {
    return `Terminal of ${titleOf(index)},`;
  }

  title(index: number): string {
    return titleOf(index);
  }

  terminalId(index: number): TerminalId {
    const id = this.runs[index]?.terminalId;
    if (!id) throw new Error(`run ${String(index)} has no terminal`);
    return id;
  }

  async send(index: number, text: string): Promise<void> {
    valueOf(await this.api.terminals.write({ id: this.terminalId(index), data: text }));
  }

  async focus(index: number): Promise<void> {
    await this.page.locator(`textarea[aria-label^="${this.label(index)}"]`).focus();
  }

  async size(index: number): Promise<{ cols: number; rows: number }> {
    return await this.look(index, ({ cols, rows }) => ({ cols, rows }));
  }

  /** The process that runs in each of these terminals. */
  async pids(indices: readonly number[]): Promise<number[]> {
    const dialled = valueOf(await dialPtyHost(join(this.world.folder, 'switchyard', 'state'), () => undefined));
    const listed = valueOf(await dialled.api.terminals.list({}));
    dialled.close();
    return indices.map((index) => {
      const pid = listed.find(({ id }) => id === this.terminalId(index))?.pid;
      if (!pid) throw new Error(`no process runs in terminal ${String(index)}`);
      return pid;
    });
  }

  /** The present state of a terminal at the host, as a viewer gets it. */
  async look<T>(
    index: number,
    read: (snapshot: { data: string; cols: number; rows: number }) => T | Promise<T>,
  ): Promise<T> {
    const { promise, resolve } = Promise.withResolvers<{ data: string; cols: number; rows: number }>();
    const feed = this.api.terminals.attach({ id: this.terminalId(index), viewer: crypto.randomUUID() }, (frame) => {
      if (frame.kind === 'snapshot') resolve(frame);
    });
    const snapshot = await promise;
    feed.dispose();
    return await read(snapshot);
  }

  async dispose(): Promise<void> {
    this.#client.close();
    await this.#context.close();
    // On a busy machine its host may take longer to quit than is waited for; everything is ended then all the same.
    await this.world.dispose().catch((error: unknown) => {
      console.error(`             ${errorMessage(error)}`);
    });
  }

  /** The page as a person has left it: with panes for these runs. */
  async #open(projectId: ProjectId, shown: readonly number[]): Promise<void> {
    const runIds = shown.map((index) => this.runs[index]?.id);
    const view = {
      centre: { kind: 'grid' },
      openSpec: null,
      openReview: null,
      selectedRunId: null,
      grid: { runIds, focused: runIds[0] ?? null, maximised: null },
    };
    await this.page.addInitScript(
      ({ key, value }) => {
        localStorage.setItem(key, value);
      },
      { key: `switchyard.view.${projectId}`, value: JSON.stringify(view) },
    );
    await this.page.goto(this.world.host.address);
    for (const index of shown) {
      const textarea = this.page.locator(`textarea[aria-label^="${this.label(index)}"]`);
      await textarea.waitFor({ state: 'attached', timeout: 60_000 });
    }
  }
}

const titleOf = (index: number): string => `Piece ${String(index + 1).padStart(2, '0')}`;
const slugOf = (index: number): string => `piece-${String(index + 1).padStart(2, '0')}`;

async function spawnShells(api: HostApi, projectId: ProjectId, count: number): Promise<readonly Run[]> {
  const present = new Map<string, Run>();
  let changed = (): void => undefined;
  const feed = api.runs.onDidChange(projectId, (change) => {
    if (change.kind === 'all') for (const run of change.runs) present.set(run.id, run);
    else if (change.kind === 'changed') present.set(change.run.id, change.run);
    changed();
  });
  const until = async (isSo: () => boolean): Promise<void> => {
    while (!isSo()) {
      const failed = [...present.values()].find((run) => run.status.kind === 'failed');
      if (failed) throw new Error(`a run failed: ${failed.status.detail ?? ''}`);
      await new Promise<void>((resolve) => {
        changed = resolve;
      });
    }
  };
  // More are at work here at once than a person would look after.
  valueOf(await api.host.updateSettings({ mostRunning: 0, mostToReview: 0 }));
  // The project's agents are looked for when it is opened, and the specs read.
  await new Promise((resolve) => {
    const agents = api.agents.onDidChange(projectId, (list) => {
      if (list.some(({ id, availability }) => id === 'shell' && availability.kind === 'available')) {
        agents.dispose();
        resolve(undefined);
      }
    });
  });
  for (let from = 0; from < count; from += mostAtOnce) {
    const indices = Array.from({ length: Math.min(mostAtOnce, count - from) }, (_, offset) => from + offset);
    const requests = indices.map((index) => ({
      slug: specSlug.parse(slugOf(index)),
      agentId: agentId.parse('shell'),
      variants: 1,
      base: null,
      branch: null,
    }));
    valueOf(await api.runs.spawn({ projectId, requests }));
    await until(() => [...present.values()].filter(isStarted).length >= from + indices.length);
  }
  feed.dispose();
  return [...present.values()].toSorted((a, b) => a.spec.slug.localeCompare(b.spec.slug));
}

const isStarted = (run: Run): boolean =>
  run.terminalId !== null && run.stages.every((stage) => stage.state === 'done' || stage.state === 'skipped');

export function valueOf<T, F extends Failure>(result: Result<T, F>): T {
  if (!result.ok) throw new Error(`refused: ${JSON.stringify(result.error)}`);
  return result.value;
}
