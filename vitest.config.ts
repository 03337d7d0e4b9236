import { defineConfig } from 'vitest/config';

// Whole-program tests start many processes on machines that may be slow: the limits are generous, since a
// time-out that strikes a healthy test teaches people to run it again until it is green.
export default defineConfig({
  test: { include: ['test/**/*.test.ts'], testTimeout: 60_000, hookTimeout: 120_000 },
});
