import { validationError } from './sts-error.ts';

export type Parameters = ReadonlyMap<string, string>;

/** The limits of one parameter. Errors do not repeat `secret` values. */
export interface Limits {
  readonly name: string;
  readonly required?: boolean;
  readonly length?: readonly [number, number];
  readonly range?: readonly [number, number];
  readonly pattern?: string;
  readonly secret?: boolean;
}

/** The limits in STS's API reference. */
export const limits = {
  roleArn: { name: 'RoleArn', required: true, length: [20, 2048] },
  roleSessionName: { name: 'RoleSessionName', required: true, length: [2, 64], pattern: String.raw`[\w+=,.@-]*` },
  webIdentityToken: { name: 'WebIdentityToken', required: true, length: [4, 20_000], secret: true },
  durationSeconds: { name: 'DurationSeconds', range: [900, 43_200] },
  policy: { name: 'Policy', length: [1, 2048] },
  externalId: { name: 'ExternalId', length: [2, 1224], pattern: String.raw`[\w+=,.@:\/-]*` },
  sourceIdentity: { name: 'SourceIdentity', length: [2, 64], pattern: String.raw`[\w+=,.@-]*` },
} as const satisfies Record<string, Limits>;

function lengthViolation(length: number, [least, most]: readonly [number, number]): string | undefined {
  if (length < least) return `Member must have length greater than or equal to ${least}`;
  return length > most ? `Member must have length less than or equal to ${most}` : undefined;
}

function rangeViolation(value: number, [least, most]: readonly [number, number]): string | undefined {
  if (value < least) return `Member must have value greater than or equal to ${least}`;
  return value > most ? `Member must have value less than or equal to ${most}` : undefined;
}

function violationsIn(limit: Limits, value: string | undefined): readonly string[] {
  if (value === undefined) return limit.required === true ? ['Member must not be null'] : [];
  const found: string[] = [];
  const add = (violation: string | undefined) => {
    if (violation !== undefined) found.push(violation);
  };
  if (limit.range !== undefined) add(rangeViolation(Number(value), limit.range));
  if (limit.pattern !== undefined && !new RegExp(`^${limit.pattern}$`).test(value)) {
    add(`Member must satisfy regular expression pattern: ${limit.pattern}`);
  }
  if (limit.length !== undefined) add(lengthViolation(value.length, limit.length));
  return found;
}

function describeValue(limit: Limits, value: string | undefined): string {
  if (value === undefined) return 'Value null';
  return limit.secret === true ? 'Value' : `Value '${value}'`;
}

/** Throws one error with all violations of the limits, as STS does. */
export function checkLimits(parameters: Parameters, checked: readonly Limits[]): void {
  const violations = checked.flatMap((limit) => {
    const value = parameters.get(limit.name);
    const field = limit.name.charAt(0).toLowerCase() + limit.name.slice(1);
    return violationsIn(limit, value).map(
      (violation) => `${describeValue(limit, value)} at '${field}' failed to satisfy constraint: ${violation}`,
    );
  });
  if (violations.length === 0) return;
  const noun = violations.length === 1 ? 'error' : 'errors';
  throw validationError(`${violations.length} validation ${noun} detected: ${violations.join('; ')}`);
}

/** Returns the values of a list parameter, `NAME.member.1.SUFFIX` and so on. */
export function membersOf(parameters: Parameters, name: string, suffix: string = ''): readonly string[] {
  const members: string[] = [];
  for (;;) {
    const member = parameters.get(`${name}.member.${members.length + 1}${suffix}`);
    if (member === undefined) return members;
    members.push(member);
  }
}
