import { spawnSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Bundle } from './bundle.ts';

/** The scripts of an executable, as files: what Node runs first, and the assets by name. */
export interface ScriptFiles {
  readonly main: string;
  readonly assets: Readonly<Record<string, string>>;
}

/** A Node that can be run here, with whatever must stand before it on the command line and in its environment. */
export interface NodeToRun {
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

/**
 * Writes the scripts into a directory, with V8's caches of them. A cache serves the very V8 that made it: `node` is the Node of the
 * executable. Where it cannot be run here it is undefined, and the caches are empty, which V8 takes as none.
 */
export function writeScripts(
  main: Bundle,
  assets: Readonly<Record<string, Bundle>>,
  directory: string,
  node: NodeToRun | undefined,
): ScriptFiles {
  mkdirSync(directory, { recursive: true });
  const write = (name: string, content: string) => {
    writeFileSync(join(directory, name), content);
    return join(directory, name);
  };
  const files: Record<string, string> = {};
  for (const [name, { text }] of Object.entries(assets)) {
    files[`${name}.cjs`] = write(`${name}.cjs`, text);
    files[`${name}.cache`] = write(`${name}.cache`, '');
  }
  if (node !== undefined) warmCaches(directory, node);
  return { main: write('main.cjs', main.text), assets: files };
}

function warmCaches(directory: string, { command, environment }: NodeToRun): void {
  const [program = '', ...args] = command;
  const log = join(directory, 'warm-caches.log');
  // Into a file, since wine takes no sockets for output, which is what Node's pipes are.
  const output = openSync(log, 'w');
  // V8's hashes begin with a random number, which would be in the caches.
  const script = ['--random-seed=42', join(import.meta.dirname, 'warm-caches.ts'), directory];
  const { status } = spawnSync(program, [...args, ...script], {
    stdio: ['ignore', output, output],
    // Nothing of the builder's environment, so that whoever builds gets the same caches.
    env: { ...environment },
  });
  closeSync(output);
  if (status !== 0) throw new Error(`The program failed while its caches were made:\n${readFileSync(log, 'utf8')}`);
}
