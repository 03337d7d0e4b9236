import { describe, expect, it } from 'vitest';
import { standardRoleArn } from '../aws-simulator/aws.ts';
import { startJob, type Variables } from './job-run.ts';
import { useAws } from './local-aws.ts';
import { expectRefusal } from './refusal.ts';
import { sourced } from './sourced.ts';

const aws = useAws();

const role = ['--role-arn', standardRoleArn];

/** The way to STS by AWS's own host names, which shows what host was asked. */
const byName = () => ({ AWS_ENDPOINT_URL_STS: undefined, ...aws().proxyEnvironment });

describe('the region', () => {
  it.each<[what: string, args: readonly string[], environment: Variables, region: string]>([
    ['by the flag, before all else', ['--region', 'eu-west-1'], { AWS_REGION: 'us-east-2' }, 'eu-west-1'],
    ['by its variable', [], { SEM_AWS_LOGIN_REGION: 'eu-west-1', AWS_REGION: 'us-east-2' }, 'eu-west-1'],
    ['by AWS_REGION', [], { AWS_REGION: 'us-east-2', AWS_DEFAULT_REGION: 'eu-west-3' }, 'us-east-2'],
    ['by AWS_DEFAULT_REGION', [], { AWS_REGION: '', AWS_DEFAULT_REGION: 'eu-west-3' }, 'eu-west-3'],
    ['of a kind that is yet to come', ['--region', 'eu-north-99'], {}, 'eu-north-99'],
  ])('%s', async (_, args, environment, region) => {
    const job = startJob(aws(), { environment: byName() });
    const connects = aws().proxy.connects.length;
    const run = await job.run([...role, ...args], { environment });
    expect(run.exitCode).toBe(0);
    expect(job.read('.aws/config')).toContain(`\nregion = ${region}\n`);
    expect(aws().proxy.connects.slice(connects)).toMatchObject([{ host: `sts.${region}.amazonaws.com` }]);
    expect(sourced(job, run)).toMatchObject({ AWS_REGION: region, AWS_DEFAULT_REGION: region });
    expect(run.stderr).not.toContain('warning');
    expect(run.stderr).not.toContain("which is not AWS's");
  });

  it('of an earlier login stays where none is given', async () => {
    const job = startJob(aws());
    await job.login(['--profile', 'deploy']);
    const run = await job.run([...role, '--profile', 'deploy']);
    expect(run.exitCode).toBe(0);
    expect(job.read('.aws/config')).toContain('\nregion = eu-west-1\n');
    expect(sourced(job, run)).toMatchObject({ AWS_REGION: 'eu-west-1' });
  });

  it("of somebody else's section stays there, and is not ours to use", async () => {
    const job = startJob(aws());
    job.write('.aws/config', '[default]\nregion = us-west-2\n');
    const run = await job.run([...role, '--overwrite-profile']);
    expect(job.read('.aws/config')).toContain('\nregion = us-west-2\n');
    expect(sourced(job, run)).not.toHaveProperty('AWS_REGION');
  });

  it('of an earlier login counts only if it can be one', async () => {
    const job = startJob(aws());
    await job.login();
    job.write('.aws/config', (job.read('.aws/config') ?? '').replace('eu-west-1', 'somewhere'));
    const run = await job.run(role);
    expect(run.exitCode).toBe(0);
    expect(run.stderr).toContain('warning: no region is set');
  });

  it('unknown: the global endpoint is asked, no region is written, and one warning says so', async () => {
    const job = startJob(aws(), { environment: byName() });
    const connects = aws().proxy.connects.length;
    const run = await job.run(role);
    expect(run.exitCode).toBe(0);
    expect(aws().proxy.connects.slice(connects)).toMatchObject([{ host: 'sts.amazonaws.com' }]);
    expect(job.read('.aws/config')).not.toMatch(/^region/m);
    expect(Object.keys(sourced(job, run)).filter((name) => name.includes('REGION'))).toEqual([]);
    expect(run.stderr.match(/warning/g)).toHaveLength(1);
    expect(run.stderr).toContain('warning: no region is set; many AWS tools need one: add --region eu-west-1');
  });
});

describe('the endpoint', () => {
  it.each<[what: string, role: string, region: readonly string[], environment: Variables, host: string]>([
    ['of China', 'arn:aws-cn:iam::123456789012:role/x', [], {}, 'sts.cn-northwest-1.amazonaws.com.cn'],
    [
      'of GovCloud',
      'arn:aws-us-gov:iam::123456789012:role/x',
      ['--region', 'us-gov-east-1'],
      {},
      'sts.us-gov-east-1.amazonaws.com',
    ],
    ['of the European cloud', 'arn:aws-eusc:iam::123456789012:role/x', [], {}, 'sts.eusc-de-east-1.amazonaws.eu'],
    [
      'with FIPS',
      standardRoleArn,
      ['--region', 'us-east-1'],
      { AWS_USE_FIPS_ENDPOINT: 'true' },
      'sts-fips.us-east-1.amazonaws.com',
    ],
    [
      'with IPv6',
      standardRoleArn,
      ['--region', 'eu-west-1'],
      { AWS_USE_DUALSTACK_ENDPOINT: 'true' },
      'sts.eu-west-1.api.aws',
    ],
  ])('%s', async (_, roleArn, region, environment, host) => {
    const connects = aws().proxy.connects.length;
    aws().fault({ kind: 'error', name: 'ValidationError' });
    await startJob(aws(), { environment: byName() }).run(['--role-arn', roleArn, ...region], { environment });
    expect(aws().proxy.connects.slice(connects)[0]?.host).toBe(host);
  });

  it('of the user’s own is told in the summary', async () => {
    const { stderr } = await startJob(aws()).login();
    expect(stderr).toContain(`endpoint  ${aws().url} (not AWS)`);
  });

  it('is never asked for through the proxy that NO_PROXY takes it out of', async () => {
    const environment = { HTTPS_PROXY: aws().proxy.url, NO_PROXY: 'localhost', ...aws().tlsEnvironment };
    const connects = aws().proxy.connects.length;
    expect(await startJob(aws(), { environment }).login()).toMatchObject({ exitCode: 0 });
    expect(aws().proxy.connects.slice(connects)).toEqual([]);
  });
});

describe('a region of another partition than the role', () => {
  const inChina = ['--role-arn', 'arn:aws-cn:iam::123456789012:role/deploy'];
  const inGovCloud = ['--role-arn', 'arn:aws-us-gov:iam::123456789012:role/deploy'];

  it.each<[what: string, args: readonly string[], environment: Variables, names: string, says: readonly string[]]>([
    [
      'by the flag',
      [...inChina, '--region', 'eu-west-1'],
      {},
      'The role is in the partition "aws-cn", the region "eu-west-1" in "aws"',
      ['The region comes from --region.', 'begins with "cn-"', '--region cn-northwest-1'],
    ],
    [
      "by the flag's variable",
      inGovCloud,
      { SEM_AWS_LOGIN_REGION: 'us-east-1', AWS_REGION: 'us-gov-west-1' },
      'The role is in the partition "aws-us-gov", the region "us-east-1" in "aws"',
      ['The region comes from SEM_AWS_LOGIN_REGION.', 'begins with "us-gov-"', '--region us-gov-west-1'],
    ],
    [
      'by AWS_REGION',
      role,
      { AWS_REGION: 'cn-north-1' },
      'The role is in the partition "aws", the region "cn-north-1" in "aws-cn"',
      ['The region comes from AWS_REGION.', 'begins with "us-", "eu-", "ap-"', '--region us-east-1'],
    ],
    [
      'by AWS_DEFAULT_REGION',
      role,
      { AWS_DEFAULT_REGION: 'us-isob-east-1' },
      'The role is in the partition "aws", the region "us-isob-east-1" in "aws-iso-b"',
      ['The region comes from AWS_DEFAULT_REGION.'],
    ],
    [
      'of a chain',
      [...inChina, '--then-role-arn', 'arn:aws-cn:iam::210987654321:role/audit', '--region', 'eu-west-1'],
      {},
      'The role is in the partition "aws-cn"',
      [],
    ],
    [
      'of several roles',
      ['--role', `one=${inChina[1]}`, '--role', 'two=arn:aws-cn:iam::210987654321:role/two', '--region', 'eu-west-1'],
      {},
      'The role is in the partition "aws-cn"',
      [],
    ],
    [
      'unverified',
      [...inChina, '--region', 'eu-west-1', '--no-verify'],
      {},
      'The role is in the partition "aws-cn"',
      [],
    ],
  ])('is refused before anything is asked: %s', async (_, args, environment, headline, says) => {
    const connects = aws().proxy.connects.length;
    const run = await startJob(aws(), { environment: byName() }).run(args, { environment });
    expectRefusal(run, { exitCode: 2, headline, says });
    expect(run.requests).toEqual([]);
    expect(aws().proxy.connects.slice(connects)).toEqual([]);
  });

  it('is refused where it stays from an earlier login', async () => {
    const job = startJob(aws(), { environment: byName() });
    expect(await job.login()).toMatchObject({ exitCode: 0 });
    const run = await job.run(inChina);
    const headline = 'The role is in the partition "aws-cn", the region "eu-west-1" in "aws"';
    expectRefusal(run, { exitCode: 2, headline, says: ['The region comes from an earlier login.'] });
  });

  it.each<[what: string, args: readonly string[], environment: () => Variables]>([
    ['with an address of STS of the user’s own', [...inChina, '--region', 'eu-west-1'], () => ({})],
    ['with a region of no known partition', [...inChina, '--region', 'xx-nowhere-9'], byName],
    [
      'with a role of no known partition',
      ['--role-arn', 'arn:aws-moon:iam::123456789012:role/x', '--region', 'eu-west-1'],
      byName,
    ],
  ])('is for STS to judge %s', async (_, args, environment) => {
    aws().fault({ kind: 'error', name: 'ValidationError' });
    const run = await startJob(aws(), { environment: environment() }).run(args);
    expect(run.exitCode).toBe(5);
  });
});
