import { defineConfig } from 'vitest/config';

/** The step `package` of `npm test`: it packs the built app, so it comes after the build. */
export default defineConfig({
  test: {
    include: ['test/package/**/*.test.ts'],
    environment: 'node',
    fileParallelism: false,
    testTimeout: 180_000,
    hookTimeout: 180_000,
  },
});
