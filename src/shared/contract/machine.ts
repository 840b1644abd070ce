import { z } from 'zod';

import { projectId, type RunId } from '#shared/ids.ts';

import { feed, returns } from './define.ts';

/** What the machine has left for everything that runs on it. */
export interface MachineMemory {
  totalBytes: number;
  /** What programs can still get before the system begins to end some. */
  availableBytes: number;
  /** So little is left that one more agent may be too many. New runs wait then. */
  isLow: boolean;
}

/** What everything takes that a run has started. */
export interface RunUsage {
  id: RunId;
  processes: number;
  memoryBytes: number;
  /** Of one core, over the last seconds: 1.5 is one and a half. Null until it has been looked at twice. */
  processorShare: number | null;
}

export const machine = {
  /** Null: this machine does not tell. */
  onDidChangeMemory: feed(z.object({}), returns<MachineMemory | null>()),
  /** What the runs of a project take, every few seconds for as long as somebody listens. Null: it cannot be measured here. */
  onDidMeasure: feed(projectId, returns<readonly RunUsage[] | null>()),
};
