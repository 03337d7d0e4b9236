import { AUD, ISSUER, loginOfMain, MAIN, SUB, statement, subjectOf, tagsOfMain } from '../semaphore-policy.ts';
import { BRANCHES, type Case, none, TAGGED, wanting } from './cases.ts';

const NO_PULL_REQUESTS = `"StringLike": { "${SUB}": "${BRANCHES}" }`;

/** Policies that allow too much. */
export const OPENNESS: readonly Case[] = [
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
    name: 'a pattern that matches pull requests, and so forks’',
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

  ...(
    [
      ['only asked for', { Null: { [SUB]: 'false' } }],
      ['compared as what it is not', { ArnLike: { [SUB]: '*' }, Bool: { [SUB]: 'true' } }],
      ['of another claim', { StringEquals: { [`${AUD}x`]: MAIN, 'aws:SourceIp': 'x' } }],
    ] as const
  ).map(
    ([what, Condition]): Case => ({
      name: `a subject that is ${what}`,
      statements: statement({ Condition }),
      mistakes: [['no-subject-condition', '', `"StringEquals": { "${SUB}": "${MAIN}" }`]],
    }),
  ),
  none('no subject for another action, or in a Deny', [
    statement(),
    statement({ Action: 'sts:TagSession', Condition: {} }),
    statement({ Effect: 'Deny', Condition: { StringEquals: { 'aws:RequestTag/x': 'y' } } }),
  ]),
  none(
    'any tag binds',
    statement({ Action: 'sts:*', Condition: { StringEquals: { 'AWS:requestTag/prj_id': 'other' } } }),
    TAGGED,
  ),
  {
    name: 'each statement that forks get in by, once, and none twice over',
    statements: [
      wanting('org:acme:*', ISSUER, 'StringLike'),
      statement({ Condition: {} }),
      wanting(BRANCHES, ISSUER, 'StringLike'),
      wanting('*:ref_type:pull-request:*', ISSUER, 'StringLike'),
    ],
    mistakes: [
      ['forks-let-in', `"StringLike": { "${SUB}": "org:acme:*" }`, NO_PULL_REQUESTS],
      ['no-subject-condition', '', `"StringEquals": { "${SUB}": "${MAIN}" }`],
      ['forks-let-in', `"StringLike": { "${SUB}": "*:ref_type:pull-request:*" }`, NO_PULL_REQUESTS],
    ],
  },
  {
    name: 'Semaphore’s own refs of pull requests',
    statements: wanting(subjectOf('pull-request', 'refs/semaphoreci/*'), ISSUER, 'StringLike'),
    mistakes: [
      [
        'forks-let-in',
        `"StringLike": { "${SUB}": "${subjectOf('pull-request', 'refs/semaphoreci/*')}" }`,
        NO_PULL_REQUESTS,
      ],
    ],
  },
  none('a commit of a pull request', wanting(subjectOf('pull-request', `refs/semaphoreci/${'1f2e3d4c'.repeat(5)}`))),
  none('what only AWS knows', {
    ...wanting('org:acme:*', ISSUER, 'StringLike', { IpAddress: { 'aws:SourceIp': '203.0.113.0/24' } }),
  }),
  none('another form of subject', wanting('org:*', ISSUER, 'StringLike'), loginOfMain({ sub: 'org:acme:prj:web' })),
  {
    name: 'a tag of the token’s own branch, which a pull request can go to',
    statements: statement({
      Action: 'sts:*',
      Condition: { StringEquals: { 'aws:requesttag/Branch': ['x', 'release'] } },
    }),
    login: loginOfMain(tagsOfMain({ branch: ['release'] })),
    mistakes: [['forks-let-in', '', '"StringEquals": { "aws:RequestTag/ref_type": "branch" }']],
  },
  {
    name: 'any tag branch, for a token that has none',
    statements: statement({ Action: 'sts:*', Condition: { StringLike: { 'aws:RequestTag/branch': 'ma??' } } }),
    login: loginOfMain({ tags: { repo: ['web'] } }),
    mistakes: [['forks-let-in', '', '"StringEquals": { "aws:RequestTag/ref_type": "branch" }']],
  },
  none(
    'the tag branch of a job that carries none',
    statement({ Condition: { StringEquals: { 'aws:RequestTag/branch': 'main' } } }),
  ),

  {
    name: 'commits of pull requests by their length',
    statements: wanting(subjectOf('pull-request', `refs/semaphoreci/${'?'.repeat(40)}`), ISSUER, 'StringLike'),
    mistakes: [
      [
        'forks-let-in',
        `"StringLike": { "${SUB}": "${subjectOf('pull-request', `refs/semaphoreci/${'?'.repeat(40)}`)}" }`,
        NO_PULL_REQUESTS,
      ],
    ],
  },
  ...(
    [
      ['pull requests, by the tag ref_type', { StringEquals: { 'aws:RequestTag/ref_type': 'pull-request' } }],
      [
        'all but the tag branch main',
        { StringNotEquals: { 'aws:RequestTag/branch': 'main' }, StringLike: { 'aws:RequestTag/repo': 'web' } },
      ],
    ] as const
  ).map(
    ([what, Condition]): Case => ({
      name: what,
      statements: statement({ Action: 'sts:*', Condition }),
      login: TAGGED,
      mistakes: [['forks-let-in', '', '"StringEquals": { "aws:RequestTag/ref_type": "branch" }']],
    }),
  ),
];
