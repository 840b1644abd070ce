import { randomBytes } from 'node:crypto';

import type { PlannedRun } from '#shared/contract/runs.ts';
import type { ProjectId, RunId, TerminalId } from '#shared/ids.ts';

import type { HeldRuns } from './held-runs.ts';
import type { ProjectRuns } from './project-runs.ts';
import type { AgentsPort, SpecsPort } from './run-ports.ts';
import { newRecord, type RunRecord } from './run-record.ts';

export const newRunId = (): RunId => randomBytes(6).toString('hex') as RunId;

export const terminalOf = (id: RunId): TerminalId => `run-${id}` as TerminalId;

/** The record of a run that was planned: queued, and held where its spec comes after others. */
export async function recordPlanned(
  planned: PlannedRun,
  facts: {
    projectId: ProjectId;
    runs: ProjectRuns;
    specs: SpecsPort;
    agents: Pick<AgentsPort, 'find'>;
    held: HeldRuns;
    now: number;
  },
): Promise<RunRecord> {
  const { projectId, runs, held } = facts;
  const { slug, agentId, task, variant, branch, base, worktreePath, prompt } = planned;
  const id = newRunId();
  const [spec, agent] = await Promise.all([facts.specs.find(projectId, slug), facts.agents.find(projectId, agentId)]);
  const missing = await held.missing(runs, base, task === 'split' ? [] : (spec?.after ?? []));
  const record = newRecord(
    {
      id,
      task,
      spec: { slug, title: spec?.title ?? slug },
      agent: { id: agentId, label: agent?.label ?? agentId },
      variant,
      branch,
      base,
      worktreePath,
      terminalId: terminalOf(id),
      promptVersion: prompt?.version ?? null,
    },
    facts.now,
  );
  return missing.length === 0 ? record : { ...record, status: held.status(runs, base, missing) };
}
