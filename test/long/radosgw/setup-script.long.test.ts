import { existsSync } from 'node:fs';
import aws from 'aws-sdk';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { claimsOf } from '../../aws-simulator/claims.ts';
import { type Job, subjectOf } from '../../aws-simulator/semaphore-job.ts';
import { runScript } from '../../setup/script-run.ts';
import { documentOf, makeScratch } from '../../setup/setup-run.ts';
import { flagsOf, jobsToAllow, jobsToDeny, type WantedJobs, wantedJobs } from '../../setup/wanted-jobs.ts';
import { skipped } from '../../skips.ts';
import { missingPrograms, type Radosgw, startRadosgw } from './cluster.ts';
import { login, startFront, thumbprintOf } from './judge.ts';

const missing = [...missingPrograms(), ...(existsSync('/usr/bin/aws') ? [] : ['aws'])];
if (missing.length > 0) skipped('the setup script run on radosgw', `no ${missing.join(', ')}`);

// The issuer here belongs to this organization. radosgw 16 tries only the first match after a "*",
// so the local STS tests patterns with text after one.
const examples = fc
  .sample(wantedJobs, { numRuns: 100, seed: 20_261_122 })
  .filter(({ branches, tags }) => [...branches, ...tags].every((name) => !/\*./.test(name)))
  .map((wanted): WantedJobs => ({ ...wanted, organization: 'acme', domain: 'semaphoreci.com' }));
const chosen = [
  ...examples.filter((wanted) => wanted.branches.length > 0).slice(0, 5),
  ...examples.filter((wanted) => wanted.tags.length > 0 && wanted.repository === undefined).slice(0, 3),
  ...examples.filter((wanted) => wanted.pullRequests && wanted.sessionTags).slice(0, 2),
];

// Two bugs of radosgw 16: it reads the "+" for a space as a plus, and the AWS CLI cannot parse its
// NoSuchEntity.
function clientOf({ url }: Radosgw): string {
  return `#!/bin/sh
for argument in "$@"; do
  shift
  set -- "$@" "$(printf %s "$argument" | tr -d ' \\n')"
done
/usr/bin/aws --endpoint-url ${url} "$@" 2>"$HOME/said" && exit
code=$?
sed 's/(Unknown) when calling the GetRole/(NoSuchEntity) when calling the GetRole/' "$HOME/said" >&2
exit "$code"
`;
}

describe.skipIf(missing.length > 0)('the script of setup, run on radosgw by the AWS CLI', () => {
  let radosgw: Radosgw;
  let front: Awaited<ReturnType<typeof startFront>>;

  beforeAll(async () => {
    radosgw = await startRadosgw();
    front = await startFront();
    // radosgw answers with an error if there are no providers; AWS does not.
    const { url: endpoint, accessKeyId, secretAccessKey } = radosgw;
    const other = { Url: 'http://127.0.0.1:1', ClientIDList: ['x'], ThumbprintList: ['0'.repeat(40)] };
    await new aws.IAM({ endpoint, region: 'us-east-1', accessKeyId, secretAccessKey })
      .createOpenIDConnectProvider(other)
      .promise();
  });

  afterAll(async () => {
    await front?.close();
    await radosgw?.close();
  });

  async function runOnRadosgw(wanted: WantedJobs, role: string): Promise<string> {
    using scratch = makeScratch();
    const thumbprint = ['--thumbprint', await thumbprintOf(front.issuer)];
    const script = await documentOf([...flagsOf(wanted), '--format', 'aws-cli', '--role-name', role, ...thumbprint]);
    // The issuer is on loopback with a port and without TLS. AWS and setup reject that.
    const local = script
      .replaceAll('https://acme.semaphoreci.com', front.url)
      .replaceAll('acme.semaphoreci.com', new URL(front.url).host);
    const { exitCode, stdout, stderr } = await runScript(['sh'], local, scratch.path, clientOf(radosgw), {
      ...{ AWS_ACCESS_KEY_ID: radosgw.accessKeyId, AWS_SECRET_ACCESS_KEY: radosgw.secretAccessKey },
      ...{ AWS_DEFAULT_REGION: 'us-east-1', AWS_EC2_METADATA_DISABLED: 'true', LC_ALL: 'C.UTF-8' },
    });
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    return stdout;
  }

  function judged(job: Job, wanted: WantedJobs, role: string) {
    const issuer = { iss: front.url, aud: front.url };
    const claims = { ...claimsOf(job, Math.floor(Date.now() / 1000), wanted.sessionTags), ...issuer };
    return login(radosgw.url, role, front.issuer.mint(job, { claims }));
  }

  it.each(chosen.map((wanted, index) => [index, wanted] as const))(
    'allows the requested jobs and no others, run once and run twice: %# %j',
    async (index, wanted) => {
      const role = `setup-${index}`;
      const allowedJobs = jobsToAllow(wanted);
      const subjects = new Set(allowedJobs.map(subjectOf));
      // There is only one issuer, so tokens of others differ in the subject at most.
      const others = jobsToDeny(wanted).filter((job) => !subjects.has(subjectOf(job)));
      const first = await runOnRadosgw(wanted, role);
      expect(first).toBe(`arn:aws:iam:::role/${role}\n`);
      for (const run of ['once', 'twice']) {
        if (run === 'twice') expect(await runOnRadosgw(wanted, role)).toBe(first);
        for (const job of allowedJobs) expect(await judged(job, wanted, role), subjectOf(job)).toBe('allowed');
        for (const job of others) expect(await judged(job, wanted, role), subjectOf(job)).toBe('refused');
      }
    },
  );
});
