import { describe, expect, it } from 'vitest';
import { parseTrustPolicy } from '../../src/trust/policy-parser.ts';
import { policyTextOf } from '../../src/trust/policy-text.ts';
import type { PolicyFault } from '../../src/trust/trust-policy.ts';
import { AUD, ISSUER, MAIN, PROVIDER, policyText, SUB, statement } from './semaphore-policy.ts';

// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
const FAULTS: readonly (readonly [
  name: string,
  text: string,
  one: Partial<PolicyFault>,
  ...more: Partial<PolicyFault>[],
])[] = [
  ['nothing', '', { kind: 'syntax', found: '', line: 1, column: 1 }],
  ['no end', '{\n  "Statement": [', { kind: 'syntax', found: '', line: 2, column: 17 }],
  ['a bare word', '{\n  Statement: []\n}', { kind: 'syntax', found: 'Statement', line: 2, column: 3 }],
  ['single quotes', "{ 'Statement': [] }", { kind: 'syntax', found: "'", line: 1, column: 3 }],
  ['a comment', '// mine\n{}', { kind: 'syntax', found: '/', line: 1, column: 1 }],
  [
    'a missing comma',
    '{ "Version": "2012-10-17" "Statement": [] }',
    { kind: 'syntax', found: '"', line: 1, column: 27 },
  ],
  ['more after the end', '{} }', { kind: 'syntax', found: '}', line: 1, column: 4 }],
  ['a line break in a string', '{ "Statement": "a\nb" }', { kind: 'syntax', found: '\n', line: 1, column: 18 }],
  ['lines that end in CR LF', '{\r\n\r\n  x }', { kind: 'syntax', found: 'x', line: 3, column: 3 }],
  ['nesting without end', '['.repeat(1e5), { kind: 'too-deep', line: 1, column: 65 }],
  [
    'a key twice',
    '{ "Version": "2012-10-17",\n  "Version": "2012-10-17", "Statement": [] }',
    { kind: 'duplicate-key', name: 'Version', line: 2, column: 3 },
    { kind: 'missing-element', element: 'Statement', pointer: '/Statement', line: 2, column: 41 },
  ],
  ['another document', '{ "Resources": {} }', { kind: 'not-a-policy', line: 1, column: 1 }],
  ['a list', '[]', { kind: 'not-a-policy', line: 1, column: 1 }],
  [
    'a version that is none',
    policyText(statement(), '2012-10-18'),
    { kind: 'wrong-value', element: 'Version', found: '"2012-10-18"', pointer: '/Version', line: 2, column: 14 },
  ],
  [
    'an effect in another case',
    policyText(statement({ Effect: 'allow' })),
    { kind: 'wrong-value', element: 'Effect', found: '"allow"', pointer: '/Statement/Effect', line: 4, column: 15 },
  ],
  [
    'no effect, principal and action',
    '{ "Statement": [{}] }',
    { kind: 'missing-element', element: 'Effect', pointer: '/Statement/0', line: 1, column: 17 },
    { kind: 'missing-element', element: 'Principal', pointer: '/Statement/0', line: 1, column: 17 },
    { kind: 'missing-element', element: 'Action', pointer: '/Statement/0', line: 1, column: 17 },
  ],
  [
    'an element that is none',
    policyText(statement({ Conditions: {} })),
    { kind: 'unknown-element', element: 'Conditions', pointer: '/Statement/Conditions', line: 15 },
  ],
  [
    'a resource',
    policyText(statement({ Resource: '*' })),
    { kind: 'prohibited-element', element: 'Resource', pointer: '/Statement', line: 15 },
  ],
  [
    'action and its opposite',
    policyText(statement({ NotAction: 'sts:*' })),
    { kind: 'contradicting-element', element: 'NotAction', line: 15 },
  ],
  [
    'a principal without a type',
    policyText(statement({ Principal: PROVIDER })),
    { kind: 'wrong-type', element: 'Principal', pointer: '/Statement/Principal', line: 5, column: 18 },
  ],
  [
    'a type of principal that is none',
    policyText(statement({ Principal: { OIDC: PROVIDER } })),
    { kind: 'unknown-element', element: 'OIDC', pointer: '/Statement/Principal/OIDC', line: 6, column: 7 },
  ],
  [
    'a condition without an operator',
    policyText(statement({ Condition: { [SUB]: MAIN } })),
    { kind: 'wrong-type', element: SUB, wanted: 'an object', pointer: `/Statement/Condition/${SUB}`, line: 10 },
  ],
  [
    'null for a value',
    policyText(statement({ Condition: { StringEquals: { 'aws:RequestTag/a~b': [null] } } })),
    { kind: 'wrong-type', pointer: '/Statement/Condition/StringEquals/aws:RequestTag~1a~0b/0', line: 12, column: 11 },
  ],
];

describe('a text that is no trust policy', () => {
  it.each(FAULTS.map(([name, text, ...faults]) => ({ name, text, faults })))('$name', ({ text, faults }) => {
    const reading = parseTrustPolicy(text);
    expect(reading.faults).toMatchObject(faults);
    expect(reading.policy).toBeUndefined();
  });

  it('names trailing commas as such, and reads the rest', () => {
    const text = `{ "Statement": {\n  "Effect": "Allow",\n  "Principal": "*",\n  "Action": ["*",],\n} }`;
    const { policy, faults } = parseTrustPolicy(text);
    expect(faults).toEqual([
      { kind: 'trailing-comma', line: 4, column: 17 },
      { kind: 'trailing-comma', line: 4, column: 19 },
    ]);
    expect(policy?.statements).toHaveLength(1);
  });
});

describe('a trust policy', () => {
  it('keeps where each of its parts stands', () => {
    const text = policyText([statement({ Sid: 'Main' })]);
    const [one] = parseTrustPolicy(text).policy?.statements ?? [];
    const condition = one?.conditions[1];
    expect(one).toMatchObject({ index: 0, sid: 'Main', effect: 'Allow', at: { pointer: '/Statement/0', line: 4 } });
    expect(condition).toMatchObject({ key: SUB, at: { line: 13, column: 11 } });
    expect(condition?.at.pointer).toBe(`/Statement/0/Condition/StringEquals/${SUB}`);
    expect(condition?.values[0]?.at).toMatchObject({ line: 13, column: 39 });
  });

  const document = policyText(statement());
  const role = (policy: unknown) => ({
    Role: { Arn: 'arn:aws:iam::123456789012:role/deploy', AssumeRolePolicyDocument: policy },
  });
  const FORMS: readonly (readonly [name: string, raw: string, decoded: boolean, roleArn?: string])[] = [
    ['the document', document, false],
    ['with a byte order mark', `\uFEFF${document}`, false],
    ['aws iam get-role', JSON.stringify(role(JSON.parse(document)), null, 4), false, role('').Role.Arn],
    ['aws iam get-role --query Role', JSON.stringify(role(JSON.parse(document)).Role), false, role('').Role.Arn],
    ['get-role with an encoded document', JSON.stringify(role(encodeURIComponent(document))), true, role('').Role.Arn],
    ['URL-encoded', encodeURIComponent(document), true],
    ['URL-encoded with blanks around', `\n${encodeURIComponent(` ${document}`)}\n`, true],
    ['a JSON string', JSON.stringify(document), true],
    ['a JSON string, URL-encoded', JSON.stringify(encodeURIComponent(document)), true],
  ];
  const forms = FORMS.map(([name, raw, decoded, roleArn]) => ({ name, raw, decoded, roleArn }));
  it.each(forms)('is found in this form: $name', ({ raw, decoded, roleArn }) => {
    const found = policyTextOf(raw);
    const { policy, faults } = parseTrustPolicy(found.text);
    expect(faults).toEqual([]);
    expect(policy?.statements[0]?.conditions.map((condition) => condition.values[0]?.text)).toEqual([ISSUER, MAIN]);
    expect(found).toMatchObject({ decoded, ...(roleArn && { roleArn }) });
  });

  it('keeps the lines of the file that the document stands in', () => {
    const raw = JSON.stringify(role(JSON.parse(document)), null, 4);
    const condition = parseTrustPolicy(policyTextOf(raw).text).policy?.statements[0]?.conditions[0];
    expect(raw.split('\n')[(condition?.at.line ?? 0) - 1]?.slice((condition?.at.column ?? 0) - 1)).toBe(
      `"${AUD}": "${ISSUER}",`,
    );
  });
});
