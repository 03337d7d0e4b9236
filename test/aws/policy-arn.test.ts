import { describe, expect, test } from 'vitest';
import { parsePolicyArn } from '../../src/aws/arn.ts';
import { parseSessionOptions } from '../../src/cli/session-options.ts';
import { parseSetupRequest } from '../../src/cli/setup-options.ts';
import { invocationOf } from '../cli/invocation.ts';
import { failureOf } from '../failing.ts';

const own = 'arn:aws:iam::123456789012:policy/';

/** Each option that takes a managed policy, through its command's own parser. */
const options: readonly (readonly [option: string, parse: (value: string) => unknown])[] = [
  ['--session-policy-arn', (value) => parseSessionOptions(optionsOf('login', ['--session-policy-arn', value]))],
  [
    '--permissions-policy-arn',
    (value) => parseSetupRequest(optionsOf('setup', ['--permissions-policy-arn', value, '--format', 'json']), {}),
  ],
];

function optionsOf<C extends 'login' | 'setup'>(command: C, argv: readonly string[]) {
  return invocationOf(command, argv).options;
}

// https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreatePolicy.html
const policies: readonly (readonly [text: string, partition: string, account: string | undefined])[] = [
  ['arn:aws:iam::aws:policy/ReadOnlyAccess', 'aws', undefined],
  ['arn:aws:iam::aws:policy/job-function/ViewOnlyAccess', 'aws', undefined],
  ['arn:aws-us-gov:iam::aws:policy/ReadOnlyAccess', 'aws-us-gov', undefined],
  [`${own}team/a_b+c=d,e.f@g-h`, 'aws', '123456789012'],
  [`${own}a$b"c'd{e}/deploy`, 'aws', '123456789012'],
  [`${own}${'x'.repeat(128)}`, 'aws', '123456789012'],
  [`${own}${'x'.repeat(510)}/deploy`, 'aws', '123456789012'],
];

const none: readonly string[] = [
  'ReadOnlyAccess',
  'arn:aws:iam::123456789012:role/deploy',
  'arn:aws:iam::12345:policy/deploy',
  'arn:amz:iam::aws:policy/ReadOnlyAccess',
  own,
  `${own}team/`,
  `${own}my policy`,
  `${own}a$b`,
  `${own}${'x'.repeat(129)}`,
  `${own}${'x'.repeat(511)}/deploy`,
  `${own}grün/deploy`,
  ` ${own}deploy`,
  `${own}deploy\n`,
];

describe("a managed policy's ARN", () => {
  test.each(policies)('%# is one', (text, partition, account) => {
    expect(parsePolicyArn({ value: text, source: '--x' })).toEqual({ text, partition, account });
  });

  describe.each(options)('of %s', (option, parse) => {
    test.each(policies)('%# is taken', (text) => {
      expect(() => parse(text)).not.toThrow();
    });

    test.each(none)('%# is none', (value) => {
      expect(failureOf(() => parse(value))).toMatchObject({
        kind: 'value-invalid',
        source: option,
        value,
        problem: "it is not a managed policy's ARN",
      });
    });
  });
});
