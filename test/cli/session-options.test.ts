import { describe, expect, test } from 'vitest';
import { parseLoginRequest } from '../../src/cli/login-request.ts';
import { parseSessionOptions } from '../../src/cli/session-options.ts';
import { makeRoleChain } from '../../src/sts/role-chain.ts';
import type { Environment } from '../../src/world/world.ts';
import { failureOf } from '../failing.ts';
import { invocationOf } from './invocation.ts';

const deploy = 'arn:aws:iam::123456789012:role/deploy';
const audit = 'arn:aws:iam::210987654321:role/audit';
const last = 'arn:aws:iam::345678901234:role/last';
const onward = ['--then-role-arn', audit];
const readOnly = 'arn:aws:iam::aws:policy/ReadOnlyAccess';

function options(argv: readonly string[], environment: Environment = {}) {
  return invocationOf('login', ['--role-arn', deploy, ...argv], environment).options;
}

const session = (argv: readonly string[], environment?: Environment) => parseSessionOptions(options(argv, environment));

describe('the options of a session', () => {
  const none = {
    durationSeconds: undefined,
    policyFile: undefined,
    policyArns: [],
    further: [],
    externalId: undefined,
    sourceIdentity: undefined,
    tags: [],
    transitiveTags: [],
  };
  const rows: readonly (readonly [readonly string[], object])[] = [
    [[], none],
    [['--duration', '900'], { durationSeconds: 900 }],
    [['--duration', '43200'], { durationSeconds: 43_200 }],
    [[...onward, '--duration', '3600'], { durationSeconds: 3600 }],
    [['--session-policy', 'policies/own.json'], { policyFile: 'policies/own.json' }],
    [['--session-policy-arn', readOnly], { policyArns: [readOnly] }],
    [
      ['--session-policy-arn', readOnly, '--session-policy-arn', 'arn:aws-cn:iam::123456789012:policy/a/path/own'],
      { policyArns: [readOnly, 'arn:aws-cn:iam::123456789012:policy/a/path/own'] },
    ],
    [[...onward, '--then-role-arn', last], { further: [{ name: 'audit' }, { name: 'last' }] }],
    [[...onward, '--external-id', 'a:/B_9+=,.@-'], { externalId: 'a:/B_9+=,.@-' }],
    [[...onward, '--external-id', 'x'.repeat(1224)], { externalId: 'x'.repeat(1224) }],
    [[...onward, '--source-identity', 'semaphore'], { sourceIdentity: 'semaphore' }],
    [
      [...onward, '--session-tag', 'team=web', '--session-tag', 'cost='],
      {
        tags: [
          ['team', 'web'],
          ['cost', ''],
        ],
      },
    ],
    [[...onward, '--session-tag', 'a=b=c'], { tags: [['a', 'b=c']] }],
    [[...onward, '--session-tag', 'größe=über alles'], { tags: [['größe', 'über alles']] }],
    [[...onward, '--session-tag', 'k=v', '--transitive-tag', 'k'], { transitiveTags: ['k'] }],
  ];
  test.each(rows)('%j', (argv, expected) => {
    expect(session(argv)).toMatchObject(expected);
  });

  test('a variable separates the values of a list by commas', () => {
    const environment = {
      SEM_AWS_LOGIN_THEN_ROLE_ARN: `${audit},${last}`,
      SEM_AWS_LOGIN_SESSION_TAG: 'team=web,stage=prod',
      SEM_AWS_LOGIN_TRANSITIVE_TAG: 'stage',
    };
    expect(session([], environment)).toMatchObject({
      further: [{ name: 'audit' }, { name: 'last' }],
      tags: [
        ['team', 'web'],
        ['stage', 'prod'],
      ],
      transitiveTags: ['stage'],
    });
  });

  const manyTags = Array.from({ length: 51 }, (_, index) => ['--session-tag', `k${index}=v`]).flat();
  const manyPolicies = Array.from({ length: 11 }, () => ['--session-policy-arn', readOnly]).flat();
  const refused: readonly (readonly [readonly string[], string, RegExp])[] = [
    [['--duration', '899'], '--duration', /not a number of seconds in the allowed range/],
    [['--duration', '43201'], '--duration', /not a number of seconds in the allowed range/],
    [['--duration', '1h'], '--duration', /not a number of seconds in the allowed range/],
    [[...onward, '--duration', '3601'], '--duration', /limits the session of a chained role to one hour/],
    [manyPolicies, '--session-policy-arn', /11 policies, and a session takes 10/],
    [['--session-policy-arn', 'ReadOnlyAccess'], '--session-policy-arn', /not a managed policy's ARN/],
    [['--session-policy-arn', deploy], '--session-policy-arn', /not a managed policy's ARN/],
    [['--external-id', 'abc'], '--external-id', /does not support it/],
    [['--source-identity', 'abc'], '--source-identity', /does not support it/],
    [['--session-tag', 'a=b'], '--session-tag', /does not support it/],
    [['--transitive-tag', 'a'], '--transitive-tag', /does not support it/],
    [[...onward, '--external-id', 'x'], '--external-id', /2 to 1224/],
    [[...onward, '--external-id', 'x'.repeat(1225)], '--external-id', /2 to 1224/],
    [[...onward, '--external-id', 'a b'], '--external-id', /2 to 1224/],
    [[...onward, '--external-id', 'ab\n'], '--external-id', /2 to 1224/],
    [[...onward, '--source-identity', 'x'], '--source-identity', /2 to 64/],
    [[...onward, '--source-identity', 'aws:x'], '--source-identity', /2 to 64/],
    [[...onward, '--session-tag', 'team'], '--session-tag', /with "=" between/],
    [[...onward, '--session-tag', '=web'], '--session-tag', /1 to 128 characters/],
    [[...onward, '--session-tag', `${'k'.repeat(129)}=v`], '--session-tag', /1 to 128 characters/],
    [[...onward, '--session-tag', `k=${'v'.repeat(257)}`], '--session-tag', /up to 256/],
    [[...onward, '--session-tag', 'k=a;b'], '--session-tag', /letters, digits/],
    [[...onward, '--session-tag', 'AWS:k=v'], '--session-tag', /1 to 128 characters/],
    [[...onward, '--session-tag', 'k=v', '--session-tag', 'K=w'], '--session-tag', /is given twice/],
    [[...onward, ...manyTags], '--session-tag', /50 tags at most/],
    [[...onward, '--session-tag', 'k=v', '--transitive-tag', 'K'], '--transitive-tag', /no --session-tag has this key/],
    [['--then-role-arn', 'audit'], '--then-role-arn', /not an ARN/],
  ];
  test.each(refused)('%j is refused', (argv, source, problem) => {
    expect(failureOf(() => session(argv))).toMatchObject({
      kind: 'value-invalid',
      source,
      problem: expect.stringMatching(problem),
    });
  });
});

describe('the options of a chain are distributed over its roles', () => {
  const chainOf = (argv: readonly string[], policy?: string) => {
    const { roles, session } = parseLoginRequest(options(argv), {}, 'linux');
    return makeRoleChain(roles[0].role, 'job', session, policy);
  };
  const plain = {
    sessionName: 'job',
    durationSeconds: undefined,
    policy: undefined,
    policyArns: [],
    externalId: undefined,
    sourceIdentity: undefined,
    tags: [],
    transitiveTags: [],
  };

  test('a single role gets duration and policies', () => {
    expect(chainOf(['--duration', '900', '--session-policy-arn', readOnly], '{"Statement":[]}')).toEqual({
      first: {
        ...plain,
        roleArn: deploy,
        durationSeconds: 900,
        policy: '{"Statement":[]}',
        policyArns: [readOnly],
      },
      further: [],
    });
  });

  const everything = [
    ...['--duration', '1800', '--session-policy-arn', readOnly, '--external-id', 'the-id', '--source-identity', 'me'],
    ...['--session-tag', 'team=web', '--session-tag', 'stage=prod', '--transitive-tag', 'stage'],
  ];

  test('a single further role gets all of them, the first role none', () => {
    expect(chainOf([...onward, ...everything], '{}')).toEqual({
      first: { ...plain, roleArn: deploy },
      further: [
        {
          ...plain,
          roleArn: audit,
          durationSeconds: 1800,
          policy: '{}',
          policyArns: [readOnly],
          externalId: 'the-id',
          sourceIdentity: 'me',
          tags: [
            ['team', 'web'],
            ['stage', 'prod'],
          ],
          transitiveTags: ['stage'],
        },
      ],
    });
  });

  test('of two further roles, the first gets what AWS passes on, the last what shapes its own session', () => {
    expect(chainOf([...onward, '--then-role-arn', last, ...everything], '{}').further).toEqual([
      { ...plain, roleArn: audit, sourceIdentity: 'me', tags: [['stage', 'prod']], transitiveTags: ['stage'] },
      {
        ...plain,
        roleArn: last,
        durationSeconds: 1800,
        policy: '{}',
        policyArns: [readOnly],
        externalId: 'the-id',
        tags: [['team', 'web']],
      },
    ]);
  });
});

describe('several roles', () => {
  const request = (argv: readonly string[], environment: Environment = {}) => {
    return parseLoginRequest(invocationOf('login', argv, environment).options, environment, 'linux');
  };

  test('each has its profile, and one profile can be the default', () => {
    expect(request(['--role', `prod=${deploy}`, '--role', `default=${audit}`])).toMatchObject({
      several: true,
      roles: [
        { profile: 'prod', role: { text: deploy } },
        { profile: 'default', role: { text: audit } },
      ],
    });
  });

  test('a variable separates them by commas', () => {
    expect(request([], { SEM_AWS_LOGIN_ROLE: `a=${deploy},b=${audit}` }).roles.map(({ profile }) => profile)).toEqual([
      'a',
      'b',
    ]);
  });

  const inChina = 'arn:aws-cn:iam::123456789012:role/deploy';
  test.each([
    [['--role', deploy], { kind: 'value-invalid', source: '--role', problem: expect.stringContaining('no "="') }],
    [['--role', 'prod=deploy'], { kind: 'value-invalid', value: 'deploy' }],
    [['--role', `a b=${deploy}`], { kind: 'value-invalid', value: 'a b' }],
    [['--role', `=${deploy}`], { kind: 'value-invalid', value: '' }],
    [
      ['--role', `a=${deploy}`, '--role', `a=${audit}`],
      { kind: 'value-invalid', value: `a=${audit}`, problem: expect.stringContaining('"a" already') },
    ],
    [['--role', `a=${deploy}`, '--role-arn', audit], { kind: 'flags-conflict', flags: ['--role', '--role-arn'] }],
    [['--role', `a=${deploy}`, '--profile', 'b'], { kind: 'flags-conflict', flags: ['--role', '--profile'] }],
    [['--role', `a=${deploy}`, ...onward], { kind: 'flags-conflict', flags: ['--role', '--then-role-arn'] }],
    [['--role', `a=${deploy}`, '--export', 'static'], { kind: 'flags-conflict', flags: ['--role', '--export static'] }],
    [['--role', `a=${deploy}`, '--role', `b=${inChina}`], { kind: 'flags-conflict', flags: [deploy, inChina] }],
    [['--role-arn', deploy, '--then-role-arn', inChina], { kind: 'flags-conflict', flags: [deploy, inChina] }],
  ])('%j is refused', (argv, facts) => {
    expect(failureOf(() => request(argv))).toMatchObject(facts);
  });
});
