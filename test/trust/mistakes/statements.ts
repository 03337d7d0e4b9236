import type { MistakeKind } from '../../../src/trust/mistake.ts';
import { AUD, HOST, ISSUER, loginOfMain, MAIN, PROVIDER, SUB, statement } from '../semaphore-policy.ts';
import { type Case, none, providerCase, RTX, TAGGED } from './cases.ts';

const NEVER = { StringEquals: { 'aws:RequestTag/never': 'x' } };

/** Actions. */
export const ACTIONS: readonly Case[] = [
  {
    name: 'no sts:TagSession, and the token carries tags',
    statements: statement(),
    login: TAGGED,
    mistakes: [
      [
        'tag-session-missing',
        '"Action": "sts:AssumeRoleWithWebIdentity"',
        '"Action": ["sts:AssumeRoleWithWebIdentity", "sts:TagSession"]',
      ],
    ],
  },
  none('no sts:TagSession, and the token carries none', statement()),
  none('sts:TagSession in a separate statement', [statement(), statement({ Action: 'sts:Tag*' })], TAGGED),
  {
    name: 'sts:AssumeRole',
    statements: statement({ Action: 'sts:AssumeRole' }),
    mistakes: [['action-not-web-identity', '"Action": "sts:AssumeRole"', '"Action": "sts:AssumeRoleWithWebIdentity"']],
  },

  {
    name: 'several that are none of ours',
    statements: statement({ Action: ['sts:AssumeRole', 's3:*'] }),
    mistakes: [
      ['action-not-web-identity', '"Action": ["sts:AssumeRole", "s3:*"]', '"Action": "sts:AssumeRoleWithWebIdentity"'],
    ],
  },
  {
    name: 'the correction belongs in the first of several statements',
    statements: [statement({ Action: 'sts:AssumeRole' }), statement({ Action: 's3:*' })],
    mistakes: [['action-not-web-identity', '"Action": "sts:AssumeRole"', '"Action": "sts:AssumeRoleWithWebIdentity"']],
  },
  {
    name: 'no sts:TagSession in a list',
    statements: [statement({ Action: 'sts:Get*' }), statement({ Action: ['sts:AssumeRole*', 'sts:Get*'] })],
    login: TAGGED,
    mistakes: [
      [
        'tag-session-missing',
        '"Action": ["sts:AssumeRole*", "sts:Get*"]',
        '"Action": ["sts:AssumeRole*", "sts:Get*", "sts:TagSession"]',
      ],
    ],
  },
  none('all but another', [statement({ Action: undefined, NotAction: 'sts:AssumeRole' })], TAGGED),
  {
    name: 'what a Deny names does not count',
    statements: [statement({ Action: 's3:*' }), statement({ Effect: 'Deny', Action: '*', Condition: NEVER })],
    mistakes: [['action-not-web-identity', '"Action": "s3:*"', '"Action": "sts:AssumeRoleWithWebIdentity"']],
  },
  none('a Deny alone', statement({ Effect: 'Deny', Action: 's3:*' })),
];

const OTHER_ACCOUNT = PROVIDER.replace('123456789012', '210987654321');
const SIBLING = PROVIDER.replace(HOST, RTX);
const GITLAB = PROVIDER.replace(HOST, 'gitlab.com');
const GITHUB = PROVIDER.replace(HOST, 'token.actions.githubusercontent.com');

function onAudience(aud: string) {
  return { StringEquals: { [AUD]: aud, [SUB]: MAIN } };
}

function wrongProvider(kind: MistakeKind, name: string) {
  return [kind, `"Federated": "${OTHER_ACCOUNT.replace(HOST, name)}"`, `"Federated": "${PROVIDER}"`] as const;
}

/** Principals. */
export const PRINCIPALS: readonly Case[] = [
  providerCase('another account', OTHER_ACCOUNT, 'provider-of-other-account'),
  providerCase('another organization', PROVIDER.replace(HOST, RTX), 'provider-of-other-host'),
  providerCase('https:// in the ARN', PROVIDER.replace(HOST, ISSUER), 'provider-of-other-host'),
  providerCase('both', OTHER_ACCOUNT.replace(HOST, RTX), 'provider-of-other-host', 'provider-of-other-account'),
  providerCase('the host alone', HOST, 'provider-not-an-arn'),
  providerCase('the URL', ISSUER, 'provider-not-an-arn'),
  providerCase('nothing but another service’s provider', GITHUB, 'provider-of-other-host'),
  none('one of a list', statement({ Principal: { Federated: [GITHUB, PROVIDER] } })),
  {
    name: 'an account',
    statements: statement({ Principal: { AWS: '123456789012' } }),
    mistakes: [
      [
        'principal-not-federated',
        '"Principal": { "AWS": "123456789012" }',
        `"Principal": { "Federated": "${PROVIDER}" }`,
      ],
    ],
  },
  none('a statement for another service is left in peace', [
    statement(),
    statement({
      Principal: { Federated: GITHUB },
      Condition: { StringLike: { 'token.actions.githubusercontent.com:sub': 'repo:acme/*' } },
    }),
  ]),
  none('a statement for another organization is left in peace beside ours', [
    statement(),
    statement({
      Principal: { Federated: PROVIDER.replace(HOST, RTX) },
      Condition: { StringEquals: { [`${RTX}:aud`]: `https://${RTX}` } },
    }),
  ]),
  none('without a role the account is not compared', statement({ Principal: { Federated: OTHER_ACCOUNT } }), {
    claims: loginOfMain().claims,
  }),

  providerCase('the host with a slash', `${HOST}/`, 'provider-not-an-arn'),
  providerCase('the host with a slash in the ARN', `${PROVIDER}/`, 'provider-of-other-host'),
  providerCase('http:// in the ARN', PROVIDER.replace(HOST, `http://${HOST}`), 'provider-of-other-host'),
  providerCase('another partition', PROVIDER.replace('arn:aws', 'arn:aws-cn'), 'provider-of-other-account'),
  providerCase('an ARN of another kind', PROVIDER.replace('oidc', 'saml'), 'provider-not-an-arn'),
  providerCase('an ARN with text around it', `x${PROVIDER}`, 'provider-not-an-arn'),
  none('another case of the host', statement({ Principal: { Federated: PROVIDER.replace('acme', 'Acme') } })),
  none('any provider', statement({ Principal: { Federated: '*' } })),
  none('everyone but a few', { ...statement({ Principal: undefined }), NotPrincipal: { Federated: OTHER_ACCOUNT } }),
  {
    name: 'of several the one of this host is meant, then one of the same installation',
    statements: [
      statement({ Principal: { Federated: [GITHUB, SIBLING, OTHER_ACCOUNT] } }),
      statement({ Principal: { Federated: [GITHUB, SIBLING] }, Effect: 'Deny', Condition: NEVER }),
    ],
    mistakes: [['provider-of-other-account', `"Federated": "${OTHER_ACCOUNT}"`, `"Federated": "${PROVIDER}"`]],
  },
  {
    name: 'of several, the one of the same installation is meant',
    statements: statement({ Principal: { Federated: [GITHUB, SIBLING] } }),
    mistakes: [['provider-of-other-host', `"Federated": "${SIBLING}"`, `"Federated": "${PROVIDER}"`]],
  },
  {
    name: 'of several strangers the first is meant, in each Allow',
    statements: [
      statement({ Principal: { Federated: [GITHUB, GITLAB] } }),
      statement({ Effect: 'Deny', Principal: { Federated: GITLAB } }),
      statement({ Principal: { Federated: GITLAB } }),
    ],
    mistakes: [
      ['provider-of-other-host', `"Federated": "${GITHUB}"`, `"Federated": "${PROVIDER}"`],
      ['provider-of-other-host', `"Federated": "${GITLAB}"`, `"Federated": "${PROVIDER}"`],
    ],
  },
  {
    name: 'accounts and a service',
    statements: statement({ Principal: { AWS: ['123456789012', '*'], Service: 'ec2.amazonaws.com' } }),
    mistakes: [
      [
        'principal-not-federated',
        '"Principal": { "AWS": ["123456789012", "*"], "Service": "ec2.amazonaws.com" }',
        `"Principal": { "Federated": "${PROVIDER}" }`,
      ],
    ],
  },
  {
    name: 'an account, without a role, so that the provider’s is unknown',
    statements: statement({ Principal: { AWS: '*' } }),
    login: { claims: loginOfMain().claims },
    mistakes: [['principal-not-federated', '"Principal": { "AWS": "*" }', undefined]],
  },
  {
    name: 'another organization, without a role: the account is the policy’s',
    statements: statement({ Principal: { Federated: OTHER_ACCOUNT.replace(HOST, RTX) } }),
    login: { claims: loginOfMain().claims },
    mistakes: [
      [
        'provider-of-other-host',
        `"Federated": "${OTHER_ACCOUNT.replace(HOST, RTX)}"`,
        `"Federated": "${OTHER_ACCOUNT}"`,
      ],
    ],
  },
  {
    name: 'the host alone, without a role',
    statements: statement({ Principal: { Federated: HOST } }),
    login: { claims: loginOfMain().claims },
    mistakes: [['provider-not-an-arn', `"Federated": "${HOST}"`, undefined]],
  },
  none('a token without an issuer', statement({ Principal: { Federated: GITHUB } }), loginOfMain({ iss: undefined })),

  {
    name: 'no principal',
    statements: statement({ Principal: {} }),
    mistakes: [['principal-not-federated', '"Principal": {}', `"Principal": { "Federated": "${PROVIDER}" }`]],
  },
  none(
    'the right one behind one of another account',
    statement({ Principal: { Federated: [OTHER_ACCOUNT, PROVIDER] } }),
  ),
  none('a wrong one in a Deny', [
    statement(),
    statement({ Effect: 'Deny', Principal: { Federated: OTHER_ACCOUNT }, Condition: NEVER }),
  ]),
  ...[ISSUER, `http://${HOST}`, `${HOST}/`, `${HOST}//`, HOST.toUpperCase()].map(
    (name): Case => ({
      name: `a provider called ${name} is meant for this host, and one of another organization beside it is not`,
      statements: [
        statement({ Principal: { Federated: OTHER_ACCOUNT.replace(HOST, name) }, Condition: onAudience(HOST) }),
        statement({ Principal: { Federated: SIBLING }, Condition: onAudience(RTX) }),
      ],
      mistakes: [
        ...(name === HOST.toUpperCase() ? [] : [wrongProvider('provider-of-other-host', name)]),
        wrongProvider('provider-of-other-account', name),
        ['audience-without-scheme', `"${AUD}": "${HOST}"`, `"${AUD}": "${ISSUER}"`],
      ],
    }),
  ),
  {
    name: 'one of several is enough to be meant',
    statements: statement({ Principal: { Federated: [GITHUB, PROVIDER] }, Condition: onAudience(HOST) }),
    mistakes: [['audience-without-scheme', `"${AUD}": "${HOST}"`, `"${AUD}": "${ISSUER}"`]],
  },
  {
    name: 'any account is meant too, beside ours',
    statements: [statement(), statement({ Principal: { AWS: '*' }, Condition: onAudience(HOST) })],
    mistakes: [
      ['principal-not-federated', '"Principal": { "AWS": "*" }', `"Principal": { "Federated": "${PROVIDER}" }`],
      ['audience-without-scheme', `"${AUD}": "${HOST}"`, `"${AUD}": "${ISSUER}"`],
    ],
  },
  {
    name: 'another organization’s statement is meant if there is none of ours',
    statements: statement({ Principal: { Federated: SIBLING }, Condition: onAudience(HOST) }),
    mistakes: [
      ['provider-of-other-host', `"Federated": "${SIBLING}"`, `"Federated": "${PROVIDER}"`],
      ['audience-without-scheme', `"${AUD}": "${HOST}"`, `"${AUD}": "${ISSUER}"`],
    ],
  },
  {
    name: 'a provider under another type is not meant',
    statements: statement({ Principal: { AWS: PROVIDER }, Condition: onAudience(HOST) }),
    mistakes: [
      [
        'principal-not-federated',
        `"Principal": { "AWS": "${PROVIDER}" }`,
        `"Principal": { "Federated": "${PROVIDER}" }`,
      ],
    ],
  },
];
