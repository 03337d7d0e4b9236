import { AUD, claimsOfMain, ISSUER, MAIN, SUB } from '../semaphore-policy.ts';
import { DEV, held, open, type Row, TAGGED, unmet, WITHOUT_SUB } from './rows.ts';

const ONE_EMPTY = { claims: claimsOfMain({ tags: { '': ['x'], repo: ['web'] } }) };

/** The string operators. */
export const STRINGS: readonly Row[] = [
  held('string', 'StringEquals: the same', { StringEquals: { [SUB]: MAIN } }),
  unmet('string', 'StringEquals: another branch', { StringEquals: { [SUB]: DEV } }),
  unmet('string', 'StringEquals: another case', { StringEquals: { [SUB]: MAIN.toUpperCase() } }),
  unmet('string', 'StringEquals: * is literal', { StringEquals: { [SUB]: 'org:acme:*' } }),
  unmet('string', 'StringEquals: ? is literal', { StringEquals: { [SUB]: MAIN.replace('main', 'mai?') } }),
  held('string', 'StringNotEquals: another', { StringNotEquals: { [SUB]: DEV } }),
  unmet('string', 'StringNotEquals: the same', { StringNotEquals: { [SUB]: MAIN } }),
  held('string', 'StringEqualsIgnoreCase: another case', { StringEqualsIgnoreCase: { [SUB]: MAIN.toUpperCase() } }),
  unmet('string', 'StringEqualsIgnoreCase: another branch', { StringEqualsIgnoreCase: { [SUB]: DEV } }),
  open('string', 'StringEqualsIgnoreCase: non-ASCII letters can be equal', {
    StringEqualsIgnoreCase: { [SUB]: MAIN.replace('main', 'straße') },
  }),
  unmet('string', 'StringEqualsIgnoreCase: * is literal', { StringEqualsIgnoreCase: { [SUB]: '*' } }),
  held('string', 'StringNotEqualsIgnoreCase: another', { StringNotEqualsIgnoreCase: { [SUB]: DEV } }),
  unmet('string', 'StringNotEqualsIgnoreCase: another case', {
    StringNotEqualsIgnoreCase: { [SUB]: MAIN.toUpperCase() },
  }),
  held('string', 'StringLike: the same, no wildcard', { StringLike: { [SUB]: MAIN } }),
  held('string', 'StringLike: * at the end', { StringLike: { [SUB]: 'org:acme:*' } }),
  held('string', 'StringLike: * in the middle', { StringLike: { [SUB]: 'org:acme:*:ref:refs/heads/main' } }),
  held('string', 'StringLike: * for nothing', { StringLike: { [SUB]: `${MAIN}*` } }),
  held('string', 'StringLike: * over colons and slashes', { StringLike: { [SUB]: 'org:*main' } }),
  held('string', 'StringLike: ? for one character each', { StringLike: { [SUB]: MAIN.replace('main', 'm??n') } }),
  unmet('string', 'StringLike: ? for no character', { StringLike: { [SUB]: `${MAIN}?` } }),
  unmet('string', 'StringLike: another case', { StringLike: { [SUB]: 'org:Acme:*' } }),
  unmet('string', 'StringLike: a part, no wildcard', { StringLike: { [SUB]: 'org:acme' } }),
  held('string', 'StringNotLike: no fit', { StringNotLike: { [SUB]: '*:ref_type:pull-request:*' } }),
  unmet('string', 'StringNotLike: a fit', { StringNotLike: { [SUB]: '*:ref_type:branch:*' } }),
  held('string', 'an operator that IAM saved in another case', { stringequals: { [SUB]: MAIN } }),
  unmet('string', 'an operator that IAM saved in another case, unmet', { STRINGEQUALS: { [SUB]: DEV } }),
  held('string', 'an empty value of a tag', { StringEquals: { 'aws:RequestTag/pr_branch': '' } }, TAGGED),
];

/** Bool, Null, and what only AWS evaluates. */
export const OTHER_OPERATORS: readonly Row[] = [
  held('bool', 'Bool: true is true', { Bool: { 'aws:SecureTransport': 'true' } }),
  held('bool', 'Bool: a JSON boolean', { Bool: { 'aws:SecureTransport': true } }),
  unmet('bool', 'Bool: true is not false', { Bool: { 'aws:SecureTransport': 'false' } }),
  held('bool', 'Bool: true is true or false', { Bool: { 'aws:SecureTransport': ['false', 'TRUE'] } }),
  unmet('bool', 'Bool: a missing key', { Bool: { 'sts:ExternalId': 'true' } }),
  open('bool', 'Bool: a key that is no boolean', { Bool: { [SUB]: 'true' } }),
  held('null', 'Null: false, the key is there', { Null: { [SUB]: 'false' } }),
  unmet('null', 'Null: true, the key is there', { Null: { [SUB]: 'true' } }),
  held('null', 'Null: true, the key is missing', { Null: { [SUB]: true } }, WITHOUT_SUB),
  unmet('null', 'Null: false, the key is missing', { Null: { [SUB]: 'false' } }, WITHOUT_SUB),
  open('null', 'Null: an empty value can be null', { Null: { 'aws:RequestTag/pr_branch': 'false' } }, TAGGED),
  held('null', 'Null: false or true', { Null: { [SUB]: ['true', 'false'] } }),
  held('null', 'Null: a list of which one is empty is there', { Null: { 'aws:TagKeys': 'false' } }, ONE_EMPTY),
  open('null', 'Null: IfExists is not for it', { NullIfExists: { [SUB]: 'false' } }),
  ...[
    ['ArnLike', 'aws:SourceArn', 'arn:*'],
    ['ArnEquals', 'aws:PrincipalArn', 'arn:aws:iam::123456789012:role/x'],
    ['NumericLessThan', 'aws:EpochTime', '9999999999'],
    ['DateGreaterThan', 'aws:CurrentTime', '2020-01-01T00:00:00Z'],
    ['IpAddress', 'aws:SourceIp', '203.0.113.0/24'],
    ['NotIpAddress', 'aws:SourceIp', '203.0.113.0/24'],
    ['BinaryEquals', SUB, 'QmluYXJ5'],
    ['StringEqual', SUB, MAIN],
  ].map(([operator = '', key = '', value]) =>
    open('string', `${operator}: only AWS evaluates it`, { [operator]: { [key]: value } }),
  ),
];

/** Missing keys, with and without IfExists. */
export const PRESENCE: readonly Row[] = [
  unmet('missing', 'StringEquals: a missing key', { StringEquals: { [SUB]: MAIN } }, WITHOUT_SUB),
  unmet('missing', 'StringLike: a missing key, even with *', { StringLike: { [SUB]: '*' } }, WITHOUT_SUB),
  held('missing', 'StringNotEquals: a missing key', { StringNotEquals: { [SUB]: MAIN } }, WITHOUT_SUB),
  held('missing', 'StringNotLike: a missing key', { StringNotLike: { [SUB]: '*' } }, WITHOUT_SUB),
  held('ifExists', 'StringEqualsIfExists: a missing key', { StringEqualsIfExists: { [SUB]: MAIN } }, WITHOUT_SUB),
  held('ifExists', 'StringEqualsIfExists: the same', { StringEqualsIfExists: { [SUB]: MAIN } }),
  unmet('ifExists', 'StringEqualsIfExists: another', { StringEqualsIfExists: { [SUB]: DEV } }),
  held('ifExists', 'StringLikeIfExists: a missing key', { StringLikeIfExists: { [SUB]: 'x' } }, WITHOUT_SUB),
  unmet('ifExists', 'StringLikeIfExists: no fit', { StringLikeIfExists: { [SUB]: 'x*' } }),
  held('ifExists', 'StringNotEqualsIfExists: a missing key', { StringNotEqualsIfExists: { [SUB]: MAIN } }, WITHOUT_SUB),
  unmet('ifExists', 'StringNotEqualsIfExists: the same', { StringNotEqualsIfExists: { [SUB]: MAIN } }),
  held('ifExists', 'BoolIfExists: a missing key', { BoolIfExists: { 'sts:ExternalId': 'true' } }),
  unmet('ifExists', 'BoolIfExists: false', { BoolIfExists: { 'aws:SecureTransport': 'false' } }),
];

/** Several values, keys and operators. */
export const SEVERAL: readonly Row[] = [
  held('several', 'values are an "or": one fits', { StringEquals: { [SUB]: [DEV, MAIN] } }),
  unmet('several', 'values are an "or": none fits', { StringEquals: { [SUB]: [DEV, 'x'] } }),
  held('several', 'values of a negated operator are a "nor": none fits', { StringNotEquals: { [SUB]: [DEV, 'x'] } }),
  unmet('several', 'values of a negated operator are a "nor": one fits', { StringNotLike: { [SUB]: ['x', '*main'] } }),
  held('several', 'keys are an "and": all hold', { StringEquals: { [AUD]: ISSUER, [SUB]: MAIN } }),
  unmet(
    'several',
    'keys are an "and": one fails',
    { StringEquals: { [AUD]: ISSUER, [SUB]: DEV } },
    {
      deciding: [`#0 StringEquals ${SUB}`],
    },
  ),
  held('several', 'operators are an "and": both hold', {
    StringEquals: { [AUD]: ISSUER },
    StringLike: { [SUB]: 'org:acme:*' },
  }),
  unmet(
    'several',
    'operators are an "and": one fails',
    {
      StringEquals: { [SUB]: MAIN },
      StringLike: { [AUD]: 'https://rtx.*' },
    },
    { deciding: [`#0 StringLike ${AUD}`] },
  ),
  held('several', 'no condition at all', {}),
  open('grammar', 'no value at all', { StringEquals: { [SUB]: [] } }),
];

/** ForAnyValue and ForAllValues. */
export const SETS: readonly Row[] = [
  held(
    'sets',
    'ForAnyValue: one of the list',
    { 'ForAnyValue:StringEquals': { 'aws:TagKeys': ['x', 'repo'] } },
    TAGGED,
  ),
  unmet('sets', 'ForAnyValue: none of the list', { 'ForAnyValue:StringEquals': { 'aws:TagKeys': 'team' } }, TAGGED),
  unmet('sets', 'ForAnyValue: a missing key', { 'ForAnyValue:StringLike': { 'aws:TagKeys': '*' } }),
  held(
    'sets',
    'ForAnyValue, negated: one is another',
    { 'ForAnyValue:StringNotEquals': { 'aws:TagKeys': 'repo' } },
    TAGGED,
  ),
  unmet('sets', 'ForAnyValue, negated: all fit', { 'ForAnyValue:StringNotLike': { 'aws:TagKeys': '*' } }, TAGGED),
  open('sets', 'ForAnyValue with IfExists: a missing key', {
    'ForAnyValue:StringEqualsIfExists': { 'aws:TagKeys': 'x' },
  }),
  held('sets', 'ForAllValues: all fit', { 'ForAllValues:StringLike': { 'aws:TagKeys': ['*r*', 'job_type'] } }, TAGGED),
  unmet('sets', 'ForAllValues: one is another', { 'ForAllValues:StringEquals': { 'aws:TagKeys': ['repo'] } }, TAGGED),
  held('sets', 'ForAllValues: a missing key', { 'ForAllValues:StringEquals': { 'aws:TagKeys': ['repo'] } }),
  held(
    'sets',
    'ForAllValues: a missing subject lets anyone in',
    { 'ForAllValues:StringEquals': { [SUB]: MAIN } },
    WITHOUT_SUB,
  ),
  held(
    'sets',
    'ForAllValues, negated: none fits',
    { 'ForAllValues:StringNotLike': { 'aws:TagKeys': 'key1*' } },
    TAGGED,
  ),
  unmet(
    'sets',
    'ForAllValues, negated: one fits',
    { 'ForAllValues:StringNotLike': { 'aws:TagKeys': 'repo*' } },
    TAGGED,
  ),
  held('sets', 'ForAllValues on a key of one value: the same', { 'ForAllValues:StringEquals': { [SUB]: MAIN } }),
  unmet('sets', 'ForAllValues on a key of one value: another', { 'ForAllValues:StringEquals': { [SUB]: DEV } }),
  held(
    'sets',
    'ForAllValues: an empty value counts as none',
    { 'ForAllValues:StringEquals': { 'aws:RequestTag/pr_branch': 'x' } },
    TAGGED,
  ),
  unmet(
    'sets',
    'ForAnyValue: an empty value counts as none',
    { 'ForAnyValue:StringEquals': { 'aws:RequestTag/pr_branch': '' } },
    TAGGED,
  ),
  unmet(
    'sets',
    'ForAllValues: an empty value among others counts',
    { 'ForAllValues:StringEquals': { 'aws:TagKeys': 'repo' } },
    ONE_EMPTY,
  ),
  open('sets', 'a list without a set operator', { StringEquals: { 'aws:TagKeys': 'repo' } }, TAGGED),
  open('null', 'ForAnyValue before Null', { 'ForAnyValue:Null': { 'aws:TagKeys': 'false' } }, TAGGED),
];
