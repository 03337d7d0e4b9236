import { describe, expect, it } from 'vitest';
import { parseTrustPolicy } from '../../src/trust/policy-parser.ts';
import type { PolicyFault } from '../../src/trust/trust-policy.ts';
import { MAIN, PROVIDER, policyText, SUB, statement } from './semaphore-policy.ts';

function wrongType(element: string, wanted: string, pointer: string, column?: number): Partial<PolicyFault> {
  return { kind: 'wrong-type', element, wanted, pointer, ...(column !== undefined && { line: 1, column }) };
}

function missing(element: string, pointer: string, column: number): Partial<PolicyFault> {
  return { kind: 'missing-element', element, pointer, line: 1, column };
}

// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
const FAULTS: readonly (readonly [
  name: string,
  text: string,
  one: Partial<PolicyFault>,
  ...more: Partial<PolicyFault>[],
])[] = [
  ['nothing', '', { kind: 'syntax', found: '', line: 1, column: 1 }],
  ['a missing end', '{\n  "Statement": [', { kind: 'syntax', found: '', line: 2, column: 17 }],
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
  ['endless nesting', '['.repeat(1e5), { kind: 'too-deep', line: 1, column: 65 }],
  [
    'a key twice',
    '{ "Version": "2012-10-17",\n  "Version": "2012-10-17", "Statement": [] }',
    { kind: 'duplicate-key', name: 'Version', line: 2, column: 3 },
    { kind: 'missing-element', element: 'Statement', pointer: '/Statement', line: 2, column: 41 },
  ],
  ['another document', '{ "Resources": {} }', { kind: 'not-a-policy', line: 1, column: 1 }],
  ['a list', '[]', { kind: 'not-a-policy', line: 1, column: 1 }],
  [
    'an unknown version',
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
    'an unknown element',
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
    'an unknown type of principal',
    policyText(statement({ Principal: { OIDC: PROVIDER } })),
    { kind: 'unknown-element', element: 'OIDC', pointer: '/Statement/Principal/OIDC', line: 6, column: 7 },
  ],
  [
    'a condition without an operator',
    policyText(statement({ Condition: { [SUB]: MAIN } })),
    { kind: 'wrong-type', element: SUB, wanted: 'an object', pointer: `/Statement/Condition/${SUB}`, line: 10 },
  ],
  [
    'several faults, in the order of the text',
    '{ "Note": 1,\n"Statement": { "Effect": "x", "Effect": "Allow", "Principal": "*", "Action": "*", }\n, "Id": "", }',
    { kind: 'unknown-element', element: 'Note', line: 1 },
    { kind: 'wrong-value', element: 'Effect', line: 2, column: 26 },
    { kind: 'duplicate-key', name: 'Effect', line: 2, column: 31 },
    { kind: 'trailing-comma', line: 2 },
    { kind: 'trailing-comma', line: 3 },
  ],
  [
    'an element twice',
    '{ "Statement": { "Effect": "Allow", "Principal": "*", "Action": "a", "Action": "b" } }',
    { kind: 'duplicate-key', name: 'Action' },
  ],
  ['no effect', '{ "Statement": { "Principal": "*", "Action": "*" } }', missing('Effect', '/Statement', 16)],
  ['no statement', '{ "Statement": [] }', missing('Statement', '/Statement', 16)],
  ['a statement that is text', '{ "Statement": "x" }', wrongType('Statement', 'an object', '/Statement', 16)],
  ['a list of text', '{ "Statement": ["x"] }', wrongType('Statement', 'an object', '/Statement/0', 17)],
  [
    'an element beside the statements',
    policyText(statement()).replace('"Version"', '"Id": 1, "Note": 2, "Version"'),
    { kind: 'unknown-element', element: 'Note', pointer: '/Note', line: 2, column: 12 },
  ],
  [
    'all resources but one',
    policyText(statement({ NotResource: '*' })),
    { kind: 'prohibited-element', element: 'NotResource', pointer: '/Statement' },
  ],
  [
    'an element whose name looks like one',
    policyText(statement({ 'a/b~c': 1, Resources: 2, AnyResource: 3 })),
    { kind: 'unknown-element', element: 'a/b~c', pointer: '/Statement/a~1b~0c' },
    { kind: 'unknown-element', element: 'Resources' },
    { kind: 'unknown-element', element: 'AnyResource' },
  ],
  [
    'principal and its opposite',
    policyText(statement({ NotPrincipal: '*' })),
    { kind: 'contradicting-element', element: 'NotPrincipal', pointer: '/Statement' },
  ],
  [
    'a principal that is a list',
    policyText(statement({ Principal: [] })),
    wrongType('Principal', 'an object such as { "Federated": … }, or "*"', '/Statement/Principal'),
  ],
  [
    'a condition that is text',
    policyText(statement({ Condition: 'x' })),
    wrongType('Condition', 'an object', '/Statement/Condition'),
  ],
  [
    'an action that is a number',
    policyText(statement({ Action: 1 })),
    wrongType('Action', 'a string, or a list of strings', '/Statement/Action'),
  ],
  [
    'an action in a list of lists',
    policyText(statement({ Action: ['sts:*', ['sts:*'], {}] })),
    wrongType('Action', 'a string, or a list of strings', '/Statement/Action/1'),
    wrongType('Action', 'a string, or a list of strings', '/Statement/Action/2'),
  ],
  [
    'a version that is a number',
    '{ "Version": 2012, "Statement": {} }',
    { kind: 'wrong-value', element: 'Version', found: '2012', pointer: '/Version', line: 1, column: 14 },
    ...['Effect', 'Principal', 'Action'].map((element) => missing(element, '/Statement', 33)),
  ],
  [
    'null for a value',
    policyText(statement({ Condition: { StringEquals: { 'aws:RequestTag/a~b': [null] } } })),
    { kind: 'wrong-type', pointer: '/Statement/Condition/StringEquals/aws:RequestTag~1a~0b/0', line: 12, column: 11 },
  ],
];

describe('a text that is not a trust policy', () => {
  it.each(FAULTS.map(([name, text, ...faults]) => ({ name, text, faults })))('$name', ({ text, faults }) => {
    const reading = parseTrustPolicy(text);
    expect(reading.faults).toMatchObject(faults);
    expect(reading.policy).toBeUndefined();
  });

  it('is read despite trailing commas, which are reported', () => {
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
  it('keeps the location of each part', () => {
    const text = policyText([statement({ Sid: 'Main' })]);
    const [one] = parseTrustPolicy(text).policy?.statements ?? [];
    const condition = one?.conditions[1];
    expect(one).toMatchObject({ index: 0, sid: 'Main', effect: 'Allow', at: { pointer: '/Statement/0', line: 4 } });
    expect(condition).toMatchObject({ key: SUB, at: { line: 13, column: 11 } });
    expect(condition?.at.pointer).toBe(`/Statement/0/Condition/StringEquals/${SUB}`);
    expect(condition?.values[0]?.at).toMatchObject({ line: 13, column: 39 });
  });

  const onlyStatement = (changes: Record<string, unknown>, version?: string) => {
    const { policy, faults } = parseTrustPolicy(policyText(statement(changes), version));
    expect(faults).toEqual([]);
    return policy;
  };

  it.each<readonly [what: string, changes: Record<string, unknown>, read: object]>([
    ['one statement without a list', {}, { index: 0, sid: undefined, at: { pointer: '/Statement' } }],
    ['a Sid that is not a string', { Sid: 1 }, { sid: undefined }],
    ['an Action', {}, { action: { negated: false, patterns: ['sts:AssumeRoleWithWebIdentity'] } }],
    ['a NotAction', { Action: undefined, NotAction: ['a', 'b'] }, { action: { negated: true, patterns: ['a', 'b'] } }],
    ['everyone', { Principal: '*' }, { principal: { negated: false, everyone: true, entries: [] } }],
    [
      'a NotPrincipal',
      { Principal: undefined, NotPrincipal: { AWS: '1' } },
      { principal: { negated: true, everyone: false, entries: [{ type: 'AWS', value: '1' }] } },
    ],
    [
      'all types of principal',
      { Principal: { AWS: ['1', '2'], Federated: '3', Service: '4', CanonicalUser: '5' } },
      {
        principal: {
          entries: [
            { type: 'AWS', value: '1', at: { pointer: '/Statement/Principal/AWS/0' } },
            { type: 'AWS', value: '2', at: { pointer: '/Statement/Principal/AWS/1' } },
            { type: 'Federated', value: '3', at: { pointer: '/Statement/Principal/Federated' } },
            { type: 'Service', value: '4' },
            { type: 'CanonicalUser', value: '5' },
          ],
        },
      },
    ],
    [
      'values that are not strings, as their text',
      { Condition: { StringEquals: { a: [true, 1.5, 'x'], b: false } } },
      {
        conditions: [
          { key: 'a', listed: true, values: [{ text: 'true' }, { text: '1.5' }, { text: 'x' }] },
          { key: 'b', listed: false, values: [{ text: 'false' }] },
        ],
      },
    ],
    ['no condition', { Condition: undefined }, { conditions: [] }],
  ])('is read: %s', (_what, changes, read) => {
    expect(onlyStatement(changes)?.statements).toMatchObject([read]);
  });

  it.each([
    ['', '2008-10-17'],
    ['2008-10-17', '2008-10-17'],
    ['2012-10-17', '2012-10-17'],
  ])('of version %j is one of %s', (version, read) => {
    expect(onlyStatement({}, version)?.version).toBe(read);
  });
});
