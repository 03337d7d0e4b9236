import { existsSync, mkdirSync, readFileSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { goodArguments, startJob } from '../program/job-run.ts';
import { useAws } from '../program/local-aws.ts';
import { skipped } from '../skips.ts';
import { canTrace } from './system-calls.ts';

const aws = useAws();

const tracing = canTrace();
if (!tracing) skipped('two first logins at once', 'strace is missing or is not allowed to trace');

/** Each: whether the directory exists at the first look, and what another login then does. */
const situations = [
  { does: 'makes', exists: false, act: (directory: string) => mkdirSync(directory, { mode: 0o700 }) },
  { does: 'removes', exists: true, act: (directory: string) => rmdirSync(directory) },
];

test.runIf(tracing).each(situations)(
  'a login uses the shared config file if another login $does its directory between two looks',
  async ({ exists, act }) => {
    const job = startJob(aws());
    const directory = join(job.home, '.aws');
    if (exists) mkdirSync(directory, { mode: 0o700 });
    const log = join(job.temporary, 'strace');
    const later = 'delay_enter=1s';
    const delayed = [`inject=statx:${later}:when=2`, `inject=?access,?faccessat,?faccessat2:${later}:when=1`];
    const strace = ['strace', '-o', log, '-P', directory, ...delayed.flatMap((expression) => ['-e', expression])];
    const login = job.start(goodArguments, { wrapper: strace });
    while (!existsSync(log) || !readFileSync(log, 'latin1').includes('\n')) await sleep(5);
    act(directory);
    const run = await login.ended;
    expect(run.exitCode, run.stderr).toBe(0);
    expect(run.stderr).not.toContain('private config file');
    expect(run.written).toHaveProperty('home/.aws/config', '600');
  },
);
