import { configDefaults, defineConfig } from 'vitest/config';
import { SummaryReporter } from './test/summary-reporter.ts';

// Whole-program tests start many processes on slow machines: a timeout that hits a healthy test
// teaches people to ignore failures, so the limits are generous.
const quick = {
  name: 'quick',
  include: ['test/**/*.test.ts'],
  exclude: [...configDefaults.exclude, 'test/long/**'],
  testTimeout: 60_000,
  hookTimeout: 120_000,
};

// Run before an issue is called done. One file at a time: these start servers and processes by the hundred.
const long = {
  name: 'long',
  include: ['test/long/**/*.long.test.ts'],
  testTimeout: 20 * 60_000,
  hookTimeout: 5 * 60_000,
  fileParallelism: false,
};

// What Stryker runs against each mutant. A mutant lives in this process only, so whole-program tests and
// the SDKs' own readers are left out. See docs/mutation-testing.md.
const mutation = {
  name: 'mutation',
  include: ['test/{semaphore,trust,login,config-file,text}/**/*.test.ts'],
  exclude: ['test/config-file/vectors-as-read.test.ts', 'test/config-file/read-properties.test.ts'],
  setupFiles: ['test/mutation/fixed-seed.ts'],
  // Enough made-up files to find what a first run found, few enough that a thousand mutants end within the hour.
  env: { PROPERTY_RUNS: '100' },
  testTimeout: 30_000,
};

// Stryker cannot name a project, so a variable of its script does.
const projects = process.env['MUTATION_TESTING'] ? [mutation] : [quick, long];

export default defineConfig({
  test: {
    projects: projects.map((test) => ({ test })),
    reporters: ['default', new SummaryReporter()],
  },
});
