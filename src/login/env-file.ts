import { createHash } from 'node:crypto';
import { splitArn } from '../aws/arn.ts';
import { defaultProfile, type ExportForm, type Shell } from '../cli/login-options.ts';
import type { LoginRequest } from '../cli/login-request.ts';
import { Failure } from '../failure.ts';
import { lastHopOf, loginIdOf } from '../sts/role-chain.ts';
import { quoteForBash, quoteForPowerShell } from '../text/shell-words.ts';
import type { SessionKeys } from '../world/sts.ts';
import type { Environment, World } from '../world/world.ts';
import { isolationTexts, type LoginPaths } from './paths.ts';
import type { LoginPlan, WebIdentityProfile } from './plan.ts';
import type { EnvFile } from './write.ts';

export interface JobEnvironment {
  readonly unset: readonly string[];
  readonly exports: readonly (readonly [name: string, value: string])[];
  /** Session keys, which shell tracing must not print. */
  readonly secrets: readonly (readonly [name: string, value: string])[];
}

/** The identity that AWS clients get from the job's environment. */
export interface Identity {
  /** Only for a single plain role: otherwise these values would give an unrestricted role. */
  readonly webIdentity: WebIdentityProfile | undefined;
  readonly region: string | undefined;
  /** The value of AWS_PROFILE; undefined for `default` and for several roles. */
  readonly profile: string | undefined;
  /** The value of AWS_CONFIG_FILE; undefined to unset it. */
  readonly configFile: string | undefined;
  readonly keys: SessionKeys | undefined;
  readonly accountId: string | undefined;
  /** The environment before the login. */
  readonly environment: Environment;
}

export function identityOf(
  plan: LoginPlan,
  request: LoginRequest,
  paths: LoginPaths,
  environment: Environment,
): Identity {
  const [{ profile, webIdentity, session, chain }] = plan.roles;
  const isDefault = profile === defaultProfile;
  return {
    webIdentity: request.several || !isDefault ? undefined : webIdentity,
    profile: request.several || isDefault ? undefined : profile,
    region: plan.region,
    configFile: paths.isolation === undefined ? paths.configVariable : paths.config,
    keys: session?.keys,
    accountId: splitArn(lastHopOf(chain).roleArn)?.account,
    environment,
  };
}

export const staticKeyNames = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN'] as const;
const webIdentityNames = ['AWS_ROLE_ARN', 'AWS_WEB_IDENTITY_TOKEN_FILE', 'AWS_ROLE_SESSION_NAME'] as const;

/** Variables that take precedence over a profile in some SDK, including old SDKs. */
const precedingVariables: readonly string[] = [
  ...staticKeyNames,
  'AWS_SECURITY_TOKEN',
  'AWS_CREDENTIAL_EXPIRATION',
  'AWS_PROFILE',
  'AWS_DEFAULT_PROFILE',
  ...webIdentityNames,
];

/** With another account's id, boto3 sends requests to endpoints of that account. */
const accountVariable = 'AWS_ACCOUNT_ID';

/** Variables that a login sets and a logout can restore: no secrets. */
const restorableVariables = [
  'AWS_CONFIG_FILE',
  'AWS_PROFILE',
  'AWS_DEFAULT_PROFILE',
  ...webIdentityNames,
  'AWS_REGION',
  'AWS_DEFAULT_REGION',
  'AWS_SDK_LOAD_CONFIG',
  accountVariable,
  'AWS_PAGER',
] as const;

export function restorableVariablesIn(environment: Environment): Record<string, string> {
  return Object.fromEntries(
    restorableVariables.flatMap((name) => {
      const value = environment[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

/** Returns the env file for a login. Its id does not depend on the session keys. */
export function envFileFor(environment: JobEnvironment, plan: LoginPlan, shell: Shell): EnvFile {
  const { unset, exports } = environment;
  const logins = plan.roles.map(({ profile, chain }) => [profile, loginIdOf(chain)]);
  const id = createHash('sha256')
    .update(JSON.stringify([unset, exports, logins]))
    .digest('hex')
    .slice(0, 8);
  return { id, suffix: shell === 'bash' ? '' : '.ps1', text: makeEnvFile(shell, environment) };
}

/** Returns the environment before the first login, without keys, which are not stored. */
export function makeRestoredEnvironment(before: Readonly<Record<string, string>>): JobEnvironment {
  const exports = Object.entries(before);
  const unset = new Set([...precedingVariables, ...restorableVariables]);
  for (const [name] of exports) unset.delete(name);
  return { unset: [...unset], exports, secrets: [] };
}

/** Returns the restorable variables whose values differ from those in the restored environment. */
export function changedVariablesIn(environment: Environment, { unset, exports }: JobEnvironment): string[] {
  const isSet = (name: string) => environment[name] !== undefined;
  const changed = exports.flatMap(([name, value]) => (environment[name] === value ? [] : [name]));
  return restorableVariables.filter((name) => changed.includes(name) || (unset.includes(name) && isSet(name)));
}

/** Returns the job's complete environment: also unsets all that takes precedence over the login. */
export function makeJobEnvironment(form: ExportForm, identity: Identity): JobEnvironment {
  if (form === 'none') return { unset: [], exports: [], secrets: [] };
  const exports: [string, string][] = [];
  if (identity.configFile !== undefined) exports.push(['AWS_CONFIG_FILE', identity.configFile]);
  if (form === 'profile') exports.push(...identityVariables(identity));
  if (identity.region !== undefined)
    exports.push(['AWS_REGION', identity.region], ['AWS_DEFAULT_REGION', identity.region]);
  const secrets = form === 'static' && identity.keys !== undefined ? staticKeyVariables(identity.keys) : [];
  const { accountId, environment } = identity;
  if (secrets.length > 0 && accountId !== undefined) exports.push([accountVariable, accountId]);
  exports.push(['AWS_SDK_LOAD_CONFIG', '1']);
  // The AWS CLI v2 would page on the agent's terminal, where no one presses a key, despite PAGER.
  if (environment['AWS_PAGER'] === undefined) exports.push(['AWS_PAGER', '']);
  const set = new Set([...exports, ...secrets].map(([name]) => name));
  const stale = [...precedingVariables, ...(environment[accountVariable] === accountId ? [] : [accountVariable])];
  // An earlier login's file must not stay in use, whichever env file is sourced last.
  const unset = identity.configFile === undefined ? ['AWS_CONFIG_FILE', ...stale] : stale;
  return { unset: unset.filter((name) => !set.has(name)), exports, secrets };
}

// The web-identity variables take precedence over AWS_PROFILE in most SDKs: never set both.
function identityVariables({ profile, webIdentity }: Identity): [string, string][] {
  if (profile !== undefined) return [['AWS_PROFILE', profile]];
  if (webIdentity === undefined) return [];
  return [
    ['AWS_ROLE_ARN', webIdentity.roleArn],
    ['AWS_WEB_IDENTITY_TOKEN_FILE', webIdentity.tokenFile],
    ['AWS_ROLE_SESSION_NAME', webIdentity.sessionName],
  ];
}

function staticKeyVariables(keys: SessionKeys): [string, string][] {
  return [
    ['AWS_ACCESS_KEY_ID', keys.accessKeyId],
    ['AWS_SECRET_ACCESS_KEY', keys.secretAccessKey],
    ['AWS_SESSION_TOKEN', keys.sessionToken],
    ['AWS_CREDENTIAL_EXPIRATION', keys.expiration.toISOString()],
  ];
}

export function applyJobEnvironment(
  environment: Environment,
  { unset, exports, secrets }: JobEnvironment,
): Environment {
  const kept = Object.entries(environment).filter(([name]) => !unset.includes(name));
  return Object.fromEntries([...kept, ...exports, ...secrets]);
}

export function makeEnvFile(shell: Shell, environment: JobEnvironment): string {
  if (shell === 'bash') return `${bashLines(environment).join('\n')}\n`;
  const text = `${powerShellLines(environment).join('\n')}\n`;
  // Windows PowerShell 5.1 reads a script without a byte order mark as ANSI.
  return /\P{ASCII}/u.test(text) ? `\ufeff${text}` : text;
}

function bashLines({ unset, exports, secrets }: JobEnvironment): string[] {
  if (unset.length + exports.length + secrets.length === 0) return [];
  const lines = (variables: JobEnvironment['exports']) =>
    variables.map(([name, value]) => `export ${name}=${quoteForBash(value)}`);
  const checks = (variables: JobEnvironment['exports']) =>
    variables.map(([name, value]) => `[ "\${${name}-}" = ${quoteForBash(value)} ] || ${addWrong(name)}`);
  const open = [
    ...unset.map((name) => `unset ${name}`),
    ...lines(exports),
    '_sem_aws_login_wrong=',
    ...unset.map((name) => `[ -z "\${${name}+set}" ] || ${addWrong(name)}`),
    ...checks(exports),
  ];
  if (secrets.length === 0) return [...open, ...failWhenWrong];
  return [
    ...open,
    // Tracing (-x) and echoing (-v) would print the keys. Both are restored afterwards.
    '{ _sem_aws_login_flags=$-; set +xv; } 2>/dev/null',
    ...lines(secrets),
    ...checks(secrets),
    'case $_sem_aws_login_flags in *v*) set -v ;; esac',
    'case $_sem_aws_login_flags in *x*) unset _sem_aws_login_flags; set -x ;; *) unset _sem_aws_login_flags ;; esac',
    ...failWhenWrong,
  ];
}

function addWrong(name: string): string {
  return `_sem_aws_login_wrong="$_sem_aws_login_wrong ${name}"`;
}

/** bash continues after an attempt to change a read-only variable, and `source` would succeed. */
const failWhenWrong = [
  'if [ -z "$_sem_aws_login_wrong" ]; then',
  '  unset _sem_aws_login_wrong',
  'else',
  '  echo "sem-aws-login: cannot change$_sem_aws_login_wrong in this shell (read-only?)" >&2',
  '  unset _sem_aws_login_wrong',
  '  return 1',
  'fi',
];

function powerShellLines({ unset, exports, secrets }: JobEnvironment): string[] {
  return [
    ...unset.map((name) => `Remove-Item -ErrorAction SilentlyContinue Env:${name}`),
    ...[...exports, ...secrets].map(([name, value]) => `$env:${name} = ${quoteForPowerShell(value)}`),
  ];
}

/** What stdout is. */
export type Stdout = Pick<World['output'], 'stdoutIsTerminal' | 'stdoutIsDiscarded'>;

/** Whether a shell can read the env file's path from stdout. A regular file counts: it can be read later. */
export function isCaptured({ stdoutIsTerminal, stdoutIsDiscarded }: Stdout): boolean {
  return !stdoutIsTerminal && !stdoutIsDiscarded;
}

interface EffectInputs {
  readonly environment: Environment;
  readonly output: Stdout;
}

/**
 * Rejects a login that nothing could use.
 * Throws `exports-need-capture`, `flags-conflict` or `variables-take-precedence`.
 */
export function rejectWithoutEffect(request: LoginRequest, paths: LoginPaths, world: EffectInputs): void {
  const cause = paths.isolation;
  if (request.exports === 'none') {
    if (cause !== undefined)
      throw new Failure({
        kind: 'flags-conflict',
        flags: ['--export none', 'a private config file'],
        why: isolationTexts[cause].clause,
        remedy:
          cause === 'self-hosted'
            ? 'Remove --export none, or use the shared config file: --shared-config'
            : 'Remove --export none.',
      });
    const variables = precedingVariablesIn(world.environment);
    if (variables.length > 0) throw new Failure({ kind: 'variables-take-precedence', variables });
  }
  if (isCaptured(world.output)) return;
  const [{ role }] = request.roles;
  const line = `source "$(sem-aws-login --role-arn ${role.text})"`;
  if (cause !== undefined) throw new Failure({ kind: 'exports-need-capture', why: isolationTexts[cause].clause, line });
  // With stdout discarded on purpose, the shared profile is still of use.
  if (request.exports === 'static' && world.output.stdoutIsTerminal)
    throw new Failure({ kind: 'exports-need-capture', why: 'session keys are exported variables', line });
}

export function staleVariablesIn(environment: Environment): string[] {
  return [...precedingVariables, accountVariable].filter((name) => environment[name] !== undefined);
}

export function precedingVariablesIn(environment: Environment): string[] {
  return precedingVariables.filter((name) => environment[name] !== undefined);
}
