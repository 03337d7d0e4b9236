import { describe, expect, it } from 'vitest';
import { type ConditionBlock, denialReasonOf, type Statement } from './trust-policy.ts';

const sub = 'acme.semaphoreci.com:sub';
const provider = 'arn:aws:iam::123456789012:oidc-provider/acme.semaphoreci.com';
const action = 'sts:AssumeRoleWithWebIdentity';

function makeStatement(changes: Partial<Statement>): Statement {
  return { Effect: 'Allow', Principal: { Federated: provider }, Action: action, ...changes };
}

function isAllowed(statements: readonly Statement[], context: Record<string, readonly string[]> = {}): boolean {
  const principal = { kind: 'Federated', names: [provider] } as const;
  const request = { action, principal, context: new Map(Object.entries(context)) };
  return denialReasonOf({ Version: '2012-10-17', Statement: statements }, request) === undefined;
}

describe('a condition', () => {
  it.each<[ConditionBlock, readonly string[] | undefined, boolean]>([
    [{ StringEquals: { [sub]: 'a' } }, ['a'], true],
    [{ StringEquals: { [sub]: 'a' } }, ['A'], false],
    [{ StringEquals: { [sub]: ['b', 'a'] } }, ['a'], true],
    [{ StringEquals: { [sub]: 'a*' } }, ['abc'], false],
    [{ StringEquals: { [sub]: 'a' } }, undefined, false],
    [{ StringEquals: { [sub.toUpperCase()]: 'a' } }, ['a'], true],
    [{ StringEqualsIgnoreCase: { [sub]: 'a' } }, ['A'], true],
    [{ StringEqualsIfExists: { [sub]: 'a' } }, undefined, true],
    [{ StringLike: { [sub]: 'org:acme:*:ref:refs/heads/ma?n' } }, ['org:acme:project:1:ref:refs/heads/main'], true],
    [{ StringLike: { [sub]: 'org:acme:*' } }, ['my-org:acme:1'], false],
    [{ StringLike: { [sub]: 'a.c' } }, ['abc'], false],
    [{ StringNotEquals: { [sub]: 'a' } }, ['a'], false],
    [{ StringNotEquals: { [sub]: ['a', 'b'] } }, ['c'], true],
    [{ StringNotEquals: { [sub]: 'a' } }, undefined, true],
    [{ StringNotLike: { [sub]: 'a*' } }, ['ab'], false],
    [{ Null: { [sub]: 'true' } }, undefined, true],
    [{ Null: { [sub]: 'false' } }, undefined, false],
    [{ Null: { [sub]: 'false' } }, ['a'], true],
    [{ 'ForAnyValue:StringEquals': { [sub]: 'a' } }, ['b', 'a'], true],
    [{ 'ForAnyValue:StringEquals': { [sub]: 'a' } }, undefined, false],
    [{ 'ForAllValues:StringEquals': { [sub]: 'a' } }, ['b', 'a'], false],
    [{ 'ForAllValues:StringEquals': { [sub]: 'a' } }, undefined, true],
    [{ StringEquals: { [sub]: 'a' }, StringLike: { [sub]: 'b*' } }, ['a'], false],
    [{ NoSuchOperator: { [sub]: 'a' } }, ['a'], false],
  ])('%o on %o: %s', (Condition, values, expected) => {
    const context = values === undefined ? {} : { [sub]: values };
    expect(isAllowed([makeStatement({ Condition })], context)).toBe(expected);
  });
});

describe('a policy', () => {
  it.each<[string, readonly Statement[], boolean]>([
    ['that allows', [makeStatement({})], true],
    ['without a statement', [], false],
    ['that allows everyone', [makeStatement({ Principal: '*' })], true],
    ['that allows every action of STS', [makeStatement({ Action: 'sts:*' })], true],
    ['that allows another action', [makeStatement({ Action: 'sts:AssumeRole' })], false],
    ['that allows another provider', [makeStatement({ Principal: { Federated: `${provider}.example` } })], false],
    ['that names the provider as an AWS principal', [makeStatement({ Principal: { AWS: provider } })], false],
    ['that allows and denies', [makeStatement({}), makeStatement({ Effect: 'Deny' })], false],
    [
      'that allows, and denies on a condition that is not met',
      [makeStatement({}), makeStatement({ Effect: 'Deny', Condition: { StringEquals: { [sub]: 'b' } } })],
      true,
    ],
  ])('%s: %#', (_name, statements, expected) => {
    expect(isAllowed(statements, { [sub]: ['a'] })).toBe(expected);
  });
});
