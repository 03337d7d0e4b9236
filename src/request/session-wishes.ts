import { Failure } from '../failure.ts';
import type { GivenValue } from './given-value.ts';
import { parsePolicyArn } from './policy-arn.ts';
import type { RawOptions } from './raw-options.ts';
import { parseRoleArn, type RoleArn } from './role-arn.ts';
import { makePlainHop, type RoleChain, type RoleHop } from './role-chain.ts';
import { parseSeconds } from './seconds.ts';

/** What is asked of a login's sessions beyond a plain one. */
export interface SessionWishes {
  readonly durationSeconds: number | undefined;
  readonly policyFile: string | undefined;
  readonly policyArns: readonly string[];
  /** Roles to go on to, in order. */
  readonly further: readonly RoleArn[];
  readonly externalId: string | undefined;
  readonly sourceIdentity: string | undefined;
  readonly tags: readonly (readonly [key: string, value: string])[];
  readonly transitiveTags: readonly string[];
}

/** A session policy's characters at most, white space included. */
export const longestPolicy = 2048;

// Limits: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
const longestChainedSession = 3600;
const mostPolicyArns = 10;
const mostTags = 50;

/** Throws `Failure` of the usage kinds. */
export function parseSessionWishes(options: RawOptions): SessionWishes {
  const further = options.list('then-role-arn').map(parseRoleArn);
  if (further.length === 0) refuseWithoutChain(options);
  const tags = parseTags(options.list('session-tag'));
  return {
    durationSeconds: options.parsed('duration', (given) => parseDuration(given, further.length > 0)),
    policyFile: options.text('session-policy')?.value,
    policyArns: parsePolicyArns(options.list('session-policy-arn')),
    further,
    externalId: options.parsed('external-id', (given) =>
      parseMatching(given, /^[\w+=,.@:/-]{2,1224}$/, 'an external id has 2 to 1224 letters, digits or _+=,.@:/-'),
    ),
    sourceIdentity: options.parsed('source-identity', (given) =>
      parseMatching(given, /^[\w+=,.@-]{2,64}$/, 'a source identity has 2 to 64 letters, digits or _+=,.@-'),
    ),
    tags,
    transitiveTags: parseTransitiveTags(options.list('transitive-tag'), tags),
  };
}

/**
 * The way to one role's credentials. Duration and policies shape the last session, which is the one that is used; who the job is
 * (source identity, transitive tags) is said at the first chained role, since it then goes on by itself; the external id and the other
 * tags are for the last.
 */
export function makeRoleChain(
  role: RoleArn,
  sessionName: string,
  wishes: SessionWishes,
  policy: string | undefined,
): RoleChain {
  const { durationSeconds, policyArns, further, externalId, sourceIdentity, tags, transitiveTags } = wishes;
  const shape = { durationSeconds, policy, policyArns };
  const first = makePlainHop(role.text, sessionName);
  if (further.length === 0) return { first: { ...first, ...shape }, further: [] };
  const isTransitive = ([key]: readonly [string, string]) => transitiveTags.includes(key);
  const hops = further.map((one, index): RoleHop => {
    const isFirst = index === 0;
    const isLast = index === further.length - 1;
    const own = tags.filter((tag) => (isTransitive(tag) ? isFirst : isLast));
    return {
      ...makePlainHop(one.text, sessionName),
      ...(isLast ? { ...shape, externalId } : {}),
      ...(isFirst ? { sourceIdentity, transitiveTags } : {}),
      tags: own,
    };
  });
  return { first, further: hops };
}

function parseDuration(given: GivenValue, isChain: boolean): number {
  const seconds = parseSeconds(given, 900, 43_200);
  if (!isChain || seconds <= longestChainedSession) return seconds;
  return refuse(
    given,
    "AWS lets a session that another role's session asks for live for an hour at most",
    `give at most ${longestChainedSession}; SDKs renew it by themselves`,
  );
}

function parsePolicyArns(given: readonly GivenValue[]): string[] {
  const [first] = given;
  if (first !== undefined && given.length > mostPolicyArns)
    refuse(
      first,
      `there are ${given.length} policies, and a session takes ${mostPolicyArns} at most`,
      'leave some out',
    );
  return given.map((one) => parsePolicyArn(one).text);
}

function parseTags(given: readonly GivenValue[]): (readonly [string, string])[] {
  const seen = new Set<string>();
  return given.map((one) => {
    const [, key = '', value = ''] = /^([^=]*)=(.*)$/s.exec(one.value) ?? [];
    const legal = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;
    if (!one.value.includes('=')) refuse(one, 'a tag has a key and a value, with "=" between them', 'write KEY=VALUE');
    if (key === '' || key.length > 128 || value.length > 256 || !legal.test(key + value) || /^aws:/i.test(key))
      refuse(one, 'a key has 1 to 128 characters, a value up to 256: letters, digits, spaces or _.:/=+-@', 'change it');
    if (seen.has(key.toLowerCase()))
      refuse(one, 'its key stands twice, and AWS takes no account of case', 'leave one out');
    seen.add(key.toLowerCase());
    if (seen.size > mostTags) refuse(one, `a session has ${mostTags} tags at most`, 'leave some out');
    return [key, value] as const;
  });
}

function parseTransitiveTags(given: readonly GivenValue[], tags: SessionWishes['tags']): string[] {
  return given.map((one) => {
    if (!tags.some(([key]) => key === one.value)) refuse(one, 'no --session-tag has this key', 'give the tag as well');
    return one.value;
  });
}

function parseMatching(given: GivenValue, pattern: RegExp, rule: string): string {
  return pattern.test(given.value) ? given.value : refuse(given, rule, 'change it');
}

// https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html has none of these parameters.
function refuseWithoutChain(options: RawOptions): void {
  for (const name of ['external-id', 'source-identity', 'session-tag', 'transitive-tag']) {
    const [given] = options.list(name);
    if (given !== undefined)
      refuse(
        given,
        "a login by the job's token takes none: its tags come from the token",
        'use it with --then-role-arn, for a role that the first one assumes',
      );
  }
}

function refuse(given: GivenValue, problem: string, remedy: string): never {
  throw new Failure({ kind: 'value-invalid', ...given, problem, remedy });
}
