import { expect, test } from 'vitest';
import { shownLine } from '../../src/profile/shown-line.ts';

const secret = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY';

test.each([
  ['aws_secret_access_key = short', 'aws_secret_access_key = ***'],
  [`  AWS_SECRET_ACCESS_KEY=${secret}`, '  AWS_SECRET_ACCESS_KEY= ***'],
  ['aws_session_token: abc', 'aws_session_token: ***'],
  ['aws_access_key_id = AKIAIOSFODNN7EXAMPLE', 'aws_access_key_id = ***'],
  [secret, '***'],
  [`key = ${secret} # old`, 'key = *** # old'],
  ['region = eu-central-1 # why', 'region = eu-central-1 # why'],
  ['[profile deploytotheproductionaccount]', '[profile deploytotheproductionaccount]'],
  ['x '.repeat(200), 'x '.repeat(100)],
])('%s is shown as %s', (line, shown) => {
  expect(shownLine(line)).toBe(shown);
});
