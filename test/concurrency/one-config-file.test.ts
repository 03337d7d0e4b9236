import { execFile } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeScratch } from '../adapters/scratch.ts';
import { type LocalAws, standardRoleArn, startAws } from '../aws-simulator/aws.ts';
import { runExecutable } from '../executable.ts';
import { installedClients } from '../real-clients/client.ts';

const hasAwsCli = installedClients('logins while the AWS CLI writes').includes('AWS CLI v2');

let aws: LocalAws;
beforeAll(async () => {
  aws = await startAws();
});
afterAll(() => aws.close());

/**
 * Runs `aws configure set` for each value: the AWS CLI reads, empties and fills the file, without a
 * lock.
 */
async function configureRepeatedly(home: string, values: readonly string[]): Promise<void> {
  for (const value of values) {
    const args = ['configure', 'set', 'output', value, '--profile', 'other'];
    await promisify(execFile)('/usr/bin/aws', args, { env: { HOME: home, PATH: '/usr/bin:/bin' } });
  }
}

/** The lines of each section, by header. */
function sectionsOf(config: string): Map<string, readonly string[]> {
  const lines = config.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  const starts = lines.flatMap((line, index) => (line.startsWith('[') ? [index] : []));
  return new Map(starts.map((start, n) => [lines[start] ?? '', lines.slice(start + 1, starts[n + 1] ?? lines.length)]));
}

test.runIf(hasAwsCli)(
  '50 jobs log into 50 profiles of one file while the AWS CLI changes another: no change is lost',
  async () => {
    const home = makeScratch();
    const path = join(home, '.aws/config');
    mkdirSync(join(home, '.aws'));
    writeFileSync(path, '# of the machine\n[profile other]\noutput = text\nregion = us-west-2\n', { mode: 0o600 });
    const jobs = Array.from({ length: 50 }, (_, index) => {
      const variables = aws.environmentFor('branch');
      const environment = { ...variables, ...aws.clientEnvironment, HOME: home };
      return { profile: `job-${index + 1}`, environment, id: variables['SEMAPHORE_JOB_ID'] };
    });

    const [, ...logins] = await Promise.all([
      configureRepeatedly(home, ['json', 'yaml', 'table', 'text', 'yaml-stream']),
      ...jobs.map(async ({ profile, environment }) => {
        const args = ['--role-arn', standardRoleArn, '--region', 'eu-west-1', '--profile', profile];
        const { exitCode, stderr } = await runExecutable(args, environment);
        return { exitCode, stderr };
      }),
    ]);
    for (const login of logins) expect(login).toMatchObject({ exitCode: 0 });

    const sections = sectionsOf(readFileSync(path, 'utf8'));
    expect([...sections.keys()].sort()).toEqual(
      ['[profile other]', ...jobs.map(({ profile }) => `[profile ${profile}]`)].sort(),
    );
    expect(sections.get('[profile other]')).toEqual(['output = yaml-stream', 'region = us-west-2']);
    for (const { profile, id } of jobs) {
      const token = join(home, '.sem-aws-login/jobs', id ?? '', 'token');
      expect(sections.get(`[profile ${profile}]`)).toContain(`web_identity_token_file = ${token}`);
    }
    expect(readdirSync(join(home, '.aws'))).toEqual(['config']);
  },
  180_000,
);
