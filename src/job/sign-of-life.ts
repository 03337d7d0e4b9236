import { join } from 'node:path';
import { Failure } from '../failure.ts';
import type { World } from '../world.ts';
import { makeMarkerText, markerName, markerOf } from './marker.ts';

/** Milliseconds after its last sign of life that a directory counts as left behind by a kill. */
const lifeWithoutSign = 10 * 60 * 1000;
const signEvery = 2 * 60 * 1000;

/** Until when a directory that shows signs of life counts as alive. */
export function aliveUntil(now: Date): Date {
  return new Date(now.getTime() + lifeWithoutSign);
}

/** Waits for the work to end, and puts off the end in the directory's marker again and again, so that no other login sweeps it. */
export async function withSignOfLife<T>(
  directory: string,
  { files, clock }: Pick<World, 'files' | 'clock'>,
  work: Promise<T>,
): Promise<T> {
  const ended = work.then(
    () => true,
    () => true,
  );
  while (!(await Promise.race([ended, clock.sleep(signEvery).then(() => false)]))) {
    giveSign(directory, files, aliveUntil(clock.now()));
  }
  return await work;
}

function giveSign(directory: string, files: World['files'], expires: Date): void {
  try {
    const marker = markerOf(directory, files);
    if (marker === undefined) return;
    files.replace([{ own: true, path: join(directory, markerName), text: makeMarkerText({ ...marker, expires }) }]);
  } catch (error) {
    // A full disk is no reason to leave the work alone; the next sign may come through.
    if (!(error instanceof Failure)) throw error;
  }
}
