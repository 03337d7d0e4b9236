import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { Shell } from '../cli/login-options.ts';
import { toByteText } from '../text/byte-text.ts';
import type { World } from '../world/world.ts';
import { type JobEnvironment, makeEnvFile } from './env-file.ts';

const namePattern = /^logout-[0-9a-f]{16}\.(env|ps1)$/;

/** In milliseconds. A shell sources the file as soon as `logout` has printed its path. */
const longestUse = 60 * 60 * 1000;

/** Writes the env file of a logout outside the job's directory. Returns its path. */
export function writeLogoutFile(environment: JobEnvironment, root: string, shell: Shell, { files }: World): string {
  const text = makeEnvFile(shell, environment);
  // Jobs with the same text share one file.
  const hash = createHash('sha256').update(text).digest('hex').slice(0, 16);
  const path = join(root, `logout-${hash}.${shell === 'bash' ? 'env' : 'ps1'}`);
  files.makePrivateDirectory(root);
  files.replace([{ kind: 'private', path, text: toByteText(text) }]);
  return path;
}

/** Removes the env files of logouts that are over an hour old. Ignores file-system errors. */
export function removeOldLogoutFiles(root: string, { files, clock }: Pick<World, 'files' | 'clock'>): void {
  const oldest = clock.now().getTime() - longestUse;
  files.removeMatching(root, ({ name, modified }) => namePattern.test(name) && modified.getTime() < oldest);
}
