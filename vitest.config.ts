import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'src/**/*.test.tsx', 'scripts/**/*.test.ts'],
    environment: 'node',
    // Real Git and real ptys: generous, because a loaded machine is slow, not wrong.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // Its default is a second, in which a loaded machine has not even started Git.
    expect: { poll: { timeout: 60_000 } },
  },
});
