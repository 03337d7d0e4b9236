import { expect, test } from 'vitest';
import { privateFileFailure } from '../../src/login/paths.ts';

const roots = ['/home/me/.sem-aws-login', '/tmp/sem-aws-login-1000'];
const failureFor = (value: string) => privateFileFailure({ value, source: 'AWS_CONFIG_FILE' }, roots);

test.each([
  ['/home/me/.sem-aws-login/jobs/j1/env', 'env'],
  ['/tmp/sem-aws-login-1000/jobs/j1/token', 'token'],
  ['/home/me/.sem-aws-login/jobs/j1/../j2/login.json', 'login.json'],
])('an AWS file variable cannot name %s', (value, name) => {
  expect(failureFor(value)).toEqual({
    kind: 'value-invalid',
    value,
    source: 'AWS_CONFIG_FILE',
    problem: `"${name}" is a file that sem-aws-login keeps for a job, not a config or credentials file of AWS`,
    remedy: 'unset AWS_CONFIG_FILE, or set it to a config or credentials file of AWS',
  });
});

test.each([
  '/home/me/.sem-aws-login/jobs/j1/config',
  '/home/me/.aws/config',
  '/home/me/.sem-aws-login/jobs/j1',
  '/home/me/.sem-aws-login/jobs/j1/deeper/env',
  '/home/me/.sem-aws-login/other/j1/env',
  '/home/me/.sem-aws-login/env',
  '/jobs/j1/env',
])('an AWS file variable can name %s', (value) => {
  expect(failureFor(value)).toBeUndefined();
});
