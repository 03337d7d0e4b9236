import { spawnSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Bundle } from './bundle.ts';

/** The scripts of an executable as files: Node's main script, and the assets by name. */
export interface ScriptFiles {
  readonly main: string;
  readonly assets: Readonly<Record<string, string>>;
}

/** A command that runs a Node on this machine, and its environment. */
export interface NodeToRun {
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

/**
 * Writes the scripts and their V8 caches. A cache works only with the V8 that made it, so `node` is
 * the executable's; if undefined, the caches are empty, and V8 ignores them.
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
  // To a file: Node's pipes are sockets, and wine accepts no sockets for output.
  const output = openSync(log, 'w');
  // Without a fixed seed, the random start value of V8's hashes would be in the caches.
  const script = ['--random-seed=42', join(import.meta.dirname, 'warm-caches.ts'), directory];
  const { status } = spawnSync(program, [...args, ...script], {
    stdio: ['ignore', output, output],
    // The builder's environment must not change the caches.
    env: { ...environment },
  });
  closeSync(output);
  if (status !== 0) throw new Error(`The program failed while its caches were made:\n${readFileSync(log, 'utf8')}`);
}
