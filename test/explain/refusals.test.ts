import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { askedByBranch, askedByFork, busy, refusals, unreachables } from '../../scripts/docs/problems/aws-examples.ts';
import { examples } from '../../scripts/docs/problems/examples.ts';
import { explanationOf } from '../../src/explain/catalogue.ts';
import { exitCodeOf, type FailureFacts } from '../../src/failure.ts';
import type { StsRequestContext } from '../../src/failures/aws.ts';
import { explanationLines } from '../../src/text/explanation.ts';

const linesOf = (facts: FailureFacts) => explanationLines(explanationOf(facts));

const refusedWith = (code: string, message: string, context: Partial<StsRequestContext> = {}) =>
  linesOf({
    kind: 'sts-refused',
    refusal: { code, message, status: 400, requestId: undefined },
    context: { ...askedByBranch, ...context },
  }).join('\n');

const denied = 'Not authorized to perform sts:AssumeRoleWithWebIdentity';

test('AccessDenied: the answer of STS, the claims, the condition that is needed, what else to check', () => {
  expect(refusedWith('AccessDenied', denied)).toBe(`\
sem-aws-login: STS refused the login: "Not authorized to perform
  sts:AssumeRoleWithWebIdentity" (AccessDenied)
  There is no such role, or its trust policy, or one of the AWS organization's,
  does not let this job in. STS never says which condition failed, nor which of
  the three it is.
    role     arn:aws:iam::123456789012:role/deploy
    issuer   https://acme.semaphoreci.com (the audience too)
    subject  org:acme:project:936a5312-a3b8-4921-8b3f-2cec8baac574:repo:web:ref_type:branch:ref:refs/heads/main
    tags     none
    token    issued 15 min ago, ends in 23 h 45 min, at 2026-11-23 20:00 UTC
    asked    3 times in 1 s, https://sts.eu-west-1.amazonaws.com
    session  semaphore-job-2f8a7c9e-5a3d-4c1b-9c59-0d7c1f3b7e11
  To let in jobs of exactly this branch, the trust policy must allow
  sts:AssumeRoleWithWebIdentity, on this condition.
    "Condition": { "StringEquals": {
      "acme.semaphoreci.com:aud": "https://acme.semaphoreci.com",
      "acme.semaphoreci.com:sub": "org:acme:project:936a5312-a3b8-4921-8b3f-2cec8baac574:repo:web:ref_type:branch:ref:refs/heads/main"
    } }
  → Its principal must be
    arn:aws:iam::123456789012:oidc-provider/acme.semaphoreci.com
  → Check that account 123456789012 has a role "deploy". One made a minute ago
    may need time: --wait 60
  With the policy at hand: sem-aws-login doctor --trust-policy FILE`);
});

test('AccessDenied for a fork: the message names the fork, and the condition is for this commit only', () => {
  const text = refusedWith('AccessDenied', denied, askedByFork);
  expect(text).toContain('fork     this pull request comes from mallory/web\n');
  expect(text).toContain('tags     prj_id, repo and ref_type\n');
  expect(text).toContain(`\
  To let in jobs of exactly this pull request, the trust policy must allow
  sts:AssumeRoleWithWebIdentity, and sts:TagSession too, on this condition. It
  fits this commit only: every push to the pull request has another ref. Mind
  that the code is mallory/web's: whoever wrote it would have the role.
`);
  expect(text).toMatch(/→ If forks are to stay out, this is as it should be:/);
});

test('AccessDenied without a subject: the message says that the condition cannot be narrow', () => {
  const text = refusedWith('AccessDenied', denied, { token: { ...askedByBranch.token, sub: undefined } });
  expect(text).toContain('subject  none: the organization has switched this claim off\n');
  expect(text).toContain('every job of the\n  organization gets in.\n');
  expect(text).not.toContain(':sub"');
});

test('AccessDenied without an issuer: no condition is shown', () => {
  const text = refusedWith('AccessDenied', denied, { token: { ...askedByBranch.token, iss: undefined } });
  expect(text).toContain('issuer    none\n');
  expect(text).not.toContain('Condition');
});

const { token } = askedByBranch;
const conditionOf = (changes: Partial<typeof token>): unknown => {
  const lines = linesOf({
    kind: 'sts-refused',
    refusal: { code: 'AccessDenied', message: denied, status: 403, requestId: undefined },
    context: { ...askedByBranch, token: { ...token, ...changes } },
  });
  const start = lines.findIndex((line) => line.includes('"Condition"'));
  const end = lines.findIndex((line) => line.trim() === '} }');
  return JSON.parse(`{${lines.slice(start, end + 1).join('\n')}}`);
};

describe('the condition is valid JSON to paste', () => {
  const subject = (type: string, ref: string) => `org:acme:project:p:repo:web:ref_type:${type}:ref:${ref}`;
  test.each([
    ['a branch', subject('branch', 'refs/heads/main')],
    ['a tag', subject('tag', 'refs/tags/v1.2')],
    ['a pull request', subject('pull-request', 'refs/pull/7/merge')],
    ['a branch with odd characters', subject('branch', 'refs/heads/a"b\\c\u0085d é')],
  ])('for %s', (_, sub) => {
    expect(conditionOf({ sub })).toEqual({
      Condition: {
        StringEquals: {
          'acme.semaphoreci.com:aud': 'https://acme.semaphoreci.com',
          'acme.semaphoreci.com:sub': sub,
        },
      },
    });
  });
});

describe('the advice for each error', () => {
  test.each([
    ['InvalidIdentityToken', 'No OpenIDConnect provider found in your account for https://x', 'Make an OIDC provider'],
    ['InvalidIdentityToken', 'Incorrect token audience', 'Add "https://acme.semaphoreci.com" to its audiences'],
    ['InvalidIdentityToken', 'Missing a required claim: sub', 'to switch it on'],
    ['InvalidIdentityToken', "certificate doesn't match configured thumbprint", "Take the provider's thumbprints out"],
    ['InvalidIdentityToken', 'something new', 'Check that account 123456789012 has an OIDC provider'],
    ['ExpiredTokenException', 'Token expired', 'Run the job again for a new token'],
    ['IDPRejectedClaim', 'rejected', 'Run the job again for a new token'],
    ['RegionDisabledException', 'not activated', 'has STS switched off in eu-west-1'],
    ['MalformedPolicyDocument', 'Syntax errors in policy.', 'Check the session policy'],
    ['PackedPolicyTooLarge', '118%', 'Shorten the session policy'],
    ['ValidationError', 'DurationSeconds exceeds the MaxSessionDuration', 'Give a shorter --duration'],
    ['ValidationError', '1 validation error detected', 'STS takes a value of the request for wrong'],
    ['SomethingNew', 'of next year', 'STS took the request for wrong'],
  ])('%s: %s', (code, message, remedy) => {
    expect(refusedWith(code, message)).toContain(remedy);
  });
});

test('the skew of the clock is measured by the Date header of STS', () => {
  const serverTime = new Date('2026-11-22T19:00:00Z');
  expect(refusedWith('ExpiredTokenException', 'Token expired', { serverTime })).toContain(
    'clock    this machine is 75 min ahead of AWS\n',
  );
  expect(refusedWith('ExpiredTokenException', 'Token expired')).not.toContain('clock    ');
});

test.each(['CERT_NOT_YET_VALID', 'CERT_HAS_EXPIRED'])(
  '%s: the message shows the clock and says to compare it',
  (code) => {
    const facts = { at: 'tls', detail: code, code, status: undefined } as const;
    const text = linesOf({ kind: 'sts-unreachable', fault: facts, context: askedByBranch }).join('\n');
    expect(text).toContain('clock  2026-11-22 20:15 UTC on this machine');
    expect(text).toContain('Compare the clock: date -u');
  },
);

test.each([
  ['refused', refusals.map((one) => ({ kind: 'sts-refused' as const, ...one })), 5],
  ['busy', busy.map((one) => ({ kind: 'sts-busy' as const, ...one })), 6],
  ['unreachable', unreachables.map((one) => ({ kind: 'sts-unreachable' as const, ...one })), 6],
])('%s: the exit code', (_, failures, exitCode) => {
  for (const facts of failures) expect(exitCodeOf(facts)).toBe(exitCode);
});

// The rows that a line takes on a terminal of 80 columns.
const rowsOf = (line: string) => Math.max(1, Math.ceil(line.length / 80));
// A value to copy is never wrapped: its line has only the value, with its label or condition key.
const isOneValue = (line: string) =>
  /^ {4}\w+ +\S+$/.test(line) || /^ {6}"[^"]+": "/.test(line) || /^ *(?:→ |sem-aws-login: )?\S+$/.test(line);

describe('every failure fits on a screen of 80 columns', () => {
  const all = Object.entries(examples).flatMap(([kind, cases]) =>
    // Object.entries loses which facts belong to which kind.
    cases.map((facts) => ({ kind, ...facts }) as FailureFacts),
  );

  test.each(all.map((facts) => [explanationOf(facts).headline.slice(0, 100), facts] as const))('%s', (_, facts) => {
    const lines = linesOf(facts);
    expect(lines.filter((line) => line.length > 80 && !isOneValue(line))).toEqual([]);
    expect(lines.reduce((rows, line) => rows + rowsOf(line), 0)).toBeLessThanOrEqual(30);
  });

  test('for any answer of STS and any claims', () => {
    const word = fc.stringMatching(/^[\w./-]{1,60}$/);
    const texts = fc.array(word, { minLength: 1, maxLength: 12 }).map((words) => words.join(' '));
    const claims = fc.record({
      iss: fc.option(word, { nil: undefined }),
      aud: fc.oneof(word, fc.array(word, { maxLength: 3 }), fc.constant(undefined)),
      sub: fc.option(word, { nil: undefined }),
      tags: fc.option(fc.dictionary(word, fc.array(word)), { nil: undefined }),
    });
    const code = fc.oneof(fc.constantFrom(...refusals.map(({ refusal }) => refusal.code)), word);
    const property = fc.property(
      code,
      texts,
      claims,
      fc.option(word, { nil: undefined }),
      (name, message, some, fork) => {
        const lines = refusedWith(name, message, { token: { ...token, ...some }, fork }).split('\n');
        expect(lines.filter((line) => line.length > 80 && !isOneValue(line))).toEqual([]);
      },
    );
    fc.assert(property);
  });
});

test('a token in a wrong field is never printed', () => {
  const jwt = 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJtZSJ9.c2lnbmF0dXJl';
  const context = { roleArn: `arn:aws:iam::123456789012:role/${jwt}`, sessionName: jwt, fork: jwt };
  expect(refusedWith('AccessDenied', `what ${jwt} is`, context)).not.toContain('eyJzdWIi');
});
