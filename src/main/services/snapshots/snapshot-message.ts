import { z } from 'zod';

/** What a snapshot's commit says about itself, so that no database is needed to bring it back. */
export const snapshotFacts = z.object({
  takenAt: z.number(),
  reason: z.string(),
  branch: z.string(),
  /** The branch's tip. */
  commit: z.string().regex(/^[0-9a-f]{40,64}$/),
  /** What was checked out in the worktree; another commit than the branch's tip when HEAD was detached or elsewhere. */
  head: z
    .string()
    .regex(/^[0-9a-f]{40,64}$/)
    .nullable(),
  headBranch: z.string().nullable(),
  dirtyCommit: z
    .string()
    .regex(/^[0-9a-f]{40,64}$/)
    .nullable(),
  worktreePath: z.string().nullable(),
});
export type SnapshotFacts = z.output<typeof snapshotFacts>;

const label = 'Switchyard-Snapshot: ';

/** A subject for people and one line of JSON, in which a path or a reason of several lines stays one line. */
export const snapshotMessage = (facts: SnapshotFacts): string =>
  `${facts.reason.split('\n')[0] ?? ''}\n\n${label}${JSON.stringify(facts)}\n`;

/** Null: the commit is no snapshot of ours. */
export function parseSnapshotMessage(message: string): SnapshotFacts | null {
  const line = message.split('\n').findLast((candidate) => candidate.startsWith(label));
  if (line === undefined) return null;
  try {
    const facts = snapshotFacts.safeParse(JSON.parse(line.slice(label.length)));
    return facts.success ? facts.data : null;
  } catch {
    return null;
  }
}
