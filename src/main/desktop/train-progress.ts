import type { BrowserWindow } from 'electron';

import { toDisposable, type Disposable } from '#main/base/lifecycle.ts';
import type { HostApi } from '#shared/contract/index.ts';
import type { Train } from '#shared/contract/train.ts';
import type { ProjectId } from '#shared/ids.ts';

/** How far a train is, from 0 to 1; -1 when there is none to be shown. */
export function progressOf(train: Train | null): number {
  if (train?.state !== 'running' || train.cars.length === 0) return -1;
  return train.cars.filter(({ state }) => state !== 'waiting' && state !== 'under-way').length / train.cars.length;
}

/** Shows in the task bar how far a project's train is, until it is disposed. */
export function showTrainProgress(
  api: Pick<HostApi, 'train'>,
  projectId: ProjectId,
  window: BrowserWindow,
): Disposable {
  const show = (progress: number): void => {
    if (!window.isDestroyed()) window.setProgressBar(progress);
  };
  const subscription = api.train.onDidChange(projectId, (train) => {
    show(progressOf(train));
  });
  return toDisposable(() => {
    subscription.dispose();
    show(-1);
  });
}
