import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type AwsOptions, startAws } from './aws.ts';
import type { Fault } from './fault.ts';
import type { TokenChanges } from './issuer.ts';
import type { Agent } from './job-environment.ts';
import type { JobDescription } from './semaphore-job.ts';

// node test/aws-simulator/run.ts [description.json]: a local AWS for shells. Prints its addresses
// as JSON, then answers each line on stdin; ends with stdin or after `seconds` (600).

/** The content of the description file; everything is optional. */
interface Description extends AwsOptions {
  readonly seconds?: number;
  /** Jobs to create environments for, by name (default: a branch's and a fork's). */
  readonly jobs?: Readonly<Record<string, JobOptions>>;
  /** A directory for `<name>.env` files with `export` lines, as the agent writes them. */
  readonly directory?: string;
  readonly faults?: readonly Fault[];
}

interface JobOptions extends TokenChanges {
  readonly job: JobDescription;
  readonly agent?: Agent;
}

/** A command on stdin, one JSON object a line. */
interface Command {
  /** Returns the environment of a new job. */
  readonly job?: JobOptions;
  readonly faults?: readonly Fault[];
  readonly clearFaults?: true;
  /** Returns every request so far. */
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
// The caller writes the description and the commands; an error in them shows at once.
const description = (path === undefined ? {} : JSON.parse(readFileSync(path, 'utf8'))) as Description;
const { jobs: jobOptions = { branch: { job: 'branch' }, fork: { job: 'fork-pull-request' } }, directory } = description;

const aws = await startAws(description);
aws.fault(...(description.faults ?? []));

function environmentOf({ job, ...changes }: JobOptions): Record<string, string> {
  return aws.environmentFor(job, changes);
}

function execute(command: Command): unknown {
  if (command.clearFaults) aws.clearFaults();
  if (command.faults !== undefined) aws.fault(...command.faults);
  if (command.job !== undefined) return environmentOf(command.job);
  return command.requests ? aws.requests : {};
}

async function end(): Promise<void> {
  await aws.close();
  process.exit(0);
}

const jobs = Object.fromEntries(Object.entries(jobOptions).map(([name, options]) => [name, environmentOf(options)]));
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
    if (line.trim() !== '') console.log(JSON.stringify(execute(JSON.parse(line) as Command)));
  })
  .on('close', end);
setTimeout(end, (description.seconds ?? 600) * 1000).unref();
