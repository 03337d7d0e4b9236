import type { ConditionBlock } from './trust-policy.ts';

/** The request's values by context key; keys are not case-sensitive. */
export type ConditionContext = ReadonlyMap<string, readonly string[]>;

type Test = (actual: string, expected: string) => boolean;

function makeWildcard(pattern: string, crossesColons: boolean): RegExp {
  const any = crossesColons ? '[^]' : '[^:]';
  const expression = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', `${any}*`)
    .replaceAll('?', any);
  return new RegExp(`^${expression}$`);
}

const equals: Test = (actual, expected) => actual === expected;
const equalsIgnoringCase: Test = (actual, expected) => actual.toLowerCase() === expected.toLowerCase();
const like: Test = (actual, expected) => makeWildcard(expected, true).test(actual);
const arnLike: Test = (actual, expected) => makeWildcard(expected, false).test(actual);

const positive: { readonly [operator: string]: Test } = {
  StringEquals: equals,
  StringEqualsIgnoreCase: equalsIgnoringCase,
  StringLike: like,
  ArnEquals: arnLike,
  ArnLike: arnLike,
  Bool: equalsIgnoringCase,
  NumericEquals: (actual, expected) => Number(actual) === Number(expected),
  NumericLessThan: (actual, expected) => Number(actual) < Number(expected),
  NumericGreaterThan: (actual, expected) => Number(actual) > Number(expected),
};

const negative: { readonly [operator: string]: Test } = {
  StringNotEquals: equals,
  StringNotEqualsIgnoreCase: equalsIgnoringCase,
  StringNotLike: like,
  ArnNotEquals: arnLike,
  ArnNotLike: arnLike,
  NumericNotEquals: (actual, expected) => Number(actual) === Number(expected),
};

interface Operator {
  readonly qualifier: 'ForAnyValue' | 'ForAllValues' | undefined;
  readonly ifExists: boolean;
  readonly name: string;
}

function parseOperator(text: string): Operator {
  const match = /^(?:(ForAnyValue|ForAllValues):)?(\w+?)(IfExists)?$/.exec(text);
  const [, qualifier, name = text, ifExists] = match ?? [];
  return {
    qualifier: qualifier === 'ForAnyValue' || qualifier === 'ForAllValues' ? qualifier : undefined,
    ifExists: ifExists !== undefined,
    name,
  };
}

function matchesOneOf(actual: string, expected: readonly string[], test: Test): boolean {
  return expected.some((value) => test(actual, value));
}

/** The result of each operator if the request has no value for the key. */
function holdsForMissingKey(operator: Operator): boolean {
  if (operator.qualifier === 'ForAnyValue') return false;
  return operator.ifExists || operator.qualifier === 'ForAllValues' || operator.name in negative;
}

function holds(operator: Operator, actual: readonly string[] | undefined, expected: readonly string[]): boolean {
  if (operator.name === 'Null')
    return expected.some((value) => (value.toLowerCase() === 'true') === (actual === undefined));
  if (actual === undefined || actual.length === 0) return holdsForMissingKey(operator);
  const isNegative = operator.name in negative;
  const test = isNegative ? negative[operator.name] : positive[operator.name];
  if (test === undefined) return false;
  const matches = (value: string) => matchesOneOf(value, expected, test) !== isNegative;
  if (operator.qualifier === 'ForAllValues') return actual.every(matches);
  if (operator.qualifier === 'ForAnyValue') return actual.some(matches);
  return isNegative ? actual.every(matches) : actual.some(matches);
}

/** Describes the first condition that a request does not meet; undefined if it meets them all. */
export function failedConditionOf(block: ConditionBlock, context: ConditionContext): string | undefined {
  const lowerCase = new Map([...context].map(([key, values]) => [key.toLowerCase(), values]));
  for (const [operatorText, keys] of Object.entries(block)) {
    for (const [key, value] of Object.entries(keys)) {
      const expected = [value].flat();
      const actual = lowerCase.get(key.toLowerCase());
      if (holds(parseOperator(operatorText), actual, expected)) continue;
      return `${operatorText} ${key} wants ${JSON.stringify(expected)}, the request has ${JSON.stringify(actual ?? null)}`;
    }
  }
  return undefined;
}
