import { Emitter } from '#main/base/lifecycle.ts';

import type { SettingsBacking } from './settings.ts';

/** Settings that last as long as the process: for tests and for a trial that must leave nothing behind. */
export function memoryBacking(initial: Readonly<Record<string, unknown>> = {}): SettingsBacking & {
  /** Changes a value the way another program would. */
  changeFromOutside(key: string, value: unknown): void;
} {
  const values = new Map<string, unknown>(Object.entries(initial));
  const changed = new Emitter<void>();
  const copy = (value: unknown): unknown => (value === undefined ? undefined : structuredClone(value));
  return {
    get: (key) => copy(values.get(key)),
    set: (key, value) => values.set(key, copy(value)),
    onDidChange: (listener) => changed.event(listener),
    changeFromOutside: (key, value) => {
      values.set(key, value);
      changed.fire();
    },
  };
}
