import { describe, expect, it } from 'vitest';
import { makeTrustCondition } from '../../src/trust/trust-condition.ts';
import { trustMistakesOf } from '../../src/trust/trust-mistakes.ts';
import {
  AUD,
  claimsOfMain,
  ISSUER,
  loginOfMain,
  MAIN,
  policyOf,
  policyText,
  SUB,
  statement,
  subjectOf,
  tagsOfMain,
} from './semaphore-policy.ts';

const WEB_IDENTITY = 'sts:AssumeRoleWithWebIdentity';

describe('the condition for exactly this context', () => {
  it.each([
    { name: 'a branch', sub: MAIN, pins: 'branch', onlyThisCommit: false },
    { name: 'a tag', sub: subjectOf('tag', 'refs/tags/v1'), pins: 'tag', onlyThisCommit: false },
    {
      name: 'a pull request by its merge commit',
      sub: subjectOf('pull-request', 'refs/semaphoreci/1f2e3d'),
      pins: 'pull-request',
      onlyThisCommit: true,
    },
    {
      name: 'a pull request by its number',
      sub: subjectOf('pull-request', 'refs/pull/7/merge'),
      pins: 'pull-request',
      onlyThisCommit: false,
    },
    {
      name: 'a branch that is called like a merge commit',
      sub: subjectOf('branch', 'refs/heads/refs/semaphoreci/1f2e3d'),
      pins: 'branch',
      onlyThisCommit: false,
    },
    { name: 'the debugging of a project', sub: subjectOf('', ''), pins: 'project', onlyThisCommit: false },
    { name: 'a subject of another form', sub: 'org:acme:prj:web', pins: 'subject', onlyThisCommit: false },
    {
      name: 'a kind of ref that is new',
      sub: subjectOf('note', 'refs/notes/x'),
      pins: 'subject',
      onlyThisCommit: false,
    },
  ])('$name', ({ sub, pins, onlyThisCommit }) => {
    expect(makeTrustCondition(claimsOfMain({ sub }))).toEqual({
      condition: { StringEquals: { [AUD]: ISSUER, [SUB]: sub } },
      actions: [WEB_IDENTITY],
      pins,
      onlyThisCommit,
    });
  });

  it('asks for sts:TagSession when the token carries tags', () => {
    expect(makeTrustCondition(claimsOfMain(tagsOfMain()))?.actions).toEqual([WEB_IDENTITY, 'sts:TagSession']);
  });

  it('takes all audiences of a list', () => {
    const made = makeTrustCondition(claimsOfMain({ aud: [ISSUER, 'x'] }));
    expect(made?.condition.StringEquals[AUD]).toEqual([ISSUER, 'x']);
  });

  it('has the audience alone for a token without a subject', () => {
    const made = makeTrustCondition(claimsOfMain({ sub: undefined }));
    expect(made).toMatchObject({ condition: { StringEquals: { [AUD]: ISSUER } }, pins: 'organization' });
    expect(made?.condition.StringEquals).not.toHaveProperty(SUB);
  });

  it.each([{ iss: undefined }, { aud: undefined }, { aud: [] }])('cannot be written for %o', (changes) => {
    expect(makeTrustCondition(claimsOfMain(changes))).toBeUndefined();
  });

  it('has none of the usual mistakes', () => {
    const { condition, actions } = makeTrustCondition(claimsOfMain(tagsOfMain())) ?? {};
    const policy = policyOf(policyText(statement({ Condition: condition, Action: actions })));
    expect(trustMistakesOf(policy, loginOfMain(tagsOfMain()))).toEqual([]);
  });
});
