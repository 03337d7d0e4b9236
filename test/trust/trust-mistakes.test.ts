import { describe, expect, it } from 'vitest';
import type { MistakeKind } from '../../src/trust/mistake.ts';
import type { WebIdentityLogin } from '../../src/trust/request-context.ts';
import { trustMistakesOf } from '../../src/trust/trust-mistakes.ts';
import {
  AUD,
  HOST,
  ISSUER,
  loginOfMain,
  MAIN,
  PROVIDER,
  policyOf,
  policyText,
  SUB,
  statement,
  subjectOf,
  tagsOfMain,
} from './semaphore-policy.ts';

interface Case {
  readonly name: string;
  readonly statements: unknown;
  readonly login?: WebIdentityLogin;
  /** Each mistake as `kind`, the line that is wrong, and the corrected line. */
  readonly mistakes: readonly (readonly [MistakeKind, string, string | undefined])[];
}

const TAGGED = loginOfMain(tagsOfMain());
const BRANCHES = subjectOf('branch', 'refs/heads/*');
const RTX = 'rtx.semaphoreci.com';
const NO_PULL_REQUESTS = `"StringLike": { "${SUB}": "${BRANCHES}" }`;

/** A statement that wants this audience and this subject. */
function wanting(sub: unknown, aud: unknown = ISSUER, operator = 'StringEquals') {
  return statement({ Condition: { [operator]: { [AUD]: aud, [SUB]: sub } } });
}

function subject(changes: Record<string, string>): string {
  return Object.entries(changes).reduce((text, [from, to]) => text.replace(from, to), MAIN);
}

/** A subject with one mistake: the corrected line is the job's own subject. */
function subjectCase(name: string, kind: MistakeKind, wrong: string, right: string = MAIN): Case {
  return { name, statements: wanting(wrong), mistakes: [[kind, `"${SUB}": "${wrong}"`, `"${SUB}": "${right}"`]] };
}

function audienceCase(name: string, wrong: string, ...kinds: MistakeKind[]): Case {
  const mistakes = kinds.map((kind) => [kind, `"${AUD}": "${wrong}"`, `"${AUD}": "${ISSUER}"`] as const);
  return { name, statements: wanting(MAIN, wrong), mistakes };
}

function keyCase(name: string, key: string, ...kinds: MistakeKind[]): Case {
  const statements = statement({ Condition: { StringEquals: { [key]: ISSUER, [SUB]: MAIN } } });
  return { name, statements, mistakes: kinds.map((kind) => [kind, `"${key}": "${ISSUER}"`, `"${AUD}": "${ISSUER}"`]) };
}

function providerCase(name: string, wrong: string, ...kinds: MistakeKind[]): Case {
  const mistakes = kinds.map((kind) => [kind, `"Federated": "${wrong}"`, `"Federated": "${PROVIDER}"`] as const);
  return { name, statements: statement({ Principal: { Federated: wrong } }), mistakes };
}

function none(name: string, statements: unknown, login = loginOfMain()): Case {
  return { name, statements, login, mistakes: [] };
}

const AUDIENCES: readonly Case[] = [
  none('the token’s own', statement()),
  audienceCase('a trailing slash', `${ISSUER}/`, 'audience-with-slash'),
  audienceCase('another organization', `https://${RTX}`, 'audience-of-other-organization'),
  audienceCase('both', `https://${RTX}/`, 'audience-with-slash', 'audience-of-other-organization'),
  audienceCase('no https://', HOST, 'audience-without-scheme'),
  audienceCase('another service, as with GitHub', 'sts.amazonaws.com', 'audience-of-other-service'),
  none('another that is kept out', [
    statement(),
    statement({ Effect: 'Deny', Condition: { StringNotEquals: { [AUD]: `https://${RTX}` } } }),
  ]),
  {
    name: 'in a statement for everyone',
    statements: { ...wanting(MAIN, HOST), Principal: '*' },
    mistakes: [['audience-without-scheme', `"${AUD}": "${HOST}"`, `"${AUD}": "${ISSUER}"`]],
  },
  none('a list with the token’s own', wanting(MAIN, [ISSUER, `${ISSUER}/`, 'x'])),
  {
    name: 'a list without it',
    statements: wanting(MAIN, ['x', `${ISSUER}/`]),
    mistakes: [
      ['audience-of-other-service', '"x"', `"${ISSUER}"`],
      ['audience-with-slash', `"${ISSUER}/"`, `"${ISSUER}"`],
    ],
  },
];

const KEYS: readonly Case[] = [
  none(
    'the host in capitals',
    statement({ Condition: { StringEquals: { [AUD.toUpperCase()]: ISSUER, [SUB]: MAIN } } }),
  ),
  keyCase('https://', `https://${AUD}`, 'key-with-scheme'),
  keyCase('a slash', `${HOST}/:aud`, 'key-with-slash'),
  keyCase('another organization', `${RTX}:aud`, 'key-of-other-organization'),
  keyCase('all of it', `https://${RTX}/:aud`, 'key-with-scheme', 'key-with-slash', 'key-of-other-organization'),
  {
    name: 'key and value at once, mended at once',
    statements: statement({ Condition: { StringEquals: { [`https://${AUD}`]: `${ISSUER}/`, [SUB]: MAIN } } }),
    mistakes: [
      ['key-with-scheme', `"https://${AUD}": "${ISSUER}/"`, `"${AUD}": "${ISSUER}"`],
      ['audience-with-slash', `"https://${AUD}": "${ISSUER}/"`, `"${AUD}": "${ISSUER}"`],
    ],
  },
];

const SUBJECTS: readonly Case[] = [
  none(
    'another branch, project and tag are no mistakes',
    wanting([subjectOf('branch', 'refs/heads/dev'), subjectOf('tag', 'refs/tags/v1')]),
  ),
  subjectCase('another organization', 'subject-of-other-organization', subject({ 'org:acme': 'org:rtx' })),
  subjectCase(
    'a project’s name',
    'project-name-for-id',
    subject({ '936a5312-a3b8-4921-8b3f-2cec8baac574': 'website' }),
  ),
  none('another organization that is kept out', [
    statement(),
    statement({ Effect: 'Deny', Condition: { StringNotLike: { [SUB]: 'org:rtx:*' } } }),
  ]),
  subjectCase('owner and repository', 'owner-in-repository', subject({ 'repo:web': 'repo:acme/web' })),
  subjectCase('a branch without refs/heads/', 'ref-without-prefix', subject({ 'refs/heads/': '' })),
  subjectCase('a branch with heads/ only', 'ref-without-prefix', subject({ 'refs/heads/': 'heads/' })),
  subjectCase(
    'a tag without refs/tags/',
    'ref-without-prefix',
    subjectOf('tag', 'v1'),
    subjectOf('tag', 'refs/tags/v1'),
  ),
  subjectCase(
    'ref_type:pr',
    'ref-type-for-pull-request',
    subjectOf('pr', 'refs/pull/7/merge'),
    subjectOf('pull-request', 'refs/pull/7/merge'),
  ),
  {
    name: 'several mistakes in one, mended at once',
    statements: wanting([MAIN, 'org:rtx:project:website:repo:acme/web:ref_type:branch:ref:main']),
    mistakes: (
      ['subject-of-other-organization', 'project-name-for-id', 'owner-in-repository', 'ref-without-prefix'] as const
    ).map((kind) => [kind, '"org:rtx:project:website:repo:acme/web:ref_type:branch:ref:main"', `"${MAIN}"`]),
  },
  none(
    'wildcards may stand for the right text',
    wanting('org:*:project:*:repo:*:ref_type:branch:ref:*/main', ISSUER, 'StringLike'),
  ),
  {
    name: 'a subject of a job that has none: what cannot be told is left open',
    statements: wanting(subject({ '936a5312-a3b8-4921-8b3f-2cec8baac574': 'website' })),
    login: loginOfMain({ sub: undefined }),
    mistakes: [
      [
        'project-name-for-id',
        `"${SUB}": "${subject({ '936a5312-a3b8-4921-8b3f-2cec8baac574': 'website' })}"`,
        undefined,
      ],
    ],
  },
];

const OPERATORS: readonly Case[] = [
  {
    name: 'StringEquals with *',
    statements: wanting(BRANCHES),
    mistakes: [
      [
        'wildcard-in-equals',
        `"StringEquals": { "${SUB}": "${BRANCHES}" }`,
        `"StringLike": { "${SUB}": "${BRANCHES}" }`,
      ],
    ],
  },
  {
    name: 'StringNotEqualsIfExists with *, in a list',
    statements: [
      statement(),
      statement({ Effect: 'Deny', Condition: { StringNotEqualsIfExists: { [SUB]: ['org:acme:*'] } } }),
    ],
    mistakes: [
      [
        'wildcard-in-equals',
        `"StringNotEqualsIfExists": { "${SUB}": ["org:acme:*"] }`,
        `"StringNotLikeIfExists": { "${SUB}": ["org:acme:*"] }`,
      ],
    ],
  },
  none('StringLike with *', wanting(BRANCHES, ISSUER, 'StringLike')),
  none('StringEquals with an escaped *', wanting(`${MAIN}\${*}`)),
  {
    name: 'ForAllValues in an Allow',
    statements: wanting(MAIN, ISSUER, 'ForAllValues:StringEquals'),
    mistakes: [
      [
        'for-all-values-in-allow',
        `"ForAllValues:StringEquals": { "${AUD}": "${ISSUER}" }`,
        `"StringEquals": { "${AUD}": "${ISSUER}" }`,
      ],
      [
        'for-all-values-in-allow',
        `"ForAllValues:StringEquals": { "${SUB}": "${MAIN}" }`,
        `"StringEquals": { "${SUB}": "${MAIN}" }`,
      ],
    ],
  },
  {
    name: 'ForAllValues in an Allow, on a list',
    statements: statement({
      Condition: { StringEquals: { [SUB]: MAIN }, 'ForAllValues:StringEquals': { 'aws:TagKeys': ['repo'] } },
    }),
    mistakes: [
      [
        'for-all-values-in-allow',
        '"ForAllValues:StringEquals": { "aws:TagKeys": ["repo"] }',
        '"ForAllValues:StringEquals": { "aws:TagKeys": ["repo"] }, "Null": { "aws:TagKeys": "false" }',
      ],
    ],
  },
  none(
    'ForAllValues beside a Null that asks for the key',
    statement({
      Condition: {
        StringEquals: { [SUB]: MAIN },
        'ForAllValues:StringEquals': { 'aws:TagKeys': ['repo'] },
        Null: { 'aws:TagKeys': 'false' },
      },
    }),
  ),
  none('ForAllValues in a Deny', [
    statement(),
    statement({ Effect: 'Deny', Condition: { 'ForAllValues:StringLike': { 'aws:TagKeys': 'x' } } }),
  ]),
];

const ACTIONS: readonly Case[] = [
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
  none('sts:TagSession in a statement of its own', [statement(), statement({ Action: 'sts:Tag*' })], TAGGED),
  {
    name: 'sts:AssumeRole',
    statements: statement({ Action: 'sts:AssumeRole' }),
    mistakes: [['action-not-web-identity', '"Action": "sts:AssumeRole"', '"Action": "sts:AssumeRoleWithWebIdentity"']],
  },
];

const OTHER_ACCOUNT = PROVIDER.replace('123456789012', '210987654321');
const GITHUB = PROVIDER.replace(HOST, 'token.actions.githubusercontent.com');

const PRINCIPALS: readonly Case[] = [
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
];

const OPENNESS: readonly Case[] = [
  {
    name: 'no condition on the subject',
    statements: statement({ Condition: { StringEquals: { [AUD]: ISSUER } } }),
    mistakes: [['no-subject-condition', '', `"StringEquals": { "${SUB}": "${MAIN}" }`]],
  },
  {
    name: 'only a negated condition on the subject',
    statements: statement({ Condition: { StringNotLike: { [SUB]: '*:ref_type:pull-request:*' } } }),
    mistakes: [['no-subject-condition', '', `"StringEquals": { "${SUB}": "${MAIN}" }`]],
  },
  {
    name: 'no condition on the subject, and the token has none',
    statements: statement({ Condition: { StringEquals: { [AUD]: ISSUER } } }),
    login: loginOfMain({ sub: undefined }),
    mistakes: [['no-subject-condition', '', undefined]],
  },
  {
    name: 'a pattern that takes in pull requests, and so forks’',
    statements: wanting('org:acme:*', ISSUER, 'StringLike'),
    mistakes: [['forks-let-in', `"StringLike": { "${SUB}": "org:acme:*" }`, NO_PULL_REQUESTS]],
  },
  {
    name: 'a pattern for pull requests',
    statements: wanting(['x', '*:ref_type:pull-request:*'], ISSUER, 'StringLike'),
    mistakes: [['forks-let-in', `"StringLike": { "${SUB}": ["x", "*:ref_type:pull-request:*"] }`, NO_PULL_REQUESTS]],
  },
  {
    name: 'GitHub’s own refs of pull requests',
    statements: wanting(subjectOf('*', 'refs/pull/*'), ISSUER, 'StringLike'),
    mistakes: [['forks-let-in', `"StringLike": { "${SUB}": "${subjectOf('*', 'refs/pull/*')}" }`, NO_PULL_REQUESTS]],
  },
  none('a pattern for branches', wanting(BRANCHES, ISSUER, 'StringLike')),
  none(
    'a pattern for all but pull requests',
    statement({
      Condition: { StringLike: { [SUB]: 'org:acme:*' }, StringNotLike: { [SUB]: '*:ref_type:pull-request:*' } },
    }),
  ),
  none('a pattern that a Deny keeps pull requests out of', [
    wanting('org:acme:*', ISSUER, 'StringLike'),
    statement({ Effect: 'Deny', Condition: { StringLike: { [SUB]: '*:ref_type:pull-request:*' } } }),
  ]),
  {
    name: 'the tag branch, which is the base of a pull request',
    statements: statement({
      Action: 'sts:*',
      Condition: { StringEquals: { [AUD]: ISSUER, 'aws:RequestTag/branch': 'release' } },
    }),
    login: TAGGED,
    mistakes: [['forks-let-in', '', '"StringEquals": { "aws:RequestTag/ref_type": "branch" }']],
  },
  {
    name: 'the tag pr_branch, which every pull request has',
    statements: statement({ Action: 'sts:*', Condition: { StringLike: { 'aws:RequestTag/pr_branch': '?*' } } }),
    login: TAGGED,
    mistakes: [['forks-let-in', '', '"StringEquals": { "aws:RequestTag/ref_type": "branch" }']],
  },
  none(
    'the tags branch and ref_type',
    statement({
      Action: 'sts:*',
      Condition: { StringEquals: { 'aws:RequestTag/branch': 'main', 'aws:RequestTag/ref_type': 'branch' } },
    }),
    TAGGED,
  ),
];

describe('the usual mistakes, each with its corrected line', () => {
  describe.each([
    { what: 'audience', cases: AUDIENCES },
    { what: 'key', cases: KEYS },
    { what: 'subject', cases: SUBJECTS },
    { what: 'operator', cases: OPERATORS },
    { what: 'action', cases: ACTIONS },
    { what: 'principal', cases: PRINCIPALS },
    { what: 'openness', cases: OPENNESS },
  ])('$what', ({ cases }) => {
    it.each(cases)('$name', ({ statements, login = loginOfMain(), mistakes }) => {
      const found = trustMistakesOf(policyOf(policyText(statements)), login);
      expect(found.map(({ kind, found: line, corrected }) => [kind, line, corrected])).toEqual(mistakes);
    });
  });

  it('say where they stand', () => {
    const [mistake] = trustMistakesOf(policyOf(policyText([statement(), wanting([MAIN, `${MAIN}*`])])), loginOfMain());
    const at = { pointer: `/Statement/1/Condition/StringEquals/${SUB}`, line: 26, column: 11 };
    expect(mistake).toMatchObject({ statement: 1, at });
  });
});
