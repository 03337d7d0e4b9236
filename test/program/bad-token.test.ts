import { execFileSync } from 'node:child_process';
import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { TokenChanges } from '../aws-simulator/issuer.ts';
import { startJob } from './job-run.ts';
import { useAws } from './local-aws.ts';
import { expectRefusal } from './refusal.ts';

const aws = useAws();

const day = 86_400;

describe('a job without a usable token is refused before STS is asked', () => {
  it.each<[what: string, token: string | undefined, headline: string, says: readonly (string | RegExp)[]]>([
    ['none', undefined, 'This job has no OIDC token: SEMAPHORE_OIDC_TOKEN is not set', [/Community Edition/, /plan/]],
    ['an empty one', '', 'This job has no OIDC token', [/docker run/, /Nothing was changed/]],
    ['only blanks', '  \n', 'This job has no OIDC token', [/Nothing was changed/]],
    [
      'a word',
      'secret-word',
      'The value of SEMAPHORE_OIDC_TOKEN is not a token',
      [/1 part between dots, and a JWT has 3/],
    ],
    ['three words', 'one.two.three', 'The value of SEMAPHORE_OIDC_TOKEN is not a token', [/not JSON in base64url/]],
    ['one with a part too many', `${'a'.repeat(9)}.b.c.d`, 'The value of SEMAPHORE_OIDC_TOKEN', [/4 parts/]],
    ['one that is too long for STS', 'x'.repeat(20_001), 'The value of SEMAPHORE_OIDC_TOKEN', [/20001 characters/]],
    ['one that is too short', 'a.b', 'The value of SEMAPHORE_OIDC_TOKEN', [/3 characters/]],
    ['a claim set that is a list', 'e30.W10.c2ln', 'The value of SEMAPHORE_OIDC_TOKEN', [/JSON/]],
  ])('%s', async (_, token, headline, says) => {
    const run = await startJob(aws(), { environment: { SEMAPHORE_OIDC_TOKEN: token } }).login();
    expectRefusal(run, { exitCode: 3, headline, says });
    expect(run.requests).toEqual([]);
    expect(run.stderr).not.toContain('secret-word');
  });

  it('none, and nothing else of a job', async () => {
    const run = await startJob(aws(), {
      environment: { SEMAPHORE_OIDC_TOKEN: undefined, SEMAPHORE_JOB_ID: undefined },
    }).login();
    expectRefusal(run, {
      exitCode: 3,
      headline: 'This job has no OIDC token: SEMAPHORE_OIDC_TOKEN is not set',
      says: [
        /SEMAPHORE_JOB_ID is not set either. This is not a Semaphore job/,
        /docker run --rm -e SEMAPHORE_OIDC_TOKEN/,
      ],
    });
    expect(run.stderr).not.toMatch(/OpenID Connect/);
  });

  it('in the variable that --token-env names', async () => {
    const run = await startJob(aws()).login(['--token-env', 'AWS_OIDC']);
    expectRefusal(run, {
      exitCode: 3,
      headline: 'This job has no OIDC token: AWS_OIDC is not set',
      says: [/--token-env/],
    });
  });
});

describe('a token file that cannot be used', () => {
  it('is not there', async () => {
    const job = startJob(aws());
    const run = await job.login(['--token-file', join(job.home, 'gone')]);
    expectRefusal(run, {
      exitCode: 3,
      headline: `The token file "${job.home}/gone" cannot be read (ENOENT)`,
      says: [/does not exist/],
    });
  });

  it('is a link to nothing', async () => {
    const job = startJob(aws());
    symlinkSync('nothing', join(job.home, 'link'));
    const run = await job.login(['--token-file', join(job.home, 'link')]);
    expectRefusal(run, {
      exitCode: 3,
      headline: `The token file "${job.home}/link" cannot be read (ENOENT)`,
      says: [/link to something/],
    });
  });

  it('is a directory', async () => {
    const job = startJob(aws());
    const run = await job.login(['--token-file', job.home]);
    expectRefusal(run, {
      exitCode: 3,
      headline: `The token file "${job.home}" cannot be read (EISDIR)`,
      says: [/directory/],
    });
  });

  it('is a pipe, as bash makes it for <(…)', async () => {
    const job = startJob(aws());
    const pipe = join(job.home, 'pipe');
    execFileSync('mkfifo', [pipe]);
    const run = await job.login(['--token-file', pipe]);
    expectRefusal(run, {
      exitCode: 3,
      headline: `The token file "${pipe}" cannot be read (not a file)`,
      says: [/renewal/],
    });
  });

  it('ends with a newline, which several SDKs would send on', async () => {
    const job = startJob(aws());
    const file = job.write('token', `${job.token}\n`);
    const run = await job.login(['--token-file', file]);
    expectRefusal(run, { exitCode: 3, headline: `The token file "${file}" ends with a newline`, says: [/printf %s/] });
  });

  it('holds something else', async () => {
    const job = startJob(aws());
    const run = await job.login(['--token-file', job.write('token', 'not a token')]);
    expectRefusal(run, { exitCode: 3, headline: `The value of ${job.home}/token is not a token`, says: [/JWT/] });
  });
});

describe('a token out of its time', () => {
  it.each<[what: string, changes: TokenChanges, code: string, says: RegExp]>([
    ['that has ended', { issuedIn: -day - 60 }, 'ExpiredTokenException', /including time in the queue/],
    ['that ended within the minute', { issuedIn: -day - 1 }, 'ExpiredTokenException', /Run the job again/],
    ['that is not valid yet', { issuedIn: 3600 }, 'InvalidIdentityToken', /not valid yet: its nbf is in the future/],
  ])('%s is refused by STS, not by us', async (_, changes, code, says) => {
    const run = await startJob(aws(), changes).login();
    expectRefusal(run, {
      exitCode: 5,
      headline: 'STS refused the login',
      says: [new RegExp(code), says, /token issued .* ago|token issued in /],
    });
    expect(run.requests).toHaveLength(1);
  });

  it.each<[what: string, changes: TokenChanges, headline: string]>([
    ['that ended more than five minutes ago', { issuedIn: -day - 330 }, 'The token expired at 20'],
    ['that begins in more than five minutes', { issuedIn: 330 }, 'The token is not valid until 20'],
  ])('%s is refused by us with --no-verify', async (_, changes, headline) => {
    const run = await startJob(aws(), changes).login(['--no-verify']);
    expectRefusal(run, { exitCode: 3, headline, says: [/clock/] });
  });

  it.each<[what: string, changes: TokenChanges]>([
    ['that ended four minutes ago', { issuedIn: -day - 240 }],
    ['that begins in four minutes', { issuedIn: 240 }],
  ])('%s passes with --no-verify, since clocks differ', async (_, changes) => {
    expect(await startJob(aws(), changes).login(['--no-verify'])).toMatchObject({ exitCode: 0, requests: [] });
  });
});
