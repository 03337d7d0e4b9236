import { spawn, spawnSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { examples, lineOf } from '../../scripts/docs/problems/examples.ts';
import { explanationOf } from '../../src/explain/catalogue.ts';
import type { FailureFacts } from '../../src/failure.ts';
import { skipped } from '../skips.ts';
import { startJob } from './job-run.ts';
import { useAws } from './local-aws.ts';
import { program } from './program.ts';

const aws = useAws();

/** What every failure says to paste, one script for each step. */
const pastes = new Set(
  Object.entries(examples).flatMap(([kind, cases]) =>
    cases.flatMap((one) => {
      // Object.entries loses the relation between a kind and its facts.
      const facts = { kind, ...one } as FailureFacts;
      const { paste, steps = [] } = explanationOf(facts, lineOf(facts));
      return [...(paste === undefined ? [] : [paste]), ...steps].map(({ lines }) => lines.join('\n'));
    }),
  ),
);

/** Parts of policies and pipelines, which other tests read. */
const isDocument = (text: string) => /^(?:\s*[{"]|run: )/.test(text);
const scripts = [...pastes].filter((text) => text !== '' && !isDocument(text));

/** Values and commands that stand for the user's own, which the program cannot know. */
const placeholder = /(?:--role-arn ARN\)"| -- COMMAND)$/m;

/** Commands that cannot end with 0 here. Except for placeholders, they must still be no usage errors. */
const failing: readonly (readonly [pattern: RegExp, why: string])[] = [
  [placeholder, 'the value or the command is for the user to fill in'],
  [/:role\/NAME\)"$/, 'the account of the example has no role NAME'],
  [/role-arn arn:aws-cn:/, 'the account of the example is in another partition'],
  [/^sem-aws-login doctor|\| sem-aws-login doctor/, 'the organization and the role of the example do not exist'],
  [/^sem-aws-login setup .*\| diff/, 'the file has other content: that is the failure'],
  [/^sem-aws-login setup .*--check role\.json$/, 'the file of the example has no role'],
  [/^sem-aws-login (?:status|credentials)/, 'the job has not logged in'],
  [/^type terrafrom$/, 'the command does not exist: that is the failure'],
];

/** Programs that must not run here, each with what takes its place. */
const replaced: Readonly<Record<string, string>> = {
  // The AWS CLI checks all parameters before it connects.
  aws: `export AWS_ACCESS_KEY_ID=A AWS_SECRET_ACCESS_KEY=B AWS_MAX_ATTEMPTS=1 AWS_DEFAULT_REGION=eu-west-1
said=$(REAL_AWS "$@" --endpoint-url http://127.0.0.1:1 2>&1); echo "$said" >&2; [[ $said == *'Could not connect'* ]]`,
  sudo: 'while [[ $1 == --* ]]; do shift; done; exec "$@"',
  docker: 'while [ "$1" != IMAGE ]; do shift; done; shift; exec "$@"',
  curl: 'echo "date: today"; echo "issuer: someone"',
  'sem-aws-login': 'exec PROGRAM "$@"',
};

const realAws = spawnSync('bash', ['-c', 'command -v aws'], { encoding: 'utf8' }).stdout.trim();
if (realAws === '') skipped('hints with aws commands', 'the AWS CLI is not installed');

describe('every command that a failure says to paste', () => {
  it.each(scripts)('%s: is a command of a shell', (script) => {
    const checked = spawnSync('bash', ['-n'], { input: script, encoding: 'utf8' });
    expect(checked).toMatchObject({ status: 0, stderr: '' });
  });

  it.each(scripts.filter((script) => realAws !== '' || !/(?:^|\s)aws /m.test(script)))('%s: works', async (script) => {
    const exception = failing.find(([pattern]) => pattern.test(script));
    const { status, stderr, invalid } = await run(script);
    if (!placeholder.test(script)) expect(invalid, stderr).toEqual([]);
    if (exception === undefined) expect(status, stderr).toBe(0);
  });

  it.each(failing)('that cannot work here, %s, is still there: %s', (pattern) => {
    expect(scripts.some((script) => pattern.test(script))).toBe(true);
  });
});

/** Runs a script in a job that has the files which the examples name. Returns the calls that were usage errors, too. */
async function run(script: string): Promise<{ status: unknown; stderr: string; invalid: string[] }> {
  const job = startJob(aws());
  const bin = join(job.directory, 'bin');
  const calls = join(job.directory, 'calls');
  mkdirSync(bin);
  for (const [name, body] of Object.entries(replaced)) {
    const command = body.replace('REAL_AWS', realAws).replace('PROGRAM', program.map((word) => `'${word}'`).join(' '));
    const text = `#!/bin/bash\n(${command})\ncode=$?\necho "$code ${name} $*" >> '${calls}'\nexit $code\n`;
    writeFileSync(join(bin, name), text, { mode: 0o755 });
  }
  const work = prepareFiles(job.home, script);
  const local = script
    .replaceAll('/home/semaphore', job.home)
    .replaceAll('/run/secrets', `${job.home}/secrets`)
    .replaceAll('/etc/ssl/proxy', `${job.home}/proxy`)
    .replaceAll(/role\.json|infra\/semaphore\.yaml|POLICY\.json|policy\.json/g, (name) => join(work, name));
  const child = spawn('bash', ['-eo', 'pipefail', '-c', local], {
    cwd: work,
    env: { ...job.environment, PATH: `${bin}:${job.environment['PATH']}` },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const [status] = await once(child, 'close');
  const called = existsSync(calls) ? readFileSync(calls, 'utf8').trimEnd().split('\n') : [];
  // 252 is the usage error of the AWS CLI.
  const invalid = called.filter(
    (call) => /^(?:1|2|252) (?:sem-aws-login|aws) /.test(call) && !call.endsWith('COMMAND'),
  );
  return { status, stderr: `${stderr}${called.join('\n')}`, invalid };
}

function prepareFiles(home: string, script: string): string {
  const work = join(home, 'work');
  for (const directory of ['work/infra', '.aws', 'secrets', '.sem-aws-login'])
    mkdirSync(join(home, directory), { recursive: true });
  const lock = join(home, '.aws/.config.sem-aws-login-lock');
  if (script.startsWith('rm -r ')) mkdirSync(lock);
  else if (script.startsWith('rm ')) writeFileSync(lock, '');
  for (const file of ['.aws/config', 'secrets/token', 'work/role.json', 'work/infra/semaphore.yaml', 'proxy.pem'])
    writeFileSync(join(home, file), '[profile other]\n');
  for (const file of ['work/policy.json', 'work/POLICY.json']) writeFileSync(join(home, file), '{"Statement":[]}');
  if (script.includes('x509 -inform der'))
    writeFileSync(join(home, 'proxy.crt'), new X509Certificate(readFileSync(aws().authorityFile)).raw);
  return work;
}
