// Starts the local AWS for a shell: `node test/sts/run.ts [description.json]`. One line of JSON on stdout says where
// everything is; it ends when its stdin closes, and after `seconds` (600) at the latest.
import { readFileSync } from 'node:fs';
import { type AwsOptions, startAws } from './aws.ts';
import type { TokenChanges } from './issuer.ts';
import type { JobDescription } from './job.ts';
import type { Agent } from './job-environment.ts';

/** What the description may hold, beside the roles and providers. All of it is optional. */
interface Description extends AwsOptions {
  readonly seconds?: number;
  /** The jobs whose environments are wanted, by a name for each. */
  readonly jobs?: Readonly<Record<string, JobWish>>;
}

interface JobWish extends TokenChanges {
  readonly job: JobDescription;
  readonly agent?: Agent;
}

const path = process.argv[2];
// The description is written by whoever calls this; a wrong one shows at once.
const description = (path === undefined ? {} : JSON.parse(readFileSync(path, 'utf8'))) as Description;
const jobs = description.jobs ?? { branch: { job: 'branch' }, fork: { job: 'fork-pull-request' } };

const aws = await startAws(description);
const environments = Object.entries(jobs).map(([name, { job, ...changes }]) => [
  name,
  aws.environmentFor(job, changes),
]);
console.log(
  JSON.stringify({
    url: aws.url,
    issuerUrl: aws.issuer.url,
    clientEnvironment: aws.clientEnvironment,
    roles: aws.accounts.roles.map((role) => role.arn),
    jobs: Object.fromEntries(environments),
  }),
);

async function end(): Promise<void> {
  await aws.close();
  process.exit(0);
}
process.stdin.on('end', end).on('close', end).resume();
setTimeout(end, (description.seconds ?? 600) * 1000).unref();
