import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TokenClaims } from '../../../src/semaphore/claims.ts';
import { evaluateTrustPolicy, type Outcome } from '../../../src/trust/evaluation.ts';
import { awsTagsClaim, type Claims } from '../../aws-simulator/claims.ts';
import { skipped } from '../../skips.ts';
import {
  AUD,
  claimsOfMain,
  HOST,
  ISSUER,
  loginOfMain,
  MAIN,
  policyOf,
  policyText,
  SUB,
  statement,
  subjectOf,
  tagsOfMain,
} from '../../trust/semaphore-policy.ts';
import { ROWS, type Row } from '../../trust/table/index.ts';
import { missingPrograms, type Radosgw, startRadosgw } from './cluster.ts';
import { type Judge, startJudge } from './judge.ts';
import { beyondRadosgw } from './subset.ts';

const missing = missingPrograms();
if (missing.length > 0) skipped('trust policies judged by radosgw', `no ${missing.join(', ')}`);

interface Case {
  readonly policy: string;
  readonly claims: TokenClaims;
  readonly outcome: Outcome;
}

function caseOf({
  statements,
  version,
  claims = claimsOfMain(),
}: Pick<Row, 'statements' | 'version' | 'claims'>): Case {
  const policy = policyText(statements, version);
  const { outcome } = evaluateTrustPolicy(policyOf(policy), { ...loginOfMain(), claims });
  return { policy, claims, outcome };
}

function isJudged({ policy, claims, outcome }: Case): boolean {
  return outcome !== 'unknown' && beyondRadosgw(policyOf(policy), claims) === undefined;
}

const rows = ROWS.map((row) => ({ ...row, ...caseOf(row) })).filter(isJudged);

describe.skipIf(missing.length > 0)('radosgw, an independent implementation, decides as this program does', () => {
  let radosgw: Radosgw;
  let judge: Judge;

  beforeAll(async () => {
    radosgw = await startRadosgw();
    judge = await startJudge(radosgw, (url) => [url, 'x']);
  });

  afterAll(async () => {
    await judge?.close();
    await radosgw?.close();
  });

  // radosgw has no accounts, and its issuer is on loopback.
  function local(text: string): string {
    return text.replaceAll(ISSUER, `http://${judge.host}`).replaceAll(HOST, judge.host).replaceAll('123456789012', '');
  }

  function payloadOf({ sub, aud, azp, amr, tags, transitiveTagKeys }: TokenClaims): Claims {
    const carried = tags && { [awsTagsClaim]: { principal_tags: tags, transitive_tag_keys: transitiveTagKeys } };
    const audience: unknown = aud && JSON.parse(local(JSON.stringify(aud)));
    return { sub, aud: audience, azp, amr, ...carried };
  }

  function judged({ policy, claims }: Case) {
    return judge.judge(local(policy), payloadOf(claims));
  }

  it('covers a large part of the table, with both outcomes', () => {
    expect(rows.filter((row) => row.outcome === 'allowed').length).toBeGreaterThan(30);
    expect(rows.filter((row) => row.outcome === 'refused').length).toBeGreaterThan(40);
  });

  it.each(rows)('$rule · $name: $outcome', async (row) => {
    expect(await judged(row)).toBe(row.outcome);
  });

  it('for random policies', async () => {
    const operators = fc.constantFrom(
      ...['StringEquals', 'StringNotEquals', 'StringEqualsIgnoreCase', 'StringNotEqualsIgnoreCase', 'StringLike'],
      ...['StringNotLike', 'StringEqualsIfExists', 'StringLikeIfExists', 'ForAnyValue:StringEquals'],
      ...['ForAnyValue:StringLike', 'ForAllValues:StringEquals', 'ForAllValues:StringLike'],
    );
    const key = fc.constantFrom(SUB, AUD, 'aws:RequestTag/branch', 'aws:RequestTag/team', 'aws:TagKeys', 'x.y:sub');
    const texts = [MAIN, MAIN.toUpperCase(), 'org:acme:*', ISSUER, 'main', 'm?in', 'repo', 're*', '*', 'dev'];
    const value = fc.constantFrom(...texts);
    const values = fc.oneof(value, fc.array(value, { minLength: 1, maxLength: 3 }));
    const condition = fc.dictionary(operators, fc.dictionary(key, values, { minKeys: 1, maxKeys: 2 }), { maxKeys: 2 });
    const one = fc
      .record({
        Effect: fc.constantFrom('Allow', 'Allow', 'Deny'),
        Action: fc.constantFrom('sts:*', 'sts:AssumeRoleWithWebIdentity', ['sts:TagSession'], 'sts:AssumeRole*'),
        Condition: condition,
      })
      .map(statement);
    const claims = fc.constantFrom(
      claimsOfMain(),
      claimsOfMain(tagsOfMain()),
      claimsOfMain({ ...tagsOfMain(), sub: subjectOf('branch', 'refs/heads/dev') }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(one, { minLength: 1, maxLength: 3 }), claims, async (statements, carried) => {
        const made = caseOf({ statements, claims: carried });
        fc.pre(isJudged(made));
        expect(await judged(made)).toBe(made.outcome);
      }),
      { numRuns: 200, endOnFailure: true },
    );
  });
});
