import { defaultProfile } from '../cli/login-options.ts';
import { lastHopOf } from '../sts/role-chain.ts';
import { quoteForBash } from '../text/shell-words.ts';
import type { Environment } from '../world/world.ts';
import type { RecordedProfile } from './job-record.ts';
import type { ShownLogin } from './shown-login.ts';

/**
 * Returns the line that repeats a login, with `more` options at its end. The path of a session policy is not recorded: FILE
 * is in its place, since a login without it would be allowed more.
 */
export function repeatedLoginLine(
  { profiles, exported }: ShownLogin,
  job: string | undefined,
  ...more: readonly string[]
): string {
  const [{ recipe }] = profiles;
  const { chain, region } = recipe;
  const { first, further } = chain;
  const last = lastHopOf(chain);
  return loginLine(
    ...roleWords(profiles),
    ...wordsOf('--region', region),
    ...wordsOf('--session-name', first.sessionName === `semaphore-job-${job}` ? undefined : first.sessionName),
    ...wordsOf('--duration', last.durationSeconds?.toString()),
    ...wordsOf('--session-policy', last.policy === undefined ? undefined : 'FILE'),
    ...last.policyArns.flatMap((arn) => wordsOf('--session-policy-arn', arn)),
    ...further.flatMap(({ roleArn }) => wordsOf('--then-role-arn', roleArn)),
    ...wordsOf('--external-id', last.externalId),
    ...further.flatMap(({ sourceIdentity }) => wordsOf('--source-identity', sourceIdentity)),
    ...further.flatMap(({ tags }) => tags.flatMap(([key, value]) => wordsOf('--session-tag', `${key}=${value}`))),
    ...further.flatMap(({ transitiveTags }) => transitiveTags.flatMap((key) => wordsOf('--transitive-tag', key))),
    ...(exported?.keys === undefined ? [] : ['--export', 'static']),
    ...more,
  );
}

/** Returns the line for a first login. Without a role, that of SEM_AWS_LOGIN_ROLE_ARN, or else an example. */
export function firstLoginLine(
  { roleArn, region }: { readonly roleArn?: string | undefined; readonly region?: string | undefined },
  environment: Environment,
  ...more: string[]
): string {
  if (roleArn !== undefined) return loginLine('--role-arn', roleArn, ...wordsOf('--region', region), ...more);
  if (environment['SEM_AWS_LOGIN_ROLE_ARN']) return loginLine(...wordsOf('--region', region), ...more);
  return loginLine('--role-arn', 'arn:aws:iam::123456789012:role/NAME', '--region', region ?? 'eu-west-1', ...more);
}

function loginLine(...words: string[]): string {
  return `source "$(${['sem-aws-login', ...words.map(quoteForBash)].join(' ')})"`;
}

function roleWords(profiles: ShownLogin['profiles']): string[] {
  const [only, ...others] = profiles;
  const roleArnOf = ({ recipe }: RecordedProfile) => recipe.chain.first.roleArn;
  if (others.length > 0) return profiles.flatMap((one) => ['--role', `${one.profile}=${roleArnOf(one)}`]);
  return ['--role-arn', roleArnOf(only), ...(only.profile === defaultProfile ? [] : ['--profile', only.profile])];
}

function wordsOf(option: string, value: string | undefined): string[] {
  return value === undefined ? [] : [option, value];
}
