import { join, resolve } from 'node:path';

const root = join(import.meta.dirname, '..', '..');
const chosen = resolve(root, process.env['PROGRAM_UNDER_TEST'] ?? join('dist', 'sem-aws-login'));

/** Whether what is tested is the script on an installed Node, by itself or by the launcher of `install.sh --slim`, and not the executable. */
export const isScript = /(\.cjs|-slim)$/.test(chosen);

/**
 * The built program that every scenario runs: the executable, or what `PROGRAM_UNDER_TEST` names, absolute or from the project's root. A path
 * that ends in `.cjs` is run by the pinned Node.
 */
export const program: readonly [string, ...string[]] = chosen.endsWith('.cjs')
  ? [join(root, 'node_modules', '.bin', 'node'), chosen]
  : [chosen];
