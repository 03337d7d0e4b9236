import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { standardRoleArn } from '../aws-simulator/aws.ts';
import { findingsOf } from './doctor-findings.ts';
import { startJob } from './job-run.ts';
import { useAws } from './local-aws.ts';
import { unwrapped } from './refusal.ts';
import { issuer, main, policyFor } from './trust-policy-of.ts';

const aws = useAws();

describe('doctor --trust-policy', () => {
  it('lets this job in', async () => {
    const job = startJob(aws());
    const { run, statuses } = await findingsOf(job, ['--trust-policy', job.write('trust.json', policyFor(main))]);
    expect(statuses('trust-policy')).toEqual(['ok policy-decision']);
    expect(run.exitCode).toBe(0);
  });

  it('refuses this job: which condition, what it wants, what the token has, the corrected line', async () => {
    const job = startJob(aws());
    const file = job.write('trust.json', policyFor(main, `${issuer}/`));
    const run = await job.run(['doctor', '--trust-policy', file]);
    expect(run.exitCode).toBe(5);
    const text = unwrapped(run.stdout);
    expect(text).toContain('StringEquals on acme.semaphoreci.com:aud does not match (statement 1, line 1)');
    expect(text).toContain(`expected "${issuer}/" actual "${issuer}"`);
    expect(text).toContain(`Put this in its place: "acme.semaphoreci.com:aud": "${issuer}"`);
  });

  it('takes the answer of aws iam get-role on standard input, and the role’s account from it', async () => {
    const job = startJob(aws());
    const role = {
      Arn: 'arn:aws:iam::999999999999:role/deploy',
      AssumeRolePolicyDocument: JSON.parse(policyFor(main)),
    };
    const file = join(job.home, 'role.json');
    writeFileSync(file, JSON.stringify({ Role: role }));
    const run = await job.run(['doctor', '--trust-policy', '-'], {
      wrapper: ['/bin/bash', '-c', '"$0" "$@" < "$ROLE_FILE"'],
      environment: { ROLE_FILE: file },
    });
    expect(run.exitCode).toBe(5);
    expect(unwrapped(run.stdout)).toContain("The principal is another account's provider");
  });

  it('does not wait for a policy at a terminal', async () => {
    const run = await startJob(aws()).run(['doctor', '--trust-policy', '-'], { terminal: true });
    expect(run.exitCode).toBe(2);
    expect(unwrapped(run.stderr)).toContain('Standard input is a terminal');
  });

  it('judges by --sub and --aud outside a job, and looks at nothing else', async () => {
    const outside = { SEMAPHORE_OIDC_TOKEN: undefined, SEMAPHORE_JOB_ID: undefined };
    const job = startJob(aws(), { environment: outside });
    const file = job.write('trust.json', policyFor(main));
    const judged = async (subject: string) =>
      await findingsOf(job, ['--trust-policy', file, '--aud', issuer, '--sub', subject]);
    const good = await judged(main);
    expect(good.report.findings.map(({ check, status }) => [check, status])).toEqual([['trust-policy', 'ok']]);
    expect(good.run.requests).toEqual([]);
    expect((await judged(main.replace('main', 'dev'))).run.exitCode).toBe(5);
  });

  it('without a token says what else it can be held against', async () => {
    const job = startJob(aws(), { environment: { SEMAPHORE_OIDC_TOKEN: undefined } });
    const { run, findings } = await findingsOf(job, ['--trust-policy', job.write('trust.json', policyFor(main))]);
    expect(findings('trust-policy')[0]?.remedies[0]).toMatch(/--aud .* --sub/);
    expect(run.exitCode).toBe(3);
  });

  it('judges by --claims', async () => {
    const job = startJob(aws(), { environment: { SEMAPHORE_OIDC_TOKEN: undefined } });
    const policy = job.write('trust.json', policyFor(main));
    const claims = job.write('claims.json', JSON.stringify({ iss: issuer, aud: issuer, sub: main }));
    const { statuses } = await findingsOf(job, ['--trust-policy', policy, '--claims', claims]);
    expect(statuses('trust-policy')).toEqual(['ok policy-decision']);
  });

  it.each([
    ['a policy that is none', '{', 5],
    ['a policy with a trailing comma', policyFor(main).replace('}}}]', '}},}]'), 5],
  ])('%s', async (_, text, exitCode) => {
    const job = startJob(aws());
    expect((await job.run(['doctor', '--trust-policy', job.write('trust.json', text)])).exitCode).toBe(exitCode);
  });

  it.each([
    ['a file that is not there', ['--trust-policy', '/nowhere.json'], 4, /Cannot read "\/nowhere.json" \(ENOENT\)/],
    ['claims without a policy', ['--sub', 'x'], 2, /--claims need --trust-policy/],
    ['a subject without an audience', ['--trust-policy', 'FILE', '--sub', 'x'], 2, /--aud https/],
    ['claims that are none', ['--trust-policy', 'FILE', '--claims', 'FILE2'], 2, /not a JSON object/],
    ['a token in place of its claims', ['--trust-policy', 'FILE', '--claims', 'TOKEN'], 2, /not the token/],
  ])('%s is refused', async (_, args, exitCode, says) => {
    const job = startJob(aws(), { environment: { SEMAPHORE_OIDC_TOKEN: undefined } });
    const files = new Map([
      ['FILE', job.write('trust.json', policyFor(main))],
      ['FILE2', job.write('claims.json', '[1]')],
      ['TOKEN', job.write('token', job.token)],
    ]);
    const run = await job.run(['doctor', ...args.map((arg) => files.get(arg) ?? arg)]);
    expect(run.exitCode).toBe(exitCode);
    expect(unwrapped(run.stderr)).toMatch(says);
    expect(run.stdout).toBe('');
  });
});

describe('the form of the report', () => {
  it('in JSON has a schema, and every finding the same members', async () => {
    const { report } = await findingsOf(startJob(aws(), { job: 'tag', tags: true }));
    expect(report.schema).toBe('sem-aws-login doctor 1');
    for (const finding of report.findings) {
      expect(Object.keys(finding)).toEqual(
        expect.arrayContaining([
          'check',
          'status',
          'exitCode',
          'kind',
          'headline',
          'cause',
          'known',
          'paste',
          'remedies',
          'data',
        ]),
      );
      if (finding.status !== 'ok') expect([...finding.remedies, finding.kind]).not.toHaveLength(0);
    }
  });

  it('has colours on a terminal, unless NO_COLOR is set, and none in a pipe', async () => {
    const job = startJob(aws());
    const colour = '\u001b[';
    expect((await job.run(['doctor'], { terminal: true })).stdout).toContain(`${colour}32mok`);
    expect((await job.run(['doctor'], { terminal: true, environment: { NO_COLOR: '1' } })).stdout).not.toContain(
      colour,
    );
    expect((await job.run(['doctor'])).stdout).not.toContain(colour);
  });

  it('keeps within 80 columns but for values to copy, which stand alone', async () => {
    const job = startJob(aws(), { job: 'fork-pull-request', tags: true });
    const file = job.write('trust.json', policyFor(main, `${issuer}/`));
    const run = await job.run(['doctor', '--role-arn', standardRoleArn, '--trust-policy', file]);
    const isCommand = (line: string) => /^ +(?:aws iam get-role|source|unset) /.test(line);
    const long = run.stdout.split('\n').filter((line) => line.length > 80 && !isCommand(line));
    expect(long.filter((line) => !/^ +(?:\w+ +)?(?:"[^"]+": )?\S+,?$/.test(line) && !/"[^"]+": /.test(line))).toEqual(
      [],
    );
  });
});
