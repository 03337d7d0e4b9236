import { ISSUER, loginOfMain, MAIN, SUB, statement, subjectOf } from '../semaphore-policy.ts';
import { type Case, none, subject, subjectCase, wanting } from './cases.ts';

/** The subject. */
export const SUBJECTS: readonly Case[] = [
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
  none('another organization that is denied', [
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
    name: 'several mistakes in one, fixed at once',
    statements: wanting([MAIN, 'org:rtx:project:website:repo:acme/web:ref_type:branch:ref:main']),
    mistakes: (
      ['subject-of-other-organization', 'project-name-for-id', 'owner-in-repository', 'ref-without-prefix'] as const
    ).map((kind) => [kind, '"org:rtx:project:website:repo:acme/web:ref_type:branch:ref:main"', `"${MAIN}"`]),
  },
  none(
    'wildcards can match the right text',
    wanting('org:*:project:*:repo:*:ref_type:branch:ref:*/main', ISSUER, 'StringLike'),
  ),
  {
    name: 'a token without a subject: what is unknown is not corrected',
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

  ...['pr', 'pull', 'pulls', 'pull_request', 'pullrequest', 'pull-requests'].map((type) =>
    subjectCase(
      `ref_type:${type}`,
      'ref-type-for-pull-request',
      subjectOf(type, 'refs/semaphoreci/1f2e3d'),
      subjectOf('pull-request', 'refs/semaphoreci/1f2e3d'),
    ),
  ),
  subjectCase(
    'ref_type:pr at the end',
    'ref-type-for-pull-request',
    MAIN.replace(/branch:.*/, 'pr'),
    MAIN.replace(/branch:.*/, 'pull-request'),
  ),
  none('a type of ref that only begins so', wanting(subjectOf('prs', 'refs/x'))),
  ...['https://acme.semaphoreci.com', 'http://acme.semaphoreci.com', 'acme.semaphoreci.com', ''].map((org) =>
    subjectCase(`the organization as “${org}”`, 'subject-of-other-organization', subject({ 'org:acme': `org:${org}` })),
  ),
  ...['ac*', '?cme', '$' + '{aws:userid}'].map((org) =>
    none(`the organization as “${org}”`, wanting(subject({ 'org:acme': `org:${org}` }), ISSUER, 'StringLike')),
  ),
  none('an organization that is not at the beginning', wanting(`x${MAIN.replace('acme', 'rtx')}`)),
  {
    name: 'another organization, for a job without a subject',
    statements: wanting(subject({ 'org:acme': 'org:rtx' })),
    login: loginOfMain({ sub: undefined }),
    mistakes: [
      ['subject-of-other-organization', `"${SUB}": "${subject({ 'org:acme': 'org:rtx' })}"`, `"${SUB}": "${MAIN}"`],
    ],
  },
  none('a project’s id in capitals', wanting(subject({ '936a5312-a3b8': '936A5312-A3B8' }))),
  none('any project with a prefix', wanting('org:acme:project:web*:repo:web:x', ISSUER, 'StringLike')),
  subjectCase('a project’s id with more to it', 'project-name-for-id', subject({ '936a5312': 'x936a5312' })),
  subjectCase('a project’s id with more behind it', 'project-name-for-id', subject({ 'baac574:': 'baac5740:' })),
  none('a repository that is not named', wanting(subject({ 'repo:web': 'repo:acme/' }))),
  subjectCase(
    'a host and owner before the repository',
    'owner-in-repository',
    subject({ 'repo:web': 'repo:github.com/acme/web' }),
  ),
  subjectCase(
    'a tag with tags/ only',
    'ref-without-prefix',
    subjectOf('tag', 'tags/v1'),
    subjectOf('tag', 'refs/tags/v1'),
  ),
  subjectCase(
    'a branch that is called like a prefix further on',
    'ref-without-prefix',
    subjectOf('branch', 'my-heads/x'),
    subjectOf('branch', 'refs/heads/my-heads/x'),
  ),
  ...['*', 'm*', 'ref?*', 'refs*', 'refs/*'].map((ref) =>
    none(`a branch as “${ref}”`, wanting(subjectOf('branch', ref), ISSUER, 'StringLike')),
  ),
  {
    name: 'a branch whose wildcard comes too late to match refs/',
    statements: wanting(subjectOf('branch', 'release*'), ISSUER, 'StringLike'),
    mistakes: [
      [
        'ref-without-prefix',
        `"${SUB}": "${subjectOf('branch', 'release*')}"`,
        `"${SUB}": "${subjectOf('branch', 'refs/heads/release*')}"`,
      ],
    ],
  },
  none('a ref of a type that has no names', wanting(subjectOf('note', 'main'))),
];
