import { defineConfig } from 'vitest/config';

/** `npm run test:agents`: one CLI at a time, each is a large program. */
export default defineConfig({
  test: {
    include: ['test/agents/**/*.test.ts'],
    environment: 'node',
    fileParallelism: false,
    testTimeout: 600_000,
    hookTimeout: 600_000,
  },
});
