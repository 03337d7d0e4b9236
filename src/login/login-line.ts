import { defaultProfile } from '../cli/login-options.ts';
import { lastHopOf } from '../sts/role-chain.ts';
import { quoteForBash } from '../text/shell-words.ts';
import type { Environment } from '../world/world.ts';
import type { RecordedProfile } from './job-record.ts';

type LoggedIn = Pick<RecordedProfile, 'profile' | 'recipe'>;

/** A login, as a command line needs it. */
export interface RepeatedLogin {
  readonly profiles: readonly [LoggedIn, ...LoggedIn[]];
  /** The session name of a login without --session-name. */
  readonly defaultSessionName: string;
}

/**
 * Returns the line that repeats a login, with further options at its end. The path of a session policy is not recorded:
 * FILE is in its place, since a login without it would be allowed more.
 */
export function repeatedLoginLine({ profiles, defaultSessionName }: RepeatedLogin, ...more: string[]): string {
  const [{ recipe }] = profiles;
  const { chain, region } = recipe;
  const { first, further } = chain;
  const last = lastHopOf(chain);
  return loginLine(
    ...roleWords(profiles),
    ...wordsOf('--region', region),
    ...wordsOf('--session-name', first.sessionName === defaultSessionName ? undefined : first.sessionName),
    ...wordsOf('--duration', last.durationSeconds?.toString()),
    ...wordsOf('--session-policy', last.policy === undefined ? undefined : 'FILE'),
    ...last.policyArns.flatMap((arn) => wordsOf('--session-policy-arn', arn)),
    ...further.flatMap(({ roleArn }) => wordsOf('--then-role-arn', roleArn)),
    ...wordsOf('--external-id', last.externalId),
    ...further.flatMap(({ sourceIdentity }) => wordsOf('--source-identity', sourceIdentity)),
    ...further.flatMap(({ tags }) => tags.flatMap(([key, value]) => wordsOf('--session-tag', `${key}=${value}`))),
    ...further.flatMap(({ transitiveTags }) => transitiveTags.flatMap((key) => wordsOf('--transitive-tag', key))),
    ...more,
  );
}

/** Returns the line for a login of this role; of the role in SEM_AWS_LOGIN_ROLE_ARN, or an example, if it is undefined. */
export function firstLoginLine(roleArn: string | undefined, environment: Environment, ...more: string[]): string {
  if (roleArn === undefined && environment['SEM_AWS_LOGIN_ROLE_ARN']) return loginLine(...more);
  return loginLine('--role-arn', roleArn ?? 'arn:aws:iam::123456789012:role/NAME', ...more);
}

function loginLine(...words: string[]): string {
  return `source "$(${['sem-aws-login', ...words.map(quoteForBash)].join(' ')})"`;
}

function roleWords(profiles: RepeatedLogin['profiles']): string[] {
  const [only, ...others] = profiles;
  const roleArnOf = ({ recipe }: LoggedIn) => recipe.chain.first.roleArn;
  if (others.length > 0) return profiles.flatMap((one) => ['--role', `${one.profile}=${roleArnOf(one)}`]);
  return ['--role-arn', roleArnOf(only), ...(only.profile === defaultProfile ? [] : ['--profile', only.profile])];
}

function wordsOf(option: string, value: string | undefined): string[] {
  return value === undefined ? [] : [option, value];
}
