import { createHash, randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { Store, StoreValue } from '#main/services/store/store.ts';
import type { CheckOutcome, Evidence } from '#shared/contract/gates.ts';

/** Output of a check that is longer is cut at its beginning: how it ended stands at the end. */
const mostLogChars = 1_000_000;
/** So many checks are remembered; of the older ones record and output go. */
const mostKept = 2000;

/** Names a command: evidence holds for this one alone. */
export const commandHash = (command: string): string => createHash('sha256').update(command).digest('hex').slice(0, 32);

/** What was checked, kept by tree and command: rows in the project's state, outputs as files beside it. */
export class EvidenceStore {
  readonly #store: Store;
  readonly #folder: string;

  constructor(options: { store: Store; commonDir: string }) {
    this.#store = options.store;
    this.#folder = join(options.commonDir, 'switchyard', 'evidence');
  }

  /** The latest of a command on a tree. What was cancelled says nothing and is left out. */
  find(tree: string, command: string): Evidence | null {
    const [row] = this.#store.all(
      `SELECT * FROM evidence WHERE tree = ? AND command_hash = ? AND outcome <> 'cancelled' ORDER BY ended_at DESC LIMIT 1`,
      tree,
      commandHash(command),
    );
    return row ? fromRow(row) : null;
  }

  /** The latest of a command for one run's check, on whatever tree. */
  latest(runId: string, check: string, command: string): Evidence | null {
    const [row] = this.#store.all(
      'SELECT * FROM evidence WHERE run_id = ? AND check_id = ? AND command_hash = ? ORDER BY ended_at DESC LIMIT 1',
      runId,
      check,
      commandHash(command),
    );
    return row ? fromRow(row) : null;
  }

  /** Records how a check ended, with what it printed. */
  async add(of: { runId: string; check: string }, evidence: Omit<Evidence, 'id'>, output: string): Promise<Evidence> {
    const id = randomBytes(12).toString('hex');
    const { outcome, exitCode, reason, tree, command, startedAt, endedAt, treeMoved } = evidence;
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    await writeFile(this.#logPath(id), output.slice(-mostLogChars), { mode: 0o600 });
    this.#store.run(
      'INSERT INTO evidence VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
      id,
      of.runId,
      of.check,
      tree,
      commandHash(command),
      command,
      outcome,
      exitCode,
      reason,
      startedAt,
      endedAt,
      treeMoved ? 1 : 0,
    );
    await this.#prune();
    return { id, ...evidence };
  }

  /** Null: there is no such evidence, or its output is gone. */
  async log(id: string): Promise<string | null> {
    if (!/^[0-9a-f]{24}$/u.test(id)) return null;
    return readFile(this.#logPath(id), 'utf8').catch(() => null);
  }

  #logPath(id: string): string {
    return join(this.#folder, `${id}.log`);
  }

  async #prune(): Promise<void> {
    const old = this.#store.all('SELECT id FROM evidence ORDER BY ended_at DESC LIMIT -1 OFFSET ?', mostKept);
    if (old.length === 0) return;
    for (const row of old) this.#store.run('DELETE FROM evidence WHERE id = ?', row['id'] ?? null);
    const gone = new Set(old.map((row) => `${String(row['id'])}.log`));
    for (const name of await readdir(this.#folder)) {
      if (gone.has(name)) await rm(join(this.#folder, name), { force: true });
    }
  }
}

function fromRow(row: Readonly<Record<string, StoreValue>>): Evidence {
  const { exit_code: exitCode, reason } = row;
  return {
    id: String(row['id']),
    outcome: String(row['outcome']) as CheckOutcome,
    exitCode: typeof exitCode === 'number' ? exitCode : null,
    reason: typeof reason === 'string' ? reason : null,
    tree: String(row['tree']),
    command: String(row['command']),
    startedAt: Number(row['started_at']),
    endedAt: Number(row['ended_at']),
    treeMoved: row['tree_moved'] === 1,
  };
}
