import { appendFileSync } from 'node:fs';

/**
 * Says that a suite, or a part of it, was skipped on this machine, and why. Every skip must be said through this:
 * `.ci/run` compares what was said (in the file that `SKIPS_FILE` names) with `.ci/skips.txt` and fails on a difference.
 */
export const skipped = (suite: string, why: string): void => {
  const line = `SKIPPED: ${suite}: ${why}`;
  console.log(line);
  const file = process.env['SKIPS_FILE'];
  if (file !== undefined) appendFileSync(file, `${line}\n`);
};
