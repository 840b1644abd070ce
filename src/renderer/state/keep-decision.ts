import { host } from '#renderer/app/host.ts';
import type { DecisionKind, Run } from '#shared/contract/runs.ts';

import { reasonOf, reasonWasKept } from './reason-draft.ts';

/** Keeps a decision with the reason that stands in the field, whether that was kept before or not. False: the run is gone. */
export async function keepDecision(run: Pick<Run, 'id' | 'decision'>, kind: DecisionKind): Promise<boolean> {
  const reason = reasonOf(run);
  const decided = await host.runs.decide({ id: run.id, decision: kind, reason });
  if (decided.ok) reasonWasKept(run.id, reason);
  return decided.ok;
}
