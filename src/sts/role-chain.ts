import { recordOf } from '../text/json.ts';
import type { RoleChain, RoleHop } from '../world/sts.ts';

/** A hop without anything special. */
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

/** Whether a web-identity profile says it all: SDKs take neither a duration nor a session policy from one. */
export function isPlain({ first, further }: RoleChain): boolean {
  return (
    further.length === 0 &&
    first.durationSeconds === undefined &&
    first.policy === undefined &&
    first.policyArns.length === 0
  );
}

/** The role whose credentials come out at the end. */
export function lastHopOf({ first, further }: RoleChain): RoleHop {
  return further.at(-1) ?? first;
}

/** Reads back a chain that was stored as JSON; undefined for anything else. */
export function parseRoleChain(value: unknown): RoleChain | undefined {
  const { first, further } = recordOf(value);
  const parsedFirst = parseHop(first);
  const parsedFurther = Array.isArray(further) ? further.map(parseHop) : [undefined];
  const whole = parsedFurther.filter((hop) => hop !== undefined);
  if (parsedFirst === undefined || whole.length !== parsedFurther.length) return undefined;
  return { first: parsedFirst, further: whole };
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
    policyArns: textsOf(raw['policyArns']),
    externalId: text('externalId'),
    sourceIdentity: text('sourceIdentity'),
    tags: pairsOf(raw['tags']),
    transitiveTags: textsOf(raw['transitiveTags']),
  };
}

function textsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((entry) => typeof entry === 'string') : [];
}

function pairsOf(value: unknown): [string, string][] {
  if (!Array.isArray(value)) return [];
  return value.filter((entry): entry is [string, string] => Array.isArray(entry) && textsOf(entry).length === 2);
}
