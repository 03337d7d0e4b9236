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

/** A new job on the agent that has this HOME. */
function startJob(home: string) {
  const variables = aws.environmentFor('branch', { agent: 'self-hosted' });
  return {
    home,
    session: `semaphore-job-${variables['SEMAPHORE_JOB_ID']}`,
    environment: { ...variables, ...networkOf(aws) },
  };
}

test('20 self-hosted jobs at once on one HOME, each with a role of its own: each is its own, and a later job is nobody', async () => {
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

  // Only now, when all have written, and in turn: the test's machine has two cores.
  const seen: Answers[] = [];
  for (const job of loggedIn) seen.push(await runClients(clients, job));
  const own = loggedIn.map(({ roleArn, session }) => {
    const arn = `arn:aws:sts::123456789012:assumed-role/${roleArn.split('/').at(-1)}/${session}`;
    return Object.fromEntries(clients.map((name) => [name, { arn, error: '' }]));
  });
  expect(seen).toMatchObject(own);

  const later = await runClients(clients, startJob(home));
  expect(later).toMatchObject(
    Object.fromEntries(clients.map((name) => [name, { arn: '', error: expect.stringMatching(/./) }])),
  );
  expect(readdirSync(home)).toEqual(['.sem-aws-login']);
  expect(readdirSync(join(home, '.sem-aws-login/jobs'))).toHaveLength(roleArns.length);
}, 180_000);
