import { isAbsolute, relative, sep } from 'node:path';
import type { FactsOf } from '../failure.ts';
import type { GivenValue } from '../request/given-value.ts';

/**
 * Why a variable for one of AWS's shared files cannot have this path: a token, an env file or a record of this program's own lies there.
 * Undefined for all else, a job's private config file among it, which is one of AWS's. `roots` are this program's own.
 */
export function ownFileFailure(given: GivenValue, roots: readonly string[]): FactsOf<'value-invalid'> | undefined {
  const name = roots.map((root) => nameInJobDirectory(root, given.value)).find((found) => found !== undefined);
  if (name === undefined || name === 'config') return undefined;
  return {
    kind: 'value-invalid',
    ...given,
    problem: `"${name}" there is this program's own file in the directory of a job, and no file of AWS`,
    remedy: `unset ${given.source}, or give it the path of a file for AWS's profiles alone`,
  };
}

function nameInJobDirectory(root: string, path: string): string | undefined {
  const way = relative(root, path);
  const [jobs, , name, ...deeper] = way.split(sep);
  return isAbsolute(way) || jobs !== 'jobs' || deeper.length > 0 ? undefined : name;
}
