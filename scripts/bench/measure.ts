import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A command to measure; it must exit with 0. */
export interface Row {
  readonly name: string;
  readonly command: readonly string[];
}

export interface Cost {
  /** Milliseconds, median of the runs. */
  readonly time: number;
  /** Peak memory in MiB; undefined if `/usr/bin/time` is not installed. */
  readonly memory: number | undefined;
}

/**
 * Runs all rows in turns, so that a slow moment of the machine affects all of them. The first turn
 * is not counted. Every run starts with an empty HOME, like a job on a new machine.
 */
export async function measure(
  rows: readonly Row[],
  environment: { readonly HOME: string },
  turns: number,
): Promise<ReadonlyMap<string, Cost>> {
  const times = new Map(rows.map(({ name }): [string, number[]] => [name, []]));
  for (let turn = 0; turn <= turns; turn++) {
    for (const { name, command } of rows) {
      const time = await timeOf(command, environment);
      if (turn > 0) times.get(name)?.push(time);
    }
  }
  const costs = new Map<string, Cost>();
  for (const { name, command } of rows) {
    costs.set(name, { time: medianOf(times.get(name) ?? []), memory: await memoryOf(command, environment) });
  }
  return costs;
}

async function timeOf(
  [command = '', ...args]: readonly string[],
  environment: { readonly HOME: string },
): Promise<number> {
  rmSync(environment.HOME, { recursive: true, force: true });
  mkdirSync(environment.HOME);
  const start = process.hrtime.bigint();
  const child = spawn(command, args, { env: { ...environment }, stdio: ['ignore', 'pipe', 'pipe'] });
  child.stdout.resume();
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text;
  });
  const exitCode = await new Promise((resolve, reject) => child.on('error', reject).on('close', resolve));
  const time = Number(process.hrtime.bigint() - start) / 1e6;
  if (exitCode !== 0) throw new Error(`${command} ended with ${exitCode}: ${errors}`);
  return time;
}

async function memoryOf(
  command: readonly string[],
  environment: { readonly HOME: string },
): Promise<number | undefined> {
  if (!existsSync('/usr/bin/time')) return undefined;
  const directory = mkdtempSync(join(tmpdir(), 'memory-'));
  const report = join(directory, 'kilobytes');
  await timeOf(['/usr/bin/time', '--format=%M', `--output=${report}`, ...command], environment);
  const kilobytes = Number(readFileSync(report, 'utf8'));
  rmSync(directory, { recursive: true });
  return kilobytes / 1024;
}

function medianOf(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
