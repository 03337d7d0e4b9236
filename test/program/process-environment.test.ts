import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { skipped } from '../skips.ts';
import { goodArguments, startJob } from './job-run.ts';
import { useAws } from './local-aws.ts';
import { isScript } from './program.ts';

const aws = useAws();

const inShell = (script: string) => ({ wrapper: ['bash', '-c', script, 'bash'] });

describe('standard streams', () => {
  it('stdin is not read', async () => {
    const run = await startJob(aws()).login([], inShell('printf "not for you" | { "$@"; cat; }'));
    expect(run.stdout).toMatch(/\/env\nnot for you$/);
  });

  it.each([
    ['stdin', '<&-'],
    ['stderr', '2>&-'],
    ['stdin and stderr', '<&- 2>&-'],
  ])('%s can be closed', async (_, redirection) => {
    const job = startJob(aws());
    const run = await job.login([], inShell(`"$@" ${redirection}`));
    expect(run).toMatchObject({ exitCode: 0, stdout: `${job.own}/env\n` });
  });

  it('stdout can be unread: the login works', async () => {
    const run = await startJob(aws()).login([], inShell('set -o pipefail; "$@" | true'));
    expect(run.exitCode).toBe(0);
    expect(run.written).toHaveProperty('home/.aws/config');
  });

  it.runIf(existsSync('/dev/full'))('a full stdout fails the login without a bug report', async () => {
    const run = await startJob(aws()).login([], inShell('"$@" >/dev/full'));
    expect(run.exitCode).toBe(4);
    expect(run.stderr).toContain('sem-aws-login: Cannot write to standard output (ENOSPC)');
    expect(run.stderr).not.toContain('bug');
  });

  it.runIf(existsSync('/dev/full'))('a full stderr does not fail the login', async () => {
    const job = startJob(aws());
    const run = await job.login([], inShell('"$@" 2>/dev/full'));
    expect(run).toMatchObject({ exitCode: 0, stdout: `${job.own}/env\n` });
  });
});

describe('the working directory', () => {
  it('can be removed', async () => {
    const job = startJob(aws());
    const gone = join(job.temporary, 'gone');
    mkdirSync(gone);
    const run = await job.login([], inShell(`cd '${gone}'; rmdir '${gone}'; exec "$@"`));
    expect(run.exitCode).toBe(0);
    expect(() => rmdirSync(gone)).toThrow();
  });

  it('is never written to', async () => {
    const job = startJob(aws());
    const here = join(job.temporary, 'here');
    mkdirSync(here);
    chmodSync(here, 0o555);
    const run = await job.login([], inShell(`cd '${here}'; exec "$@"`));
    expect(run.exitCode).toBe(0);
    expect(Object.keys(run.written).filter((path) => path.startsWith('tmp/here/'))).toEqual([]);
  });
});

describe('processes', () => {
  it('no other process is started, and the command line has only the given arguments', async () => {
    if (!existsSync('/proc/self/cmdline')) return skipped('processes seen from outside', 'no /proc here');
    aws().fault({ kind: 'hang', times: 'always' });
    const started = startJob(aws()).start(goodArguments);
    await started.whenAsked();
    const [argv, children] = ['cmdline', `task/${started.pid}/children`].map((file) =>
      readFileSync(`/proc/${started.pid}/${file}`, 'utf8'),
    );
    started.kill('SIGTERM');
    await started.ended;
    expect(argv?.split('\0').slice(isScript ? 2 : 1, -1)).toEqual(goodArguments);
    expect(children).toBe('');
  });
});

describe.runIf(!isScript)('the executable ignores variables for Node', () => {
  it.each([
    ['NODE_OPTIONS', '--require=/nowhere/evil.js'],
    ['NODE_OPTIONS', '--no-such-option'],
    ['NODE_OPTIONS', '--inspect-brk=127.0.0.1:0'],
    ['NODE_PATH', '/nowhere'],
    ['NODE_PENDING_DEPRECATION', '1'],
    ['NODE_TLS_REJECT_UNAUTHORIZED', '1'],
  ])('%s=%s', async (name, value) => {
    const run = await startJob(aws(), { environment: { [name]: value } }).login();
    expect(run.exitCode).toBe(0);
    const lines = run.stderr.trimEnd().split('\n');
    expect(lines.filter((line) => !/^(sem-aws-login: logged in| {2}\w)/.test(line))).toEqual([]);
  });
});

it('NODE_V8_COVERAGE makes Node write which functions ran, without the token', async () => {
  const coverage = mkdtempSync(join(tmpdir(), 'coverage-'));
  const job = startJob(aws(), { environment: { NODE_V8_COVERAGE: coverage } });
  expect((await job.login()).exitCode).toBe(0);
  const [report = ''] = readdirSync(coverage).map((name) => readFileSync(join(coverage, name), 'utf8'));
  rmSync(coverage, { recursive: true });
  expect(report).toContain('"functionName"');
  for (const part of job.token.split('.')) expect(report).not.toContain(part);
});

it('variables for Node reach the command that exec runs', async () => {
  const job = startJob(aws(), { environment: { NODE_OPTIONS: '--no-warnings' } });
  const run = await job.run(['exec', ...goodArguments, '--', 'printenv', 'NODE_OPTIONS']);
  expect(run).toMatchObject({ exitCode: 0, stdout: '--no-warnings\n' });
});

if (isScript) skipped('Node’s own variables have no power', 'the script under test runs on an installed Node');
