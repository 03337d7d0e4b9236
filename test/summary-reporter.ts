import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Reporter, TestModule } from 'vitest/node';

/** Returns the sorted, unique lines of a file of skips (see `skips.ts`). */
const saidIn = (file: string): readonly string[] => {
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').split('\n');
  return [...new Set(lines)].filter((line) => line !== '').sort();
};

interface Count {
  passed: number;
  failed: number;
  skipped: number;
}

const countOf = (modules: readonly TestModule[]): Count => {
  const count: Count = { passed: 0, failed: 0, skipped: 0 };
  for (const module of modules) {
    const tests = [...module.children.allTests()];
    for (const test of tests) {
      const { state } = test.result();
      if (state === 'pending') count.failed += 1;
      else count[state] += 1;
    }
    // A file that fails to load, or whose hooks fail, has no failed test to count.
    const failedSilently = module.state() === 'failed' && !tests.some((test) => test.result().state === 'failed');
    if (failedSilently) count.failed += 1;
  }
  return count;
};

/** Prints the skips with their reasons and the totals after a test run. */
export class SummaryReporter implements Reporter {
  readonly #skips: string;

  constructor() {
    // The workers inherit this variable, so every `skipped()` writes to the same file.
    this.#skips = process.env['SKIPS_FILE'] ??= join(tmpdir(), `sem-aws-login-skips-${process.pid}`);
  }

  onTestRunStart(): void {
    writeFileSync(this.#skips, '');
  }

  onTestRunEnd(modules: readonly TestModule[]): void {
    const { passed, failed, skipped } = countOf(modules);
    const lines = [...saidIn(this.#skips), `${passed} passed, ${failed} failed, ${skipped} skipped`];
    process.stdout.write(`${lines.join('\n')}\n`);
  }
}
