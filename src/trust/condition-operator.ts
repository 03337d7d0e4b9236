/** How a condition operator compares; `unsupported` ones (Arn…, Numeric…, Date…, IpAddress, Binary) only AWS evaluates. */
export type Comparison = 'equals' | 'equals-ignoring-case' | 'like' | 'bool' | 'null' | 'unsupported';

/** An operator of a condition, taken apart. */
export interface ConditionOperator {
  /** As the policy writes it. */
  readonly name: string;
  readonly comparison: Comparison;
  readonly negated: boolean;
  readonly ifExists: boolean;
  readonly set: 'any' | 'all' | undefined;
}

const comparisons = new Map<string, { readonly comparison: Comparison; readonly negated: boolean }>([
  ['stringequals', { comparison: 'equals', negated: false }],
  ['stringnotequals', { comparison: 'equals', negated: true }],
  ['stringequalsignorecase', { comparison: 'equals-ignoring-case', negated: false }],
  ['stringnotequalsignorecase', { comparison: 'equals-ignoring-case', negated: true }],
  ['stringlike', { comparison: 'like', negated: false }],
  ['stringnotlike', { comparison: 'like', negated: true }],
  ['bool', { comparison: 'bool', negated: false }],
  ['null', { comparison: 'null', negated: false }],
]);

// The plural differs: ForAnyValue, but ForAllValues.
const quantities = [
  ['foranyvalue:', 'any'],
  ['forallvalues:', 'all'],
] as const;

const ifExistsEnding = 'ifexists';

/**
 * Takes an operator's name apart. Case does not matter: what IAM has saved it reads as the operator it names.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
 */
export function parseConditionOperator(name: string): ConditionOperator {
  const lower = name.toLowerCase();
  const [quantity, set] = quantities.find(([start]) => lower.startsWith(start)) ?? ['', undefined];
  const compared = lower.slice(quantity.length);
  const ifExists = compared.endsWith(ifExistsEnding);
  const known = comparisons.get(ifExists ? compared.slice(0, -ifExistsEnding.length) : compared);
  return { name, comparison: known?.comparison ?? 'unsupported', negated: known?.negated ?? false, ifExists, set };
}
