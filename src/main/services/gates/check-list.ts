import type { Gate } from './gate-config.ts';
import { cannotRun, inOrder } from './gate-config.ts';
import type { CheckedProject, Criterion, InvariantCommand, Promises } from './gate-ports.ts';
import { testCommand, testNamed } from './named-test.ts';
import { unreadableWords, type UnreadableCheck } from './unreadable-check.ts';

/** One thing that is checked about a run, before anything is known of it. */
export interface Check {
  id: string;
  kind: 'gate' | 'acceptance' | 'invariant';
  title: string;
  /** The title of the spec that promises it, where that is not the run's own. */
  otherSpec: string | null;
  command: string | null;
  /** The name of the test that the command runs; null: its exit code says it all. */
  test: string | null;
  question: string | null;
  /** Ids of checks that have to pass before it. */
  needs: readonly string[];
  timeoutMilliseconds: number;
  /** Runs when a run comes to review, and when all checks are asked for. */
  isUsual: boolean;
  /** Runs with every change of the branch too. */
  isOnChange: boolean;
  /** Why it can never be run as things are; null when it can. */
  obstacle: string | null;
  /** What it is cannot be made out; the obstacle says why. */
  isUnreadable: boolean;
}

/** A criterion's command takes no longer than a gate does by default. */
const criterionMinutes = 20;

export const gateCheckId = (gate: string): string => `gate:${gate}`;
export const invariantCheckId = (invariant: string): string => `invariant:${invariant}`;
export const criterionCheckId = (criterion: string, otherSpec: string | null = null): string =>
  `acceptance:${otherSpec === null ? '' : `${otherSpec}/`}${criterion}`;

/**
 * Everything that is checked about a run of a spec: the gates, each behind what it needs, the invariants, then the criteria, its
 * own before those of the specs, by their slugs, whose work it brings together with its own. What is meant to be checked and
 * cannot be read stands among them.
 */
export function checksOf(
  project: CheckedProject,
  own: Promises,
  others: ReadonlyMap<string, Promises>,
): readonly Check[] {
  const { gates, unreadable } = project;
  const unreadableOf = (kind: UnreadableCheck['kind']): readonly Check[] =>
    unreadable.filter((each) => each.kind === kind).map((each) => unreadableCheck(each));
  return [
    ...inOrder(gates).map((gate) => gateCheck(gate, project)),
    ...unreadableOf('gate'),
    ...project.invariantCommands.map((command) => invariantCheck(command, project)),
    ...unreadableOf('invariant'),
    ...own.criteria.map((criterion) => criterionCheck(criterion, project)),
    ...own.unreadable.map((each) => unreadableCheck(each)),
    ...Array.from(others).flatMap(([slug, promises]) => [
      ...promises.criteria.map((criterion) => ({
        ...criterionCheck(criterion, project),
        id: criterionCheckId(criterion.id, slug),
        otherSpec: promises.title,
      })),
      ...promises.unreadable.map((each) => unreadableCheck(each, promises.title)),
    ]),
  ];
}

const unreadableCheck = (found: UnreadableCheck, otherSpec: string | null = null): Check => ({
  id: `unreadable:${found.path}:${String(found.line)}:${found.message}`.slice(0, 300),
  kind: found.kind,
  title: found.title,
  otherSpec,
  command: null,
  test: null,
  question: null,
  needs: [],
  timeoutMilliseconds: 0,
  isUsual: false,
  isOnChange: false,
  obstacle: unreadableWords(found),
  isUnreadable: true,
});

const notTrusted = (project: CheckedProject): string | null =>
  project.isTrusted ? null : 'You have not allowed the commands of this project yet.';

function gateCheck(gate: Gate, project: CheckedProject): Check {
  const never = cannotRun(gate.id, project.gates);
  return {
    id: gateCheckId(gate.id),
    kind: 'gate',
    title: gate.title,
    otherSpec: null,
    command: gate.run,
    test: null,
    question: null,
    needs: gate.needs.map(gateCheckId),
    timeoutMilliseconds: gate.timeoutMinutes * 60_000,
    isUsual: gate.when === 'review' || gate.when === 'change',
    isOnChange: gate.when === 'change',
    obstacle: never ?? notTrusted(project),
    isUnreadable: false,
  };
}

function invariantCheck(command: InvariantCommand, project: CheckedProject): Check {
  const { id, title, run, timeoutMinutes, when } = command;
  return {
    id: invariantCheckId(id),
    kind: 'invariant',
    title,
    otherSpec: null,
    command: run,
    test: null,
    question: null,
    needs: [],
    timeoutMilliseconds: timeoutMinutes * 60_000,
    isUsual: true,
    isOnChange: when === 'change',
    obstacle: notTrusted(project),
    isUnreadable: false,
  };
}

/**
 * `ask: words` is a question for the person, `test: name` a test that the project's config says how to run; any other check is a
 * command. Without one a criterion stays unproven.
 */
function criterionCheck({ id, text, check }: Criterion, project: CheckedProject): Check {
  const test = testNamed(check);
  const asked = /^ask:\s*(.*)$/su.exec(check ?? '');
  return {
    id: criterionCheckId(id),
    kind: 'acceptance',
    title: text,
    otherSpec: null,
    command: asked ? null : test === null ? check : commandOf(test, project),
    test,
    question: asked ? asked[1] || text : null,
    needs: [],
    timeoutMilliseconds:
      (test === null ? criterionMinutes : (project.tests?.timeoutMinutes ?? criterionMinutes)) * 60_000,
    isUsual: true,
    isOnChange: false,
    obstacle: test === null ? null : (testObstacle(test, project) ?? notTrusted(project)),
    isUnreadable: false,
  };
}

const commandOf = (test: string, { tests }: CheckedProject): string | null => tests && testCommand(tests, test);

function testObstacle(test: string, { tests }: CheckedProject): string | null {
  if (tests === null) return 'The project’s config does not say how a test is run by its name (`tests`).';
  return testCommand(tests, test) === null ? 'This name cannot be given to a command safely here.' : null;
}
