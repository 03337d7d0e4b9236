import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { startJob } from '../program/job-run.ts';
import { useAws } from '../program/local-aws.ts';

const aws = useAws();
const page = readFileSync(join(import.meta.dirname, '../../docs/docker.md'), 'utf8');

/**
 * Docker reads NAME=VALUE lines literally:
 * https://docs.docker.com/reference/cli/docker/container/run/#env
 */
function readAsDocker(text: string): Record<string, string> {
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return Object.fromEntries(lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]));
}

describe('the lines of --format env', () => {
  it('mean the same to Docker and to a shell, as in the page’s Dockerfile', async () => {
    const job = startJob(aws());
    await job.login(['--duration', '900']);
    const { stdout } = await job.run(['credentials', '--format', 'env']);
    const issued = aws().sessions.issued.at(-1);
    const expected = {
      AWS_ACCESS_KEY_ID: issued?.accessKeyId,
      AWS_SECRET_ACCESS_KEY: issued?.secretAccessKey,
      AWS_SESSION_TOKEN: issued?.session?.token,
      AWS_REGION: 'eu-west-1',
      AWS_DEFAULT_REGION: 'eu-west-1',
    };
    expect(readAsDocker(stdout)).toEqual(expected);
    const [, reading = ''] = /^ {4}(set -a .*?) && \\$/m.exec(page) ?? [];
    const file = job.write('aws.env', stdout, 0o600);
    const script = `${reading.replace('/run/secrets/aws', file)} && exec env`;
    const output = execFileSync('/bin/sh', ['-c', script], { encoding: 'utf8', env: { PATH: '/usr/bin:/bin' } });
    expect(readAsDocker(output)).toMatchObject(expected);
  });

  it('are valid for Docker with any keys, because keys have only base64 characters', async () => {
    const job = startJob(aws());
    await job.login();
    const { stdout } = await job.run(['credentials', '--format', 'env']);
    expect(stdout).toMatch(/^(?:AWS_[A-Z_]+=[A-Za-z0-9+/=-]+\n)+$/);
  });
});

it('the page’s JSON is valid', () => {
  const blocks = [...page.matchAll(/^```json\n(.*?)^```$/gms)].map((match) => match[1] ?? '');
  expect(blocks.map((block) => JSON.parse(block))).toEqual([
    { credHelpers: { '123456789012.dkr.ecr.eu-west-1.amazonaws.com': 'ecr-login' } },
  ]);
});
