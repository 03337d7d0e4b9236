import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type AwsOptions, startAws } from './aws.ts';
import type { Fault } from './fault.ts';
import type { TokenChanges } from './issuer.ts';
import type { Agent } from './job-environment.ts';
import type { JobDescription } from './semaphore-job.ts';

// Starts the local AWS for a shell: `node test/aws-simulator/run.ts [description.json]`. One line of JSON on stdout says where
// everything is; each line on stdin is an order that is answered by one more line. It ends when its stdin closes, and
// after `seconds` (600) at the latest.

/** What the description may hold, beside the roles and providers. All of it is optional. */
interface Description extends AwsOptions {
  readonly seconds?: number;
  /** The jobs whose environments are wanted, by a name for each; a branch's and a fork's if absent. */
  readonly jobs?: Readonly<Record<string, JobWish>>;
  /** A directory that gets `<name>.env` for each job: `export` lines, as the agent writes them. */
  readonly directory?: string;
  readonly faults?: readonly Fault[];
}

interface JobWish extends TokenChanges {
  readonly job: JobDescription;
  readonly agent?: Agent;
}

/** What may be ordered on stdin, one object a line. */
interface Order {
  /** Answered with the environment of a new job. */
  readonly job?: JobWish;
  readonly faults?: readonly Fault[];
  readonly clearFaults?: true;
  /** Answered with every request so far. */
  readonly requests?: true;
}

function exportLines(environment: Readonly<Record<string, string>>): string {
  const quote = (value: string) =>
    /^[A-Za-z0-9_@%+=:,./-]+$/.test(value) ? value : `'${value.replaceAll("'", `'"'"'`)}'`;
  return Object.entries(environment)
    .map(([name, value]) => `export ${name}=${quote(value)}\n`)
    .join('');
}

const path = process.argv[2];
// The description and the orders are written by whoever starts this; a wrong one shows at once.
const description = (path === undefined ? {} : JSON.parse(readFileSync(path, 'utf8'))) as Description;
const { jobs: wishes = { branch: { job: 'branch' }, fork: { job: 'fork-pull-request' } }, directory } = description;

const aws = await startAws(description);
aws.fault(...(description.faults ?? []));

function environmentOf({ job, ...changes }: JobWish): Record<string, string> {
  return aws.environmentFor(job, changes);
}

function obey(order: Order): unknown {
  if (order.clearFaults) aws.clearFaults();
  if (order.faults !== undefined) aws.fault(...order.faults);
  if (order.job !== undefined) return environmentOf(order.job);
  return order.requests ? aws.requests : {};
}

async function end(): Promise<void> {
  await aws.close();
  process.exit(0);
}

const jobs = Object.fromEntries(Object.entries(wishes).map(([name, wish]) => [name, environmentOf(wish)]));
if (directory !== undefined) {
  for (const [name, environment] of Object.entries(jobs)) {
    writeFileSync(join(directory, `${name}.env`), exportLines(environment));
  }
}
const { url, tlsUrl, clientEnvironment, tlsEnvironment, proxyEnvironment, authorityFile } = aws;
console.log(
  JSON.stringify({
    url,
    tlsUrl,
    issuerUrl: aws.issuer.url,
    proxyUrl: aws.proxy.url,
    authorityFile,
    clientEnvironment,
    tlsEnvironment,
    proxyEnvironment,
    roles: aws.accounts.roles.map((role) => role.arn),
    jobs,
  }),
);
createInterface(process.stdin)
  .on('line', (line) => {
    if (line.trim() !== '') console.log(JSON.stringify(obey(JSON.parse(line) as Order)));
  })
  .on('close', end);
setTimeout(end, (description.seconds ?? 600) * 1000).unref();
