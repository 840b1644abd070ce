import { create } from 'zustand';

import type { RunUsage } from '#shared/contract/machine.ts';
import type { RunId } from '#shared/ids.ts';

/** What runs take of the machine. It is measured only while it is shown. */
export interface UsageView {
  isShown: boolean;
  /** Null: not measured yet, or it cannot be told here. */
  runs: ReadonlyMap<RunId, RunUsage> | null;
  cannotTell: boolean;
}

export const useUsage = create<UsageView>()(() => ({ isShown: false, runs: null, cannotTell: false }));

export function toggleUsage(): void {
  useUsage.setState(({ isShown }) => ({ isShown: !isShown, runs: null, cannotTell: false }));
}

/** Memory as a person reads it: `640 MB`, `1.4 GB`. */
export function memoryInWords(bytes: number): string {
  const megabytes = bytes / 1024 ** 2;
  if (megabytes < 1000) return `${String(Math.max(1, Math.round(megabytes)))} MB`;
  return `${(megabytes / 1024).toFixed(1)} GB`;
}

/** `1.4 GB · 35 % of a core · 6 processes` */
export function usageInWords({ memoryBytes, processorShare, processes }: RunUsage): string {
  const share = processorShare === null ? [] : [`${String(Math.round(processorShare * 100))} % of a core`];
  const count = processes === 1 ? '1 process' : `${String(processes)} processes`;
  return [memoryInWords(memoryBytes), ...share, count].join(' · ');
}
