import type { SideCheck } from '#main/services/conflicts/side-checks.ts';

import type { TrainProject } from './train-ports.ts';

/** What has to pass on a merged tree. */
export interface TrainCheck {
  /** Names it in the evidence. */
  id: string;
  title: string;
  run: string;
  /** The name of the test that it runs; null: its exit code says it all. */
  test: string | null;
  needs: readonly string[];
  timeoutMinutes: number;
  /** A gate, the command of an invariant, or a criterion of a spec, where a run brings the work of several together. */
  kind: 'gate' | 'invariant' | 'criterion';
}

export const checkWords: Readonly<Record<TrainCheck['kind'], string>> = {
  gate: 'The gate',
  invariant: 'The command of the invariant',
  criterion: 'The criterion',
};

/** The gates, each behind what it needs; then what invariants run; then what the specs promise whose work is brought together. */
export const trainChecks = (project: TrainProject, promises: readonly SideCheck[]): readonly TrainCheck[] => [
  ...project.gates.map((gate): TrainCheck => ({ ...gate, test: null, kind: 'gate' })),
  ...project.invariantCommands.map((command): TrainCheck => ({
    ...command,
    id: `invariant:${command.id}`,
    test: null,
    needs: [],
    kind: 'invariant',
  })),
  ...promises.map(({ id, title, command, test, timeoutMilliseconds }): TrainCheck => ({
    id,
    title,
    run: command,
    test,
    needs: [],
    timeoutMinutes: timeoutMilliseconds / 60_000,
    kind: 'criterion',
  })),
];
