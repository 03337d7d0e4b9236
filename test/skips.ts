import { appendFileSync } from 'node:fs';

/**
 * Reports that a suite was skipped on this machine, and why. `.ci/run` compares these lines (in the
 * file that `SKIPS_FILE` names) with `.ci/skips.txt`, so every skip must use this.
 */
export const skipped = (suite: string, why: string): void => {
  const line = `SKIPPED: ${suite}: ${why}`;
  console.log(line);
  const file = process.env['SKIPS_FILE'];
  if (file !== undefined) appendFileSync(file, `${line}\n`);
};
