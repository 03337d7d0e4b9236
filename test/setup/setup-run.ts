import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeDisk } from '../../src/adapters/disk.ts';
import { run } from '../../src/run.ts';
import type { World } from '../../src/world/world.ts';
import type { TrustPolicy } from '../aws-simulator/trust-policy.ts';
import { account } from './wanted-jobs.ts';

/** What one run of `setup` did. */
export interface SetupRun {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `sem-aws-login setup` in this process, on the real disk, with exactly this environment and standard input. */
export async function runSetup(
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
  stdin = '',
): Promise<SetupRun> {
  let stdout = '';
  let stderr = '';
  const world: Pick<World, 'environment' | 'platform' | 'files' | 'input' | 'output'> = {
    environment,
    platform: 'linux',
    files: makeDisk({ privateRoots: [], uid: process.getuid?.() }),
    input: { isTerminal: false, text: () => stdin },
    output: {
      stdoutIsTerminal: false,
      stdoutColumns: undefined,
      stdoutIsDiscarded: false,
      stderrColumns: undefined,
      stdout: (line: string) => {
        stdout += `${line}\n`;
      },
      stderr: (line: string) => {
        stderr += `${line}\n`;
      },
      rewriteLine: () => {},
    },
  };
  // Setup uses no other part of the world, such as network and clock; it would throw here.
  const exitCode = await run(['setup', ...args], world as World, 'test');
  return { exitCode, stdout, stderr };
}

/** Returns the document that setup writes. Throws an error with its message if it fails. */
export async function documentOf(args: readonly string[], environment: Record<string, string> = {}): Promise<string> {
  const { exitCode, stdout, stderr } = await runSetup(args, environment);
  if (exitCode !== 0) throw new Error(stderr);
  return stdout;
}

/** Makes an empty directory that is removed at the end of the test. */
export function makeScratch(): { readonly path: string; [Symbol.dispose](): void } {
  const path = mkdtempSync(join(tmpdir(), 'setup-'));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}

/** Returns the trust policy that setup writes. */
export async function trustPolicyFor(
  args: readonly string[],
  environment: Record<string, string> = {},
): Promise<TrustPolicy> {
  const text = await documentOf([...args, '--format', 'json', '--account-id', account], environment);
  return JSON.parse(JSON.parse(text).CreateRole.AssumeRolePolicyDocument);
}
