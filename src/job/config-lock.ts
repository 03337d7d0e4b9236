import { Failure } from '../failure.ts';
import type { Files } from '../world.ts';

/** Milliseconds that one process waits for others to let go of a config file: fifty jobs may log in at once, on a machine that is busy. */
const lockPatience = 60_000;

/** A program that writes the file every few milliseconds has been seen to win thirty times in a row. */
const mostTries = 100;

/**
 * Runs `attempt` under a config file's lock until it gives a result; undefined means that somebody who knows no lock wrote the file
 * in between, and the edit is to be made anew. Throws `file-locked` or `file-contested`.
 */
export async function withConfigLock<T>(config: string, files: Files, attempt: () => T | undefined): Promise<T> {
  return await files.withLock(config, lockPatience, () => {
    for (let tries = 0; tries < mostTries; tries++) {
      const result = attempt();
      if (result !== undefined) return result;
    }
    throw new Failure({ kind: 'file-contested', path: config });
  });
}
