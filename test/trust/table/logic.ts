import { AUD, claimsOfMain, ISSUER, PROVIDER, SUB, statement } from '../semaphore-policy.ts';
import { DEV, type Row, row, TAG_BRANCH, TAGGED } from './rows.ts';

const OURS = statement();
const DENY_ALL = statement({ Effect: 'Deny', Principal: '*', Action: 'sts:*', Condition: {} });
const OPEN_IP = { IpAddress: { 'aws:SourceIp': '203.0.113.0/24' } };
const ACTION = 'sts:AssumeRoleWithWebIdentity';
const OTHER = 'arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com';

/** Statements, Allow and Deny. */
export const LOGIC: readonly Row[] = [
  row('grammar', 'one statement, not in a list', OURS, 'allowed', '#0'),
  row(
    'logic',
    'one of two statements allows',
    [statement({ Condition: { StringEquals: { [SUB]: DEV } } }), OURS],
    'allowed',
    '#1',
  ),
  row(
    'logic',
    'no statement allows: each near one is named',
    [
      statement({ Condition: { StringEquals: { [SUB]: DEV } } }),
      statement({ Condition: { StringEquals: { [AUD]: 'x' } } }),
    ],
    'refused',
    `#0 StringEquals ${SUB}`,
    `#1 StringEquals ${AUD}`,
  ),
  row(
    'logic',
    'no statement allows: another provider’s is not named',
    [
      statement({ Principal: { Federated: OTHER }, Condition: { StringEquals: { [AUD]: 'x' } } }),
      statement({ Condition: { StringEquals: { [SUB]: DEV } } }),
    ],
    'refused',
    `#1 StringEquals ${SUB}`,
  ),
  row('logic', 'an explicit Deny wins', [OURS, DENY_ALL], 'refused', '#1'),
  row('logic', 'an explicit Deny wins, whatever its place', [DENY_ALL, OURS], 'refused', '#0'),
  row(
    'logic',
    'an explicit Deny of the provider wins',
    [OURS, statement({ Effect: 'Deny', Condition: {} })],
    'refused',
    '#1',
  ),
  row(
    'logic',
    'a Deny whose condition fails',
    [OURS, statement({ Effect: 'Deny', Condition: { StringEquals: { [SUB]: DEV } } })],
    'allowed',
    '#0',
  ),
  row(
    'logic',
    'a Deny that only AWS can judge',
    [OURS, statement({ Effect: 'Deny', Condition: OPEN_IP })],
    'unknown',
    '#1 IpAddress aws:SourceIp',
  ),
  row(
    'logic',
    'a Deny that only AWS can judge, and no Allow',
    [statement({ Condition: { StringEquals: { [SUB]: DEV } } }), statement({ Effect: 'Deny', Condition: OPEN_IP })],
    'refused',
    `#0 StringEquals ${SUB}`,
  ),
  row('logic', 'an open Allow beside one that holds', [statement({ Condition: OPEN_IP }), OURS], 'allowed', '#1'),
  row(
    'logic',
    'a condition that fails beside an open one',
    statement({ Condition: { ...OPEN_IP, StringEquals: { [SUB]: DEV } } }),
    'refused',
    `#0 StringEquals ${SUB}`,
  ),
  row(
    'logic',
    'an open Deny is what an Allow that holds hangs on, not an open Allow',
    [OURS, statement({ Condition: OPEN_IP }), statement({ Effect: 'Deny', Condition: OPEN_IP })],
    'unknown',
    '#2 IpAddress aws:SourceIp',
  ),
  row(
    'logic',
    'of two unknown Allows, the one that also fails does not decide',
    [
      statement({ Condition: { ...OPEN_IP, StringEquals: { [SUB]: DEV } } }),
      statement({ Condition: { ...OPEN_IP, StringEquals: { [AUD]: ISSUER } } }),
    ],
    'unknown',
    '#1 IpAddress aws:SourceIp',
  ),
  row('logic', 'a Deny alone', [DENY_ALL], 'refused', '#0'),
  row(
    'logic',
    'a Deny alone that does not apply: nothing allows',
    [statement({ Effect: 'Deny', Principal: { Federated: OTHER } })],
    'refused',
  ),
];

/** Principals. */
export const PRINCIPALS: readonly Row[] = [
  row('principal', 'one of a list', statement({ Principal: { Federated: [OTHER, PROVIDER] } }), 'allowed', '#0'),
  row(
    'principal',
    'beside an account',
    statement({ Principal: { AWS: '123456789012', Federated: PROVIDER } }),
    'allowed',
    '#0',
  ),
  row('principal', 'everyone', statement({ Principal: '*' }), 'allowed', '#0'),
  row('principal', 'another host', statement({ Principal: { Federated: OTHER } }), 'refused', '#0 principal'),
  row(
    'principal',
    'another account',
    statement({ Principal: { Federated: PROVIDER.replace('123456789012', '210987654321') } }),
    'refused',
    '#0 principal',
  ),
  row(
    'principal',
    'another partition',
    statement({ Principal: { Federated: PROVIDER.replace('aws', 'aws-cn') } }),
    'refused',
    '#0 principal',
  ),
  row(
    'principal',
    'a wildcard in an ARN is none',
    statement({ Principal: { Federated: 'arn:aws:iam::123456789012:oidc-provider/*' } }),
    'refused',
    '#0 principal',
  ),
  row(
    'principal',
    'an account is no web identity',
    statement({ Principal: { AWS: '123456789012' } }),
    'refused',
    '#0 principal',
  ),
  row(
    'principal',
    'a provider under another type is no web identity',
    statement({ Principal: { AWS: PROVIDER } }),
    'refused',
    '#0 principal',
  ),
  {
    ...row(
      'principal',
      'a token without an issuer',
      OURS,
      'unknown',
      '#0 principal',
      `#0 StringEquals ${AUD}`,
      `#0 StringEquals ${SUB}`,
    ),
    claims: claimsOfMain({ iss: undefined }),
  },
  row(
    'principal',
    'a service is no web identity',
    statement({ Principal: { Service: 'ec2.amazonaws.com' } }),
    'refused',
    '#0 principal',
  ),
  row(
    'principal',
    '"AWS": "*": not said of web identities',
    statement({ Principal: { AWS: '*' } }),
    'unknown',
    '#0 principal',
  ),
  row(
    'principal',
    '"Federated": "*": not documented',
    statement({ Principal: { Federated: '*' } }),
    'unknown',
    '#0 principal',
  ),
  row(
    'principal',
    'another case of the host',
    statement({ Principal: { Federated: PROVIDER.replace('acme', 'Acme') } }),
    'unknown',
    '#0 principal',
  ),
  row(
    'notPrincipal',
    'a Deny with NotPrincipal',
    [OURS, { Effect: 'Deny', NotPrincipal: { Federated: PROVIDER }, Action: '*' }],
    'unknown',
    '#1 principal',
  ),
];

/** Actions, and what a token with tags needs in addition. */
export const ACTIONS: readonly Row[] = [
  ...[
    'sts:assumerolewithwebidentity',
    'STS:AssumeRoleWithWebIdentity',
    'sts:AssumeRole*',
    'sts:*',
    '*',
    'sts:AssumeRoleWithWebIdentit?',
  ].map((Action) => row('action', Action, statement({ Action }), 'allowed', '#0')),
  row('action', 'one of a list', statement({ Action: ['sts:AssumeRole', ACTION] }), 'allowed', '#0'),
  row('action', 'another', statement({ Action: 'sts:AssumeRole' }), 'refused', '#0 action'),
  row('action', 'another service', statement({ Action: 's3:*' }), 'refused', '#0 action'),
  row(
    'notAction',
    'a Deny of all but this',
    [OURS, { Effect: 'Deny', Principal: '*', NotAction: 'sts:AssumeRoleWith*' }],
    'allowed',
    '#0',
  ),
  row(
    'notAction',
    'a Deny of all but another',
    [OURS, { Effect: 'Deny', Principal: '*', NotAction: 'sts:AssumeRole' }],
    'refused',
    '#1',
  ),
  {
    ...row(
      'tags',
      'tags, and sts:TagSession in the statement',
      statement({ Action: [ACTION, 'sts:TagSession'] }),
      'allowed',
      '#0',
    ),
    ...TAGGED,
  },
  {
    ...row(
      'tags',
      'tags, and sts:TagSession in a separate statement',
      [OURS, statement({ Action: 'sts:TagSession' })],
      'allowed',
      '#0',
      '#1',
    ),
    ...TAGGED,
  },
  { ...row('tags', 'tags, and no sts:TagSession', OURS, 'refused', '#0 action'), ...TAGGED },
  {
    ...row(
      'tags',
      'tags, and sts:TagSession on a condition that fails',
      [OURS, statement({ Action: 'sts:TagSession', Condition: { StringEquals: { [TAG_BRANCH]: 'dev' } } })],
      'refused',
      `#1 StringEquals ${TAG_BRANCH}`,
    ),
    ...TAGGED,
  },
  {
    ...row(
      'tags',
      'tags, and an explicit Deny of sts:TagSession',
      [statement({ Action: 'sts:*' }), statement({ Effect: 'Deny', Action: 'sts:TagSession', Condition: {} })],
      'refused',
      '#1',
    ),
    ...TAGGED,
  },
  {
    ...row(
      'tags',
      'tags, and sts:TagSession on a condition that only AWS can judge',
      [OURS, statement({ Action: 'sts:TagSession', Condition: OPEN_IP })],
      'unknown',
      '#1 IpAddress aws:SourceIp',
    ),
    ...TAGGED,
  },
  row('tags', 'no tags, and no sts:TagSession', OURS, 'allowed', '#0'),
  {
    ...row('stsKeys', 'a source identity, and no sts:SetSourceIdentity', OURS, 'refused', '#0 action'),
    claims: claimsOfMain({ names: ['https://aws.amazon.com/source_identity'] }),
  },
];
