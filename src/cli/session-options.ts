import { parsePolicyArn, parseRoleArn } from '../aws/arn.ts';
import {
  externalIdLength,
  longestChainedSession,
  longestTagKey,
  longestTagValue,
  mostSessionPolicyArns,
  mostSessionTags,
  type Range,
  sessionDuration,
  sourceIdentityLength,
} from '../aws/limits.ts';
import { isTagKey, isTagValue, parseSessionName } from '../aws/names.ts';
import { Failure } from '../failure.ts';
import type { GivenValue } from '../failures/usage.ts';
import type { SessionOptions } from '../sts/role-chain.ts';
import type { Option, Options } from './option.ts';
import { parseSeconds } from './values.ts';

/** The options that shape the sessions of a login, and the chain of roles that leads to them. */
export const sessionOptions = [
  {
    name: 'session-name',
    value: 'NAME',
    help: 'role session name, shown in AWS CloudTrail',
    parse: parseSessionName,
    otherwise: 'semaphore-job-<job id>',
    group: 'Session',
    commands: ['login', 'exec'],
  },
  {
    name: 'duration',
    value: 'SECONDS',
    help: `session duration, ${sessionDuration.least} to ${sessionDuration.most}`,
    parse: (given) => parseSeconds(given, sessionDuration.least, sessionDuration.most),
    otherwise: '3600',
    group: 'Session',
    commands: ['login', 'exec'],
  },
  {
    name: 'session-policy',
    value: 'FILE',
    help: "JSON policy file that limits the session's permissions",
    group: 'Session',
    commands: ['login', 'exec'],
  },
  {
    name: 'session-policy-arn',
    value: 'ARN',
    repeatable: true,
    help: `ARN of a managed policy that limits the session's permissions, at most ${mostSessionPolicyArns}`,
    parse: parsePolicyArn,
    group: 'Session',
    commands: ['login', 'exec'],
  },
  {
    name: 'then-role-arn',
    value: 'ARN',
    repeatable: true,
    help: 'role to assume next, with the session of the previous role',
    parse: parseRoleArn,
    group: 'Role chain',
    commands: ['login', 'exec'],
  },
  {
    name: 'external-id',
    value: 'ID',
    help: 'external ID that the last role of the chain requires',
    parse: (given) =>
      parseMatching(given, 'an external id', externalIdLength, /^[\w+=,.@:/-]*$/, 'letters, digits or _+=,.@:/-'),
    group: 'Role chain',
    commands: ['login', 'exec'],
  },
  {
    name: 'source-identity',
    value: 'NAME',
    help: 'source identity, set when the first chained role is assumed',
    parse: (given) =>
      parseMatching(given, 'a source identity', sourceIdentityLength, /^[\w+=,.@-]*$/, 'letters, digits or _+=,.@-'),
    group: 'Role chain',
    commands: ['login', 'exec'],
  },
  {
    name: 'session-tag',
    value: 'KEY=VALUE',
    repeatable: true,
    help: 'session tag, set when a chained role is assumed',
    parse: parseTag,
    group: 'Role chain',
    commands: ['login', 'exec'],
  },
  {
    name: 'transitive-tag',
    value: 'KEY',
    repeatable: true,
    help: 'key of a session tag that the next roles of the chain inherit',
    group: 'Role chain',
    commands: ['login', 'exec'],
  },
] as const satisfies readonly Option[];

/** One of these options. */
export type SessionOption = (typeof sessionOptions)[number];

/** Throws `value-invalid` for options that do not fit together. */
export function parseSessionOptions({ values, given }: Options<SessionOption>): SessionOptions {
  const further = values['then-role-arn'];
  if (further.length === 0) refuseWithoutChain(given);
  else refuseLongChainedSession(values.duration, given.duration);
  refusePolicyArnsOverLimit(given['session-policy-arn']);
  const tags = values['session-tag'];
  refuseTagsTogether(tags, given['session-tag']);
  refuseUnknownTransitiveTags(given['transitive-tag'], tags);
  return {
    durationSeconds: values.duration,
    policyFile: values['session-policy'],
    policyArns: values['session-policy-arn'].map(({ text }) => text),
    further,
    externalId: values['external-id'],
    sourceIdentity: values['source-identity'],
    tags,
    transitiveTags: values['transitive-tag'],
  };
}

function parseTag(given: GivenValue): Tag {
  const [, key = '', value = ''] = /^([^=]*)=(.*)$/s.exec(given.value) ?? [];
  if (!given.value.includes('='))
    refuse(given, 'a tag has a key and a value, with "=" between them', 'write KEY=VALUE');
  const rule = `a key has 1 to ${longestTagKey} characters, a value up to ${longestTagValue}`;
  if (!isTagKey(key) || !isTagValue(value)) refuse(given, `${rule}: letters, digits, spaces or _.:/=+-@`, 'change it');
  return [key, value];
}

type Tag = readonly [key: string, value: string];

function parseMatching(given: GivenValue, what: string, length: Range, legal: RegExp, characters: string): string {
  const { value } = given;
  if (value.length >= length.least && value.length <= length.most && legal.test(value)) return value;
  return refuse(given, `${what} has ${length.least} to ${length.most} ${characters}`, 'change it');
}

// AssumeRoleWithWebIdentity has none of these parameters:
// https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html
function refuseWithoutChain(options: Options<SessionOption>['given']): void {
  for (const name of ['external-id', 'source-identity', 'session-tag', 'transitive-tag'] as const) {
    const [given] = options[name];
    if (given !== undefined)
      refuse(
        given,
        "a login with the job's token does not support it; its tags come from the token",
        'use it with --then-role-arn, for a role that the first one assumes',
      );
  }
}

function refuseLongChainedSession(seconds: number | undefined, [given]: readonly GivenValue[]): void {
  if (given === undefined || seconds === undefined || seconds <= longestChainedSession) return;
  refuse(
    given,
    'AWS limits the session of a chained role to one hour',
    `give at most ${longestChainedSession}; the SDKs renew the session`,
  );
}

function refusePolicyArnsOverLimit(given: readonly GivenValue[]): void {
  const [first] = given;
  if (first !== undefined && given.length > mostSessionPolicyArns)
    refuse(
      first,
      `there are ${given.length} policies, and a session takes ${mostSessionPolicyArns} at most`,
      'leave some out',
    );
}

function refuseTagsTogether(tags: readonly Tag[], given: readonly GivenValue[]): void {
  const keys = tags.map(([key]) => key.toLowerCase());
  given.forEach((one, index) => {
    if (keys.indexOf(keys[index] ?? '') < index)
      refuse(one, 'its key is given twice, and AWS ignores case', 'leave one out');
    if (index >= mostSessionTags) refuse(one, `a session has ${mostSessionTags} tags at most`, 'leave some out');
  });
}

function refuseUnknownTransitiveTags(given: readonly GivenValue[], tags: readonly Tag[]): void {
  for (const one of given)
    if (!tags.some(([key]) => key === one.value))
      refuse(one, 'no --session-tag has this key', 'add the tag: --session-tag KEY=VALUE');
}

function refuse(given: GivenValue, problem: string, remedy: string): never {
  throw new Failure({ kind: 'value-invalid', ...given, problem, remedy });
}
