import { defineConfig } from 'vitest/config';
import { SummaryReporter } from './test/summary-reporter.ts';

// What takes longer than a minute or so: run before a change is called done, not at every one. One file at a time,
// since these start servers and processes by the hundred.
export default defineConfig({
  test: {
    include: ['test/long/**/*.long.test.ts'],
    testTimeout: 20 * 60_000,
    hookTimeout: 5 * 60_000,
    fileParallelism: false,
    reporters: ['default', new SummaryReporter()],
    passWithNoTests: true,
  },
});
