import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeScratch } from '../adapters/scratch.ts';
import { type LocalAws, makeStandardRole, startAws } from '../aws-simulator/aws.ts';
import { runExecutable } from '../executable.ts';
import { type ClientName, installedClients } from '../real-clients/client.ts';
import { type Answer, networkOf, runClients } from '../real-clients/client-run.ts';

const wanted: readonly ClientName[] = ['boto3', 'JavaScript v3'];
const clients = installedClients('20 self-hosted jobs on one HOME').filter((name) => wanted.includes(name));

const roleArns = Array.from({ length: 20 }, (_, index) => `arn:aws:iam::123456789012:role/role-${index + 1}`);

let aws: LocalAws;
beforeAll(async () => {
  const { trustPolicy } = makeStandardRole();
  aws = await startAws({ roles: roleArns.map((arn) => ({ arn, trustPolicy })) });
});
afterAll(() => aws.close());

type Answers = Partial<Record<ClientName, Answer>>;

/** Starts a job on the agent with this HOME. */
function startJob(home: string) {
  const variables = aws.environmentFor('branch', { agent: 'self-hosted' });
  return {
    home,
    session: `semaphore-job-${variables['SEMAPHORE_JOB_ID']}`,
    environment: { ...variables, ...networkOf(aws) },
  };
}

test('20 concurrent self-hosted jobs on one HOME: each has its own role, and a later job has none', async () => {
  const home = makeScratch();
  const jobs = roleArns.map((roleArn) => ({ ...startJob(home), roleArn }));
  const loggedIn = await Promise.all(
    jobs.map(async (job) => {
      const args = ['--role-arn', job.roleArn, '--region', 'eu-west-1'];
      const { exitCode, stdout, stderr } = await runExecutable(args, { ...job.environment, HOME: home });
      expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
      return { ...job, environmentFile: stdout.trimEnd() };
    }),
  );

  // After all logins, and one at a time: the test machine has two cores.
  const seen: Answers[] = [];
  for (const job of loggedIn) seen.push(await runClients(clients, job));
  const expected = loggedIn.map(({ roleArn, session }) => {
    const arn = `arn:aws:sts::123456789012:assumed-role/${roleArn.split('/').at(-1)}/${session}`;
    return Object.fromEntries(clients.map((name) => [name, { arn, error: '' }]));
  });
  expect(seen).toMatchObject(expected);

  const later = await runClients(clients, startJob(home));
  expect(later).toMatchObject(
    Object.fromEntries(clients.map((name) => [name, { arn: '', error: expect.stringMatching(/./) }])),
  );
  expect(readdirSync(home)).toEqual(['.sem-aws-login']);
  expect(readdirSync(join(home, '.sem-aws-login/jobs'))).toHaveLength(roleArns.length);
}, 180_000);
