import { expect, test } from 'vitest';
import { redactedLine } from '../../src/config-file/check.ts';

const secret = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY';

const named = ['secret', 'secret_key', 'access_key', 'access_key_id', 'session_token', 'security_token'];

test.each(named)('the value of %s is redacted', (name) => {
  expect(redactedLine(`${name} = x`)).toBe(`${name} = ***`);
  expect(redactedLine(`aws_${name}\t=\tx y`)).toBe(`aws_${name}\t= ***`);
});

test.each([
  ['aws_secret_access_key = short', 'aws_secret_access_key = ***'],
  [`  AWS_SECRET_ACCESS_KEY=${secret}`, '  AWS_SECRET_ACCESS_KEY= ***'],
  ['aws_session_token: abc', 'aws_session_token: ***'],
  ['aws_access_key_id = AKIAIOSFODNN7EXAMPLE', 'aws_access_key_id = ***'],
  ['aws_secret_access_key = x\ry', 'aws_secret_access_key = ***'],
  ['my_secret = x', 'my_secret = x'],
  ['session_token_duration = 900', 'session_token_duration = 900'],
  ['# secret = x', '# secret = x'],
  [secret, '***'],
  [`key = ${'a'.repeat(19)}`, `key = ${'a'.repeat(19)}`],
  [`key = ${'a'.repeat(20)} ${'A0+/='.repeat(4)}`, 'key = *** ***'],
  [`key = ${secret} # old`, 'key = *** # old'],
  ['region = eu-central-1 # why', 'region = eu-central-1 # why'],
  ['[profile deploytotheproductionaccount]', '[profile deploytotheproductionaccount]'],
  ['x '.repeat(100), 'x '.repeat(100)],
  ['x '.repeat(200), 'x '.repeat(100)],
  [` [${'a'.repeat(20)}`, ' [***'],
])('%s is redacted to %s', (line, redacted) => {
  expect(redactedLine(line)).toBe(redacted);
});
