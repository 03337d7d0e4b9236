import { describe, expect, it } from 'vitest';
import { standardRoleArn } from '../aws-simulator/aws.ts';
import { furtherRoles, makeFurtherRoles } from '../aws-simulator/further-roles.ts';
import { findingsOf } from './doctor-findings.ts';
import { type Job, type Run, startJob, type Variables } from './job-run.ts';
import { useAws } from './local-aws.ts';
import { sourced } from './sourced.ts';

const aws = useAws({ roles: makeFurtherRoles() });

const noMachine = { AWS_EC2_METADATA_DISABLED: 'true' };
const keys = { AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE', AWS_SECRET_ACCESS_KEY: 'example' };
const staging = ['--role-arn', furtherRoles.staging];
const twoRoles = ['--role', `a=${standardRoleArn}`, '--role', `b=${furtherRoles.staging}`, '--region', 'eu-west-1'];

/** What doctor reports of the clients in a shell that has sourced a login. */
const clientsAfter = async (job: Job, login: Run, more: Variables = {}) => {
  expect(login, login.stderr).toMatchObject({ exitCode: 0 });
  const { statuses, findings } = await findingsOf(job, [], { ...sourced(job, login), ...noMachine, ...more });
  return { statuses: statuses('clients'), paste: findings('clients').flatMap(({ paste }) => paste), all: statuses };
};

describe('doctor after a login with two roles', () => {
  it('says how to choose a profile', async () => {
    const job = startJob(aws());
    const { statuses, paste } = await clientsAfter(job, await job.run(twoRoles));
    expect(statuses).toEqual(['warn clients-choose-profile']);
    expect(paste).toEqual(['export AWS_PROFILE=a', 'aws sts get-caller-identity --profile a']);
  });

  it.each(['a', 'b'])('is content with AWS_PROFILE=%s', async (profile) => {
    const job = startJob(aws());
    const { statuses, all } = await clientsAfter(job, await job.run(twoRoles), { AWS_PROFILE: profile });
    expect(statuses).toEqual(['ok clients-agree']);
    expect(all('config')).toEqual(['ok config-good']);
  });

  it('warns of keys that take precedence over both', async () => {
    const job = startJob(aws());
    const { statuses, paste } = await clientsAfter(job, await job.run(twoRoles), keys);
    expect(statuses).toEqual(['warn clients-outrank']);
    expect(paste).toEqual(['unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY']);
  });
});

it('each shell of a job with two roles in one profile has its own role', async () => {
  const job = startJob(aws());
  const logins = [await job.login(), await job.login(staging)];
  for (const login of logins) {
    const { statuses, all } = await clientsAfter(job, login, {
      AWS_REGION: 'eu-west-1',
      AWS_DEFAULT_REGION: 'eu-west-1',
    });
    expect(statuses).toEqual(['ok clients-agree']);
    expect(all('leftovers')).toEqual(['ok no-leftovers']);
  }
});

describe('doctor after a login that uses credential_process', () => {
  const options = ['--region', 'eu-west-1', '--duration', '1800', '--session-name', 'mine'];

  it('names the clients that cannot use it, and the login that they can use', async () => {
    const job = startJob(aws());
    const { statuses, paste, all } = await clientsAfter(job, await job.login(options));
    expect(statuses).toEqual(['ok clients-agree', 'warn clients-no-process']);
    expect(all('leftovers')).toEqual(['ok no-leftovers']);
    const line = `sem-aws-login --role-arn ${standardRoleArn} --region eu-west-1 --session-name mine --duration 1800 --export static`;
    expect(paste).toEqual([`source "$(${line})"`]);
  });

  it('of several roles names the login of the one that is used', async () => {
    const job = startJob(aws());
    const login = await job.run([...twoRoles, '--duration', '1800']);
    const { statuses, paste } = await clientsAfter(job, login, { AWS_PROFILE: 'b' });
    expect(statuses).toEqual(['ok clients-agree', 'warn clients-no-process']);
    const line = `sem-aws-login --role-arn ${furtherRoles.staging} --profile b --region eu-west-1 --duration 1800 --export static`;
    expect(paste).toEqual([`source "$(${line})"`]);
    expect(await startJob(aws()).run(['--role-arn', furtherRoles.staging, ...line.split(' ').slice(3)])).toMatchObject({
      exitCode: 0,
    });
  });

  it('warns of keys that take precedence over it', async () => {
    const job = startJob(aws());
    const { statuses } = await clientsAfter(job, await job.login(options), keys);
    expect(statuses).toEqual(['warn clients-outrank']);
  });
});

it('the keys of --export static are the login', async () => {
  const job = startJob(aws());
  const login = await job.login(['--region', 'eu-west-1', '--export', 'static']);
  expect((await clientsAfter(job, login)).statuses).toEqual(['ok clients-agree']);
  expect((await clientsAfter(job, login, keys)).statuses).toEqual(['warn clients-outrank']);
});

it('static keys without a login are a warning', async () => {
  const { statuses, findings } = await findingsOf(startJob(aws()), ['--role-arn', standardRoleArn], keys);
  expect(statuses('clients')).toEqual(['warn clients-static-keys']);
  expect(findings('clients')[0]?.paste).toEqual([`source "$(sem-aws-login --role-arn ${standardRoleArn})"`]);
});
