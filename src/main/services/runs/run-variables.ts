import type { Run } from '#shared/contract/runs.ts';

import { portsOfRun } from './port-blocks.ts';

/**
 * What the programs of a run are told of it by variables: the setup and teardown commands, and the agent with all that it
 * starts. The first of its ports is `SWITCHYARD_PORT`, the others `SWITCHYARD_PORT_1` to `_9`.
 */
export function runVariables(
  run: Pick<Run, 'branch' | 'base' | 'worktreePath'>,
  projectPath: string,
  firstPort: number | null,
): Record<string, string> {
  const variables: Record<string, string> = {
    SWITCHYARD_PROJECT: projectPath,
    SWITCHYARD_WORKTREE: run.worktreePath,
    SWITCHYARD_BRANCH: run.branch,
    SWITCHYARD_BASE: run.base,
  };
  if (firstPort === null) return variables;
  variables['SWITCHYARD_PORT'] = String(firstPort);
  for (let index = 1; index < portsOfRun; index++) {
    variables[`SWITCHYARD_PORT_${String(index)}`] = String(firstPort + index);
  }
  return variables;
}
