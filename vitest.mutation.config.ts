import { defineConfig } from 'vitest/config';

// What Stryker holds against every mutant: the suites of the folders it changes, as far as they run in this process, since a mutant
// lives in no other; that leaves the whole program and the SDKs' own readers out. See docs/mutation-testing.md.
export default defineConfig({
  test: {
    include: ['test/{token,trust,job,profile}/**/*.test.ts'],
    exclude: ['test/profile/vectors-as-read.test.ts', 'test/profile/read-properties.test.ts'],
    setupFiles: ['test/mutation/fixed-seed.ts'],
    // So many made-up files that a second run finds what a first one found, and so few that a thousand mutants end before lunch.
    env: { PROPERTY_RUNS: '100' },
    testTimeout: 30_000,
  },
});
