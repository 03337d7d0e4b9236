import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseJsonText } from '../../src/text/located-json.ts';
import { evaluateTrustPolicy, type Outcome } from '../../src/trust/evaluation.ts';
import { matchesPattern, parsePattern } from '../../src/trust/pattern.ts';
import { parseTrustPolicy, policyTextOf } from '../../src/trust/policy-parser.ts';
import { makeTrustCondition } from '../../src/trust/trust-condition.ts';
import { trustMistakesOf } from '../../src/trust/trust-mistakes.ts';
import {
  AUD,
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

const keys = fc.constantFrom(SUB, AUD, 'aws:SourceIp', 'aws:TagKeys', 'aws:RequestTag/branch', 'x.y:sub', 'sts:X');
const bases = fc.constantFrom(
  ...['StringEquals', 'StringNotEquals', 'StringLike', 'StringNotLike', 'StringEqualsIgnoreCase'],
  ...['StringNotEqualsIgnoreCase', 'Bool', 'Null', 'ArnLike', 'IpAddress'],
);
const operators = fc
  .tuple(fc.constantFrom('', 'ForAnyValue:', 'ForAllValues:'), bases, fc.constantFrom('', 'IfExists'))
  .map((parts) => parts.join(''));
const value = fc.constantFrom(MAIN, ISSUER, 'org:*', '*', 'main', 'true', 'false', '${aws:userid}', '');
const values = fc.oneof(value, fc.array(value, { maxLength: 3 }));
const condition = fc.dictionary(operators, fc.dictionary(keys, values, { maxKeys: 2 }), { maxKeys: 2 });
const principal = fc.constantFrom<unknown>(
  { Federated: PROVIDER },
  { Federated: 'arn:aws:iam::1:oidc-provider/x' },
  '*',
  { AWS: '*' },
);
const action = fc.constantFrom<unknown>('sts:AssumeRoleWithWebIdentity', 'sts:*', ['sts:TagSession'], 'sts:AssumeRole');
const effect = fc.constantFrom('Allow', 'Deny');
const anyStatement = fc.record({ Effect: effect, Principal: principal, Action: action, Condition: condition });
const statements = fc.array(anyStatement, { minLength: 1, maxLength: 4 });
const logins = fc.constantFrom(loginOfMain(), loginOfMain(tagsOfMain()), loginOfMain({ sub: 'x', aud: ['a', 'b'] }), {
  claims: {},
});

function outcomeFor(all: unknown, login = loginOfMain()): Outcome {
  return evaluateTrustPolicy(policyOf(policyText(all)), login).outcome;
}

describe('always,', () => {
  it('a pattern matches what a simple backtracking matcher matches', () => {
    const fits = (pattern: string, text: string): boolean => {
      const head = pattern[0];
      if (head === undefined) return text === '';
      if (head === '*') return fits(pattern.slice(1), text) || (text !== '' && fits(pattern, text.slice(1)));
      return text !== '' && (head === '?' || head === text[0]) && fits(pattern.slice(1), text.slice(1));
    };
    const text = (letters: string) => fc.string({ unit: fc.constantFrom(...letters), maxLength: 9 });
    fc.assert(
      fc.property(text('ab*?'), text('ab'), (pattern, subject) => {
        const held = matchesPattern(parsePattern(pattern, { wildcards: true, variables: false }), subject);
        expect(held === 'yes').toBe(fits(pattern, subject));
      }),
      { numRuns: 2000 },
    );
  });

  it('a pattern of many wildcards is fast, although backtracking would take exponential time', () => {
    const pattern = parsePattern(`${'*a'.repeat(200)}b`, { wildcards: true, variables: true });
    expect(matchesPattern(pattern, 'a'.repeat(4000))).toBe('no');
  });

  it('an explicit Deny wins, whatever else the policy says', () => {
    const deny = statement({ Effect: 'Deny', Principal: '*', Action: '*', Condition: {} });
    fc.assert(
      fc.property(statements, logins, fc.nat(4), (all, login, at) => {
        expect(outcomeFor(all.toSpliced(at, 0, deny as never), login)).toBe('refused');
      }),
    );
  });

  it('another Deny never allows a login, and another Allow never rejects one', () => {
    fc.assert(
      fc.property(statements, anyStatement, logins, (all, more, login) => {
        const before = outcomeFor(all, login);
        const denied = outcomeFor([...all, { ...more, Effect: 'Deny' }], login);
        const allowed = outcomeFor([...all, { ...more, Effect: 'Allow' }], login);
        const rank = { refused: 0, unknown: 1, allowed: 2 };
        expect(rank[denied]).toBeLessThanOrEqual(rank[before]);
        expect(rank[allowed]).toBeGreaterThanOrEqual(rank[before]);
      }),
    );
  });

  it('a decision stays the same when a value that only AWS knew becomes known', () => {
    // `sts:RoleSessionName` is such a key: unknown if it is not given.
    const open = fc.dictionary(
      operators.filter((name) => !name.includes('Null')),
      fc.dictionary(fc.constantFrom('sts:RoleSessionName', SUB), fc.constantFrom('job-1', 'job-2', MAIN, 'job-*')),
      { minKeys: 1, maxKeys: 2 },
    );
    const some = fc.array(fc.record({ Effect: effect, Principal: principal, Action: action, Condition: open }), {
      minLength: 1,
      maxLength: 3,
    });
    fc.assert(
      fc.property(some, fc.constantFrom('job-1', 'job-2', 'other'), (all, sessionName) => {
        const { sessionName: _, ...unnamed } = loginOfMain();
        const before = outcomeFor(all, unnamed);
        if (before !== 'unknown') expect(outcomeFor(all, { ...unnamed, sessionName })).toBe(before);
      }),
    );
  });

  it('the condition made for a job allows that job, and no job with another subject or audience', () => {
    const ref = fc.string({ unit: fc.constantFrom(...'ab/*?${}-'), minLength: 1, maxLength: 12 });
    const tags = fc.constantFrom({}, tagsOfMain());
    fc.assert(
      fc.property(ref, ref, tags, (one, other, carried) => {
        const loginOf = (name: string) => loginOfMain({ ...carried, sub: subjectOf('branch', `refs/heads/${name}`) });
        const { condition, actions } = makeTrustCondition(loginOf(one).claims) ?? {};
        const all = statement({ Condition: condition, Action: actions });
        expect(outcomeFor(all, loginOf(one))).toBe('allowed');
        if (one !== other) expect(outcomeFor(all, loginOf(other))).toBe('refused');
        expect(outcomeFor(all, loginOfMain({ ...loginOf(one).claims, aud: 'x' }))).toBe('refused');
      }),
    );
  });

  it('parser, evaluation and search for mistakes never throw, for any text', () => {
    const texts = fc.oneof(
      fc.string({ maxLength: 80 }),
      fc.json(),
      fc
        .record({ Version: fc.constant('2012-10-17'), Statement: fc.jsonValue() })
        .map((policy) => JSON.stringify(policy)),
      statements.map((all) => policyText(all)),
      statements.map((all) => encodeURIComponent(policyText(all))),
      fc.tuple(statements, fc.nat(400)).map(([all, cut]) => policyText(all).slice(0, -cut)),
      fc.nat(300).map((depth) => '['.repeat(depth)),
    );
    fc.assert(
      fc.property(texts, logins, (text, login) => {
        const { policy, faults } = parseTrustPolicy(policyTextOf(text).text);
        const mistakes = policy ? trustMistakesOf(policy, login) : [];
        const corrected = mistakes.flatMap((mistake) => mistake.corrected ?? []);
        for (const line of corrected) JSON.parse(/": /.test(line) ? `{${line}}` : line);
        if (policy) evaluateTrustPolicy(policy, login);
        expect(policy !== undefined || faults.length > 0).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });

  it('JSON is accepted exactly if JavaScript accepts it', () => {
    const near = fc.string({ unit: fc.constantFrom(...'{}[]",:1e-.0\\u \n\t', 'true', 'null', '"a"'), maxLength: 12 });
    const readable = (text: string) => {
      try {
        JSON.parse(text);
        return true;
      } catch {
        return false;
      }
    };
    fc.assert(
      fc.property(fc.oneof(near, fc.json()), (text) => {
        const faults = parseJsonText(text).faults.filter((fault) => fault.kind !== 'duplicate-key');
        expect(faults.length === 0).toBe(readable(text));
      }),
      { numRuns: 3000 },
    );
  });
});
