/**
 * The store's format, one entry per version, oldest first. An entry that has shipped is never changed: a new one is
 * added. The number of entries is the format's version, kept in the file's `user_version`.
 */
export const migrations: readonly string[] = [
  `
  CREATE TABLE runs (
    id TEXT PRIMARY KEY,
    spec_slug TEXT NOT NULL,
    spec_title TEXT NOT NULL,
    agent_id TEXT NOT NULL,
    agent_label TEXT NOT NULL,
    variant INTEGER,
    branch TEXT NOT NULL,
    base TEXT NOT NULL,
    base_commit TEXT,
    worktree_path TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    terminal_id TEXT,
    session_id TEXT,
    prompt_version TEXT,
    stages TEXT NOT NULL,
    status TEXT NOT NULL,
    decision TEXT NOT NULL DEFAULT 'pending',
    decision_reason TEXT NOT NULL DEFAULT '',
    decision_at INTEGER,
    merged TEXT
  ) STRICT;

  CREATE TABLE prompts (
    version TEXT PRIMARY KEY,
    prompt TEXT NOT NULL
  ) STRICT;

  CREATE TABLE status_history (
    run_id TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
    at INTEGER NOT NULL,
    kind TEXT NOT NULL,
    source TEXT NOT NULL,
    detail TEXT
  ) STRICT;
  CREATE INDEX status_history_by_run ON status_history (run_id, at);

  CREATE TABLE decisions (
    run_id TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
    at INTEGER NOT NULL,
    kind TEXT NOT NULL,
    reason TEXT NOT NULL
  ) STRICT;

  CREATE TABLE viewed (
    run_id TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
    path TEXT NOT NULL,
    version TEXT NOT NULL,
    PRIMARY KEY (run_id, path)
  ) STRICT
  `,
  // A deleted run can be brought back with its branch: until then it is kept under the snapshot's name, and not shown.
  `
  ALTER TABLE runs ADD COLUMN removed_snapshot TEXT;
  CREATE UNIQUE INDEX runs_by_removed_snapshot ON runs (removed_snapshot) WHERE removed_snapshot IS NOT NULL
  `,
  // What was checked, by tree and command. Not tied to a run: it holds for every branch that has the tree.
  `
  CREATE TABLE evidence (
    id TEXT PRIMARY KEY,
    run_id TEXT NOT NULL,
    check_id TEXT NOT NULL,
    tree TEXT NOT NULL,
    command_hash TEXT NOT NULL,
    command TEXT NOT NULL,
    outcome TEXT NOT NULL,
    exit_code INTEGER,
    reason TEXT,
    started_at INTEGER NOT NULL,
    ended_at INTEGER NOT NULL,
    tree_moved INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX evidence_by_tree ON evidence (tree, command_hash, ended_at);
  CREATE INDEX evidence_by_run ON evidence (run_id, check_id, ended_at)
  `,
  // The train as it is now. One row: another train takes its place.
  `
  CREATE TABLE trains (name TEXT PRIMARY KEY, train TEXT NOT NULL) STRICT
  `,
  // A run can draft specs instead of carrying one out.
  `
  ALTER TABLE runs ADD COLUMN task TEXT NOT NULL DEFAULT 'build'
  `,
  // When the person looked at which run, with its branch as it was when they left; and what they have put off.
  `
  CREATE TABLE looks (
    id INTEGER PRIMARY KEY,
    run_id TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
    began_at INTEGER NOT NULL,
    ended_at INTEGER NOT NULL,
    head TEXT,
    uncommitted INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX looks_by_run ON looks (run_id, ended_at);

  CREATE TABLE snoozes (
    run_id TEXT PRIMARY KEY REFERENCES runs (id) ON DELETE CASCADE,
    item TEXT NOT NULL,
    until INTEGER
  ) STRICT
  `,
  // What agents report of each answer of their models.
  `
  CREATE TABLE usage (
    run_id TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
    answer TEXT NOT NULL,
    at INTEGER NOT NULL,
    input INTEGER NOT NULL,
    output INTEGER NOT NULL,
    cache_read INTEGER NOT NULL,
    cache_write INTEGER NOT NULL,
    cost REAL,
    PRIMARY KEY (run_id, answer)
  ) STRICT
  `,
  // What a run was told of the invariants after it had got its prompt.
  `
  CREATE TABLE told_invariants (
    run_id TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
    invariant TEXT NOT NULL,
    version TEXT NOT NULL,
    PRIMARY KEY (run_id, invariant)
  ) STRICT
  `,
  // What the person has to say about a run's changes; drafts too.
  `
  CREATE TABLE comments (
    id TEXT PRIMARY KEY,
    run_id TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
    path TEXT NOT NULL,
    side TEXT NOT NULL,
    text TEXT NOT NULL,
    target TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    sent_at INTEGER,
    standing TEXT NOT NULL,
    is_settled INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX comments_by_run ON comments (run_id, created_at)
  `,
  // Work that a run's branch begins with, where that is not just its base.
  `
  ALTER TABLE runs ADD COLUMN given_work TEXT
  `,
  // Comments that others made on the run's pull request, and the pull requests as they were seen last.
  `
  ALTER TABLE comments ADD COLUMN origin TEXT;

  CREATE TABLE pull_requests (
    run_id TEXT PRIMARY KEY REFERENCES runs (id) ON DELETE CASCADE,
    pull_request TEXT NOT NULL
  ) STRICT
  `,
  // The specs whose work a run was asked to bring together with its own.
  `
  ALTER TABLE runs ADD COLUMN also_holds TEXT
  `,
  // Which commits of a base came with which merge. Not tied to the run: it holds for as long as the base has them.
  `
  CREATE TABLE merges (
    id INTEGER PRIMARY KEY,
    run_id TEXT NOT NULL,
    spec_slug TEXT NOT NULL,
    previous_commit TEXT NOT NULL,
    merged_commit TEXT NOT NULL
  ) STRICT;
  CREATE INDEX merges_by_commit ON merges (merged_commit)
  `,
  // What makes a run merged, written down before its base moves. Merges from before this have none of it.
  `
  ALTER TABLE merges ADD COLUMN base TEXT;
  ALTER TABLE merges ADD COLUMN method TEXT;
  ALTER TABLE merges ADD COLUMN branch_commit TEXT;
  ALTER TABLE merges ADD COLUMN made_at INTEGER;
  CREATE INDEX merges_by_run ON merges (run_id)
  `,
];

/** What is there after all of them. */
export const tables: readonly string[] = [
  'runs',
  'prompts',
  'status_history',
  'decisions',
  'viewed',
  'evidence',
  'trains',
  'looks',
  'snoozes',
  'usage',
  'told_invariants',
  'comments',
  'pull_requests',
  'merges',
];
