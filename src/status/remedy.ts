import { defaultProfile } from '../cli/login-options.ts';
import type { ClientInputs } from '../clients/inputs.ts';
import { quoteForBash, quoteForPowerShell } from '../text/shell-words.ts';
import { loginUseOf } from './client-use.ts';
import { compareVariables, sourcedEnvironment } from './shell-variables.ts';
import type { ShownLogin } from './shown-login.ts';
import type { StatusState } from './state.ts';

interface RemedyInputs {
  readonly state: StatusState;
  readonly job: string | undefined;
  readonly login: ShownLogin | undefined;
  readonly files: ClientInputs;
  readonly leftoverVariables: readonly string[];
  readonly configPath: string | undefined;
}

/** Returns the command that makes the AWS clients of this shell use a login; undefined if none is needed or none helps. */
export function remedyOf(inputs: RemedyInputs): string | undefined {
  const { state, job, login, leftoverVariables, files } = inputs;
  if (leftoverVariables.length > 0 && login === undefined) return `unset ${leftoverVariables.join(' ')}`;
  if (login === undefined)
    return job === undefined ? undefined : firstLoginLine(files.environment['SEM_AWS_LOGIN_ROLE_ARN']);
  if (state === 'token-unusable' || state === 'keys-expired') return loginLine(login, job);
  if (state !== 'not-in-use' && state !== 'logged-in') return undefined;
  const envFile = login.exported?.envFile;
  if (envFile !== undefined && needsSource(login, inputs))
    return envFile.endsWith('.ps1') ? `. ${quoteForPowerShell(envFile)}` : `source ${quoteForBash(envFile)}`;
  return state === 'logged-in' ? undefined : loginLine(login, job);
}

// Only if it helps: the env file does not repair a config file.
function needsSource(login: ShownLogin, { state, files, configPath }: RemedyInputs): boolean {
  const { exported, profiles } = login;
  if (exported === undefined) return false;
  const { missing, changed, preceding } = compareVariables(exported, files.environment);
  if (missing.length + changed.length + preceding.length === 0) return false;
  // Without the other config file or the session keys, the result is not known.
  if (state === 'logged-in' || exported.keys !== undefined || exported.config !== configPath) return true;
  const environment = sourcedEnvironment(exported, files.environment);
  const use = loginUseOf({ ...files, environment }, { profiles, keys: undefined }, true);
  return use.kind === 'all' || use.kind === 'by-profile';
}

function firstLoginLine(roleVariable: string | undefined): string {
  if (roleVariable) return 'source "$(sem-aws-login)"';
  return 'source "$(sem-aws-login --role-arn arn:aws:iam::123456789012:role/NAME --region eu-west-1)"';
}

/** Returns the line that repeats a login. FILE is its session policy's file, which is not known. */
function loginLine({ profiles, exported }: ShownLogin, job: string | undefined): string {
  const [{ recipe }] = profiles;
  const { first, further } = recipe.chain;
  const last = further.at(-1) ?? first;
  const words = [
    ...roleWords(profiles),
    ...wordsOf('--region', [recipe.region]),
    ...wordsOf('--session-name', first.sessionName === `semaphore-job-${job}` ? [] : [first.sessionName]),
    ...wordsOf('--duration', [last.durationSeconds?.toString()]),
    ...wordsOf('--session-policy', last.policy === undefined ? [] : ['FILE']),
    ...wordsOf('--session-policy-arn', last.policyArns),
    ...wordsOf(
      '--then-role-arn',
      further.map(({ roleArn }) => roleArn),
    ),
    ...wordsOf('--external-id', [last.externalId]),
    ...wordsOf('--source-identity', [further[0]?.sourceIdentity]),
    ...wordsOf('--session-tag', unique(further.flatMap(({ tags }) => tags.map((tag) => tag.join('='))))),
    ...wordsOf('--transitive-tag', further[0]?.transitiveTags ?? []),
    ...wordsOf('--export', exported?.keys === undefined ? [] : ['static']),
  ];
  return `source "$(sem-aws-login ${words.map(quoteForBash).join(' ')})"`;
}

function roleWords(profiles: ShownLogin['profiles']): string[] {
  const [{ profile, recipe }, ...others] = profiles;
  if (others.length > 0)
    return profiles.flatMap((one) => ['--role', `${one.profile}=${one.recipe.chain.first.roleArn}`]);
  const name = profile === defaultProfile ? [] : [profile];
  return ['--role-arn', recipe.chain.first.roleArn, ...wordsOf('--profile', name)];
}

function wordsOf(option: string, values: readonly (string | undefined)[]): string[] {
  return values.flatMap((value) => (value === undefined ? [] : [option, value]));
}

function unique(values: readonly string[]): string[] {
  return [...new Set(values)];
}
