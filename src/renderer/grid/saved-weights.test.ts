import { expect, it } from 'vitest';

import { projectId } from '#shared/ids.ts';

import { readWeights, saveWeights } from './saved-weights.ts';

const id = projectId.parse('project');
const weights = { shape: [2, 1], rows: [0.6, 0.4], columns: [[0.3, 0.7], [1]] };

function fakeStorage(initial: Record<string, string> = {}) {
  const values = new Map(Object.entries(initial));
  return {
    getItem: (key: string) => values.get(key) ?? null,
    setItem: (key: string, value: string) => void values.set(key, value),
  };
}

it('remembers a division for each shape of the grid, per project', () => {
  const storage = fakeStorage();
  saveWeights(id, [2, 1], weights, storage);
  saveWeights(id, [2], { shape: [2], rows: [1], columns: [[0.2, 0.8]] }, storage);
  expect(readWeights(id, [2, 1], storage)).toEqual(weights);
  expect(readWeights(id, [1, 2], storage)).toBeNull();
  expect(readWeights(projectId.parse('another'), [2], storage)).toBeNull();
  saveWeights(id, [2, 1], null, storage);
  expect(readWeights(id, [2, 1], storage)).toBeNull();
  expect(readWeights(id, [2], storage)?.columns).toEqual([[0.2, 0.8]]);
});

it('starts anew when what is stored is broken, and bears a storage that refuses', () => {
  for (const broken of ['{', '[]', '{"2+1":{"rows":[-1],"columns":[[1]]}}', 'null']) {
    expect(readWeights(id, [2, 1], fakeStorage({ 'switchyard.grid.project': broken }))).toBeNull();
  }
  const full = {
    getItem: () => null,
    setItem: () => {
      throw new DOMException('full', 'QuotaExceededError');
    },
  };
  expect(() => saveWeights(id, [2, 1], weights, full)).not.toThrow();
});
