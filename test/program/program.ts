import { join, resolve } from 'node:path';

const root = join(import.meta.dirname, '..', '..');
const chosen = resolve(root, process.env['PROGRAM_UNDER_TEST'] ?? join('dist', 'sem-aws-login'));

/**
 * Whether the tests run the script on an installed Node (directly, or by the launcher of
 * `install.sh --slim`) instead of the executable.
 */
export const isScript = /(\.cjs|-slim)$/.test(chosen);

/**
 * The built program: the executable, or the one that `PROGRAM_UNDER_TEST` names, absolute or
 * relative to the project. The pinned Node runs a path that ends in `.cjs`.
 */
export const program: readonly [string, ...string[]] = chosen.endsWith('.cjs')
  ? [join(root, 'node_modules', '.bin', 'node'), chosen]
  : [chosen];
