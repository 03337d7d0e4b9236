import { createHash } from 'node:crypto';
import type { RoleArn } from '../aws/arn.ts';
import { recordOf } from '../text/json.ts';
import type { RoleChain, RoleHop } from '../world/sts.ts';

export interface SessionOptions {
  readonly durationSeconds: number | undefined;
  readonly policyFile: string | undefined;
  readonly policyArns: readonly string[];
  readonly further: readonly RoleArn[];
  readonly externalId: string | undefined;
  readonly sourceIdentity: string | undefined;
  readonly tags: readonly (readonly [key: string, value: string])[];
  readonly transitiveTags: readonly string[];
}

/**
 * Returns the chain to one role's credentials. Duration, policies, external id and plain tags are
 * for the last role. Source identity and transitive tags are for the first: AWS passes them on.
 */
export function makeRoleChain(
  role: RoleArn,
  sessionName: string,
  options: SessionOptions,
  policy: string | undefined,
): RoleChain {
  const { durationSeconds, policyArns, further, externalId, sourceIdentity, tags, transitiveTags } = options;
  const shape = { durationSeconds, policy, policyArns };
  const first = makePlainHop(role.text, sessionName);
  if (further.length === 0) return { first: { ...first, ...shape }, further: [] };
  const isTransitive = ([key]: readonly [string, string]) => transitiveTags.includes(key);
  const hops = further.map((one, index): RoleHop => {
    const isFirst = index === 0;
    const isLast = index === further.length - 1;
    return {
      ...makePlainHop(one.text, sessionName),
      ...(isLast ? { ...shape, externalId } : {}),
      ...(isFirst ? { sourceIdentity, transitiveTags } : {}),
      tags: tags.filter((tag) => (isTransitive(tag) ? isFirst : isLast)),
    };
  });
  return { first, further: hops };
}

/** Returns a hop with no options set. */
export function makePlainHop(roleArn: string, sessionName: string): RoleHop {
  return {
    roleArn,
    sessionName,
    durationSeconds: undefined,
    policy: undefined,
    policyArns: [],
    externalId: undefined,
    sourceIdentity: undefined,
    tags: [],
    transitiveTags: [],
  };
}

/**
 * Whether a web-identity profile can express the chain: in one, SDKs read no duration and no
 * session policy.
 */
export function isPlain({ first, further }: RoleChain): boolean {
  return (
    further.length === 0 &&
    first.durationSeconds === undefined &&
    first.policy === undefined &&
    first.policyArns.length === 0
  );
}

/** Returns the role whose credentials the chain ends with. */
export function lastHopOf({ first, further }: RoleChain): RoleHop {
  return further.at(-1) ?? first;
}

/** Parses a chain from decoded JSON; undefined if it is not one. */
export function parseRoleChain(value: unknown): RoleChain | undefined {
  const { first, further } = recordOf(value);
  const parsedFirst = parseHop(first);
  const parsedFurther = Array.isArray(further) ? further.map(parseHop) : [undefined];
  const valid = parsedFurther.filter((hop) => hop !== undefined);
  if (parsedFirst === undefined || valid.length !== parsedFurther.length) return undefined;
  return { first: parsedFirst, further: valid };
}

function parseHop(value: unknown): RoleHop | undefined {
  const raw = recordOf(value);
  const text = (name: string) => (typeof raw[name] === 'string' ? raw[name] : undefined);
  const roleArn = text('roleArn');
  const sessionName = text('sessionName');
  if (roleArn === undefined || sessionName === undefined) return undefined;
  return {
    roleArn,
    sessionName,
    durationSeconds: typeof raw['durationSeconds'] === 'number' ? raw['durationSeconds'] : undefined,
    policy: text('policy'),
    policyArns: stringsOf(raw['policyArns']),
    externalId: text('externalId'),
    sourceIdentity: text('sourceIdentity'),
    tags: pairsOf(raw['tags']),
    transitiveTags: stringsOf(raw['transitiveTags']),
  };
}

function stringsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((entry) => typeof entry === 'string') : [];
}

function pairsOf(value: unknown): [string, string][] {
  if (!Array.isArray(value)) return [];
  return value.filter((entry): entry is [string, string] => Array.isArray(entry) && stringsOf(entry).length === 2);
}

/** Returns a short id of a chain: equal for the same roles and session options. */
export function loginIdOf({ first, further }: RoleChain): string {
  const content = [first, ...further].map((hop) => [
    hop.roleArn,
    hop.sessionName,
    hop.durationSeconds,
    hop.policy,
    hop.policyArns,
    hop.externalId,
    hop.sourceIdentity,
    hop.tags,
    hop.transitiveTags,
  ]);
  return createHash('sha256').update(JSON.stringify(content)).digest('hex').slice(0, 16);
}
