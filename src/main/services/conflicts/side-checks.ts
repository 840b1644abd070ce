import { testCommand, testNamed, type TestRunner } from '#main/services/gates/named-test.ts';
import type { ProjectId } from '#shared/ids.ts';

import type { SpecIntent } from './conflict-brief.ts';

/** A command that has to pass on the files that bring several specs' work together. */
export interface SideCheck {
  id: string;
  title: string;
  command: string;
  /** The name of the test that the command runs; null: its exit code says it all. */
  test: string | null;
  timeoutMilliseconds: number;
}

export interface SideChecksPorts {
  /** A spec as it is in the project now; null: there is none. */
  specOf: (id: ProjectId, slug: string) => Promise<SpecIntent | null>;
  /** How a test is run by its name; null: the project's config does not say. */
  testsOf: (id: ProjectId) => TestRunner | null;
}

/** A criterion's command takes no longer than a gate does by default. */
const checkMilliseconds = 20 * 60_000;

/** What specs promise of the work that brings theirs together. */
export interface SidePromises {
  /** Commands, each once. */
  checks: readonly SideCheck[];
  /** The criteria that no command can prove, in their words. */
  unproven: readonly string[];
  /** What is to be proved by a command and cannot be run, or be read at all, with the reason: it has not passed. */
  impossible: readonly { title: string; reason: string }[];
}

export async function sideChecks(
  { specOf, testsOf }: SideChecksPorts,
  projectId: ProjectId,
  slugs: Iterable<string>,
): Promise<SidePromises> {
  const checks: SideCheck[] = [];
  const unproven: string[] = [];
  const impossible: { title: string; reason: string }[] = [];
  for (const slug of new Set(slugs)) {
    const spec = await specOf(projectId, slug);
    for (const reason of spec?.unread ?? []) impossible.push({ title: 'A criterion that cannot be read', reason });
    for (const { text, check } of spec?.acceptance ?? []) {
      const command = check === null || check.startsWith('ask:') ? null : commandOf(check, testsOf(projectId));
      if (command === null && testNamed(check) !== null) {
        impossible.push({ title: text, reason: 'The project’s config does not say how its test is run by its name.' });
      } else if (command === null) unproven.push(text);
      else if (!checks.some((each) => each.command === command)) {
        const test = testNamed(check);
        checks.push({ id: `resolve:${slug}`, title: text, command, test, timeoutMilliseconds: checkMilliseconds });
      }
    }
  }
  return { checks, unproven, impossible };
}

function commandOf(check: string, runner: TestRunner | null): string | null {
  const test = testNamed(check);
  if (test === null) return check;
  return runner && testCommand(runner, test);
}
