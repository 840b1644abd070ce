import type { Run } from '#shared/contract/runs.ts';
import { fail, ok, type Result } from '#shared/result.ts';

/** The run that a person means by a word: its id or the beginning of it, its branch, or its spec where that has one run. */
export function findRun(runs: readonly Run[], name: string): Result<Run, { kind: 'no-one-run'; message: string }> {
  const ways: readonly ((run: Run) => boolean)[] = [
    (run) => run.id === name,
    (run) => run.branch === name,
    (run) => name.length >= 4 && run.id.startsWith(name),
    (run) => run.spec.slug === name,
  ];
  for (const isMeant of ways) {
    const meant = runs.filter(isMeant);
    const [only] = meant;
    if (only && meant.length === 1) return ok(only);
    if (meant.length > 1) {
      const ids = meant.map((run) => `  ${run.id}  ${run.branch}`).join('\n');
      return fail({ kind: 'no-one-run', message: `“${name}” means ${String(meant.length)} runs:\n${ids}` });
    }
  }
  return fail({ kind: 'no-one-run', message: `There is no run “${name}”. “switchyard status” says which there are.` });
}
