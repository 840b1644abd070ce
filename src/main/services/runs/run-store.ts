import type { ReportedUsage } from '#main/services/agents/reported-usage.ts';
import { ToldInvariants } from '#main/services/invariants/told-invariants.ts';
import type { Store, StoreValue } from '#main/services/store/store.ts';
import type { Prompt } from '#shared/contract/prompts.ts';
import type { Decision, Run, RunStatus, Stage } from '#shared/contract/runs.ts';
import type { AgentId, RunId, SpecSlug, TerminalId } from '#shared/ids.ts';

import type { RunRecord } from './run-record.ts';

const columns = [
  'id',
  'spec_slug',
  'spec_title',
  'agent_id',
  'agent_label',
  'variant',
  'branch',
  'base',
  'base_commit',
  'worktree_path',
  'created_at',
  'terminal_id',
  'session_id',
  'prompt_version',
  'stages',
  'status',
  'decision',
  'decision_reason',
  'decision_at',
  'merged',
  'task',
  'given_work',
  'also_holds',
] as const;

/** The runs of one project on disk, with the prompts they were sent and the history of their status and decisions. */
export class RunStore {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  /** Rows that make no sense, because another program has changed them, are left where they are and out of this. */
  all(): readonly RunRecord[] {
    return this.#store
      .all('SELECT * FROM runs WHERE removed_snapshot IS NULL ORDER BY created_at, id')
      .flatMap((row) => fromRow(row) ?? []);
  }

  /** Records new runs and the prompts they are to be sent: all of them or none. */
  insert(records: readonly RunRecord[], prompts: readonly Prompt[]): void {
    this.#store.transaction(() => {
      for (const prompt of prompts) {
        this.#store.run('INSERT OR IGNORE INTO prompts VALUES (?, ?)', prompt.version, JSON.stringify(prompt));
      }
      for (const record of records) this.save(record);
    });
  }

  /** Writes a run as it is now, whether it is on disk yet or not. */
  save(record: RunRecord): void {
    const places = columns.map(() => '?').join(', ');
    const assignments = columns.slice(1).map((column) => `${column} = excluded.${column}`);
    this.#store.run(
      `INSERT INTO runs (${columns.join(', ')}) VALUES (${places}) ON CONFLICT (id) DO UPDATE SET ${assignments.join(', ')}`,
      ...toRow(record),
    );
  }

  remove(id: RunId): void {
    this.#store.run('DELETE FROM runs WHERE id = ?', id);
  }

  /** Keeps a run that was deleted, for when its snapshot is restored. */
  setAside(id: RunId, snapshot: string): void {
    this.#store.run('UPDATE runs SET removed_snapshot = ? WHERE id = ?', snapshot, id);
  }

  /** The run that was set aside with this snapshot is one like any other again; null when there is none. */
  bringBack(snapshot: string): RunRecord | null {
    const row = this.#store.all('SELECT * FROM runs WHERE removed_snapshot = ?', snapshot)[0];
    this.#store.run('UPDATE runs SET removed_snapshot = NULL WHERE removed_snapshot = ?', snapshot);
    return row ? fromRow(row) : null;
  }

  /** A run that was deleted and could be brought back; null: there is none with this id. */
  removed(id: RunId): RunRecord | null {
    const [row] = this.#store.all('SELECT * FROM runs WHERE id = ? AND removed_snapshot IS NOT NULL', id);
    return row ? fromRow(row) : null;
  }

  /** Titles of the runs that were set aside with these snapshots. */
  removedTitles(snapshots: readonly string[]): readonly string[] {
    const wanted = new Set(snapshots);
    return this.#store
      .all('SELECT spec_title, removed_snapshot FROM runs WHERE removed_snapshot IS NOT NULL ORDER BY created_at, id')
      .filter((row) => wanted.has(String(row['removed_snapshot'])))
      .map((row) => String(row['spec_title']));
  }

  /** The runs that were set aside with these snapshots cannot be brought back any more. */
  forgetRemoved(snapshots: readonly string[]): void {
    this.#store.transaction(() => {
      for (const snapshot of snapshots) this.#store.run('DELETE FROM runs WHERE removed_snapshot = ?', snapshot);
    });
  }

  prompt(version: string): Prompt | null {
    const row = this.#store.all('SELECT prompt FROM prompts WHERE version = ?', version)[0];
    return row ? storedPrompt(JSON.parse(String(row['prompt'])) as Partial<Prompt>) : null;
  }

  recordStatus(id: RunId, status: RunStatus): void {
    this.#store.run(
      'INSERT INTO status_history VALUES (?, ?, ?, ?, ?)',
      id,
      status.since,
      status.kind,
      status.source,
      status.detail,
    );
  }

  /** What an agent reports of one answer of its model; a later report of the same answer takes its place. */
  recordUsage(id: RunId, at: number, { answer, input, output, cacheRead, cacheWrite, cost }: ReportedUsage): void {
    this.#store.run(
      'INSERT OR REPLACE INTO usage VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
      id,
      answer,
      at,
      input,
      output,
      cacheRead,
      cacheWrite,
      cost,
    );
  }

  recordDecision(id: RunId, decision: Decision): void {
    this.#store.run('INSERT INTO decisions VALUES (?, ?, ?, ?)', id, decision.at ?? 0, decision.kind, decision.reason);
  }

  forgetTold(id: RunId): void {
    new ToldInvariants(this.#store).forget(id);
  }

  /** Which version of each file the person has marked as viewed, by path. */
  viewed(id: RunId): ReadonlyMap<string, string> {
    const rows = this.#store.all('SELECT path, version FROM viewed WHERE run_id = ?', id);
    return new Map(rows.map((row) => [String(row['path']), String(row['version'])]));
  }

  /** `version: null` takes the mark back. */
  setViewed(id: RunId, path: string, version: string | null): void {
    if (version === null) this.#store.run('DELETE FROM viewed WHERE run_id = ? AND path = ?', id, path);
    else this.#store.run('INSERT OR REPLACE INTO viewed VALUES (?, ?, ?)', id, path, version);
  }
}

function toRow(record: RunRecord): StoreValue[] {
  return [
    record.id,
    record.spec.slug,
    record.spec.title,
    record.agent.id,
    record.agent.label,
    record.variant,
    record.branch,
    record.base,
    record.baseCommit,
    record.worktreePath,
    record.createdAt,
    record.terminalId,
    record.sessionId,
    record.promptVersion,
    JSON.stringify(record.stages),
    JSON.stringify(record.status),
    record.decision.kind,
    record.decision.reason,
    record.decision.at,
    record.merged ? JSON.stringify(record.merged) : null,
    record.task,
    record.givenWork ? JSON.stringify(record.givenWork) : null,
    record.alsoHolds.length === 0 ? null : JSON.stringify(record.alsoHolds),
  ];
}

/** A prompt as it was sent, also by a version of the app that kept less about it. */
function storedPrompt(stored: Partial<Prompt>): Prompt {
  const { text = '', tokens = 0, parts = [], rules = [], problems = [], version = '' } = stored;
  const whole = parts.map((part) => ({
    ...part,
    origin: part.origin ?? 'project',
    values: part.values ?? {},
    problems: part.problems ?? [],
  }));
  return { text, tokens, parts: whole, rules, problems, version };
}

/** Null: it is no run. */
function fromRow(row: Readonly<Record<string, StoreValue>>): RunRecord | null {
  try {
    return readRow(row);
  } catch {
    return null;
  }
}

function readRow(row: Readonly<Record<string, StoreValue>>): RunRecord {
  const text = (column: string): string => String(row[column]);
  const textOrNull = (column: string): string | null => {
    const value = row[column];
    return value === null || value === undefined ? null : String(value);
  };
  const numberOrNull = (column: string): number | null => {
    const value = row[column];
    return value === null || value === undefined ? null : Number(value);
  };
  const merged = textOrNull('merged');
  const givenWork = textOrNull('given_work');
  const alsoHolds = textOrNull('also_holds');
  return {
    id: text('id') as RunId,
    spec: { slug: text('spec_slug') as SpecSlug, title: text('spec_title') },
    task: text('task') === 'split' ? 'split' : 'build',
    agent: { id: text('agent_id') as AgentId, label: text('agent_label') },
    variant: numberOrNull('variant'),
    branch: text('branch'),
    base: text('base'),
    baseCommit: textOrNull('base_commit'),
    worktreePath: text('worktree_path'),
    createdAt: Number(row['created_at']),
    terminalId: textOrNull('terminal_id') as TerminalId | null,
    sessionId: textOrNull('session_id'),
    promptVersion: textOrNull('prompt_version'),
    stages: JSON.parse(text('stages')) as readonly Stage[],
    status: JSON.parse(text('status')) as RunStatus,
    decision: {
      kind: text('decision') as Decision['kind'],
      reason: text('decision_reason'),
      at: numberOrNull('decision_at'),
    },
    merged: merged === null ? null : (JSON.parse(merged) as Run['merged']),
    givenWork: givenWork === null ? null : (JSON.parse(givenWork) as RunRecord['givenWork']),
    alsoHolds: alsoHolds === null ? [] : (JSON.parse(alsoHolds) as RunRecord['alsoHolds']),
  };
}
