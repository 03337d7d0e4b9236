import { expect, it } from 'vitest';
import { type ConditionOperator, parseConditionOperator } from '../../src/trust/trust-policy.ts';

const plain = { negated: false, ifExists: false, set: undefined } as const;
const unsupported = { ...plain, comparison: 'unsupported' } as const;

it.each<readonly [name: string, operator: Omit<ConditionOperator, 'name'>]>([
  ['StringEquals', { ...plain, comparison: 'equals' }],
  ['StringNotEquals', { ...plain, comparison: 'equals', negated: true }],
  ['StringEqualsIgnoreCase', { ...plain, comparison: 'equals-ignoring-case' }],
  ['StringNotEqualsIgnoreCase', { ...plain, comparison: 'equals-ignoring-case', negated: true }],
  ['StringLike', { ...plain, comparison: 'like' }],
  ['StringNotLike', { ...plain, comparison: 'like', negated: true }],
  ['Bool', { ...plain, comparison: 'bool' }],
  ['Null', { ...plain, comparison: 'null' }],
  ['stringLIKE', { ...plain, comparison: 'like' }],
  ['BoolIfExists', { ...plain, comparison: 'bool', ifExists: true }],
  ['stringequalsifexists', { ...plain, comparison: 'equals', ifExists: true }],
  ['ForAnyValue:StringLike', { ...plain, comparison: 'like', set: 'any' }],
  ['ForAllValues:StringNotLike', { ...plain, comparison: 'like', negated: true, set: 'all' }],
  ['forallvalues:stringequalsifexists', { ...plain, comparison: 'equals', ifExists: true, set: 'all' }],
  ['ArnNotLike', unsupported],
  ['ForAllValues:ArnLikeIfExists', { ...unsupported, ifExists: true, set: 'all' }],
  // The plural differs between the two.
  ['ForAnyValues:StringLike', unsupported],
  ['ForAllValue:StringLike', unsupported],
  ['xForAnyValue:StringLike', unsupported],
  ['StringLike:ForAnyValue:', unsupported],
  ['IfExistsStringLike', unsupported],
  ['', unsupported],
])('the operator %j', (name, operator) => {
  expect(parseConditionOperator(name)).toEqual({ name, ...operator });
});
