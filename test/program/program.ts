import { join, resolve } from 'node:path';

const root = join(import.meta.dirname, '..', '..');
const chosen = resolve(root, process.env['PROGRAM_UNDER_TEST'] ?? join('dist', 'sem-aws-login'));

/** Whether what is tested is a script for an installed Node, and not the executable. */
export const isScript = chosen.endsWith('.cjs');

/**
 * The built program that every scenario runs: the executable, or what `PROGRAM_UNDER_TEST` names, absolute or from the project's root. A path
 * that ends in `.cjs` is run by the pinned Node.
 */
export const program: readonly [string, ...string[]] = isScript
  ? [join(root, 'node_modules', '.bin', 'node'), chosen]
  : [chosen];
