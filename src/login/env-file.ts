import type { ExportForm, Shell } from '../cli/login-options.ts';
import type { LoginRequest } from '../cli/login-request.ts';
import { Failure } from '../failure.ts';
import { quoteForBash, quoteForPowerShell } from '../text/shell-words.ts';
import type { SessionKeys } from '../world/sts.ts';
import type { Environment, World } from '../world/world.ts';
import type { IsolationReason, LoginPaths } from './paths.ts';
import type { WebIdentityProfile } from './plan.ts';

/** The job's environment after a login: what must not be set, and what must. */
export interface JobEnvironment {
  readonly unset: readonly string[];
  readonly exports: readonly (readonly [name: string, value: string])[];
  /** Set without a shell's tracing on, which would print them. */
  readonly secrets: readonly (readonly [name: string, value: string])[];
}

/** What decides a job's environment. */
export interface Identity {
  /** For one plain role that is the job's identity, and nothing else: in any other case these would give a role that is not meant. */
  readonly webIdentity: WebIdentityProfile | undefined;
  readonly region: string | undefined;
  /** The profile to choose; undefined for `default`, and where each command chooses its own. */
  readonly profile: string | undefined;
  /** The private config file, where there is one. */
  readonly configFile: string | undefined;
  readonly keys: SessionKeys | undefined;
}

const staticKeyNames = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN'] as const;
const webIdentityNames = ['AWS_ROLE_ARN', 'AWS_WEB_IDENTITY_TOKEN_FILE', 'AWS_ROLE_SESSION_NAME'] as const;

/** Variables by which some SDK would take another identity than the profile's; the old names included that old SDKs still read. */
const precedingVariables: readonly string[] = [
  ...staticKeyNames,
  'AWS_SECURITY_TOKEN',
  'AWS_CREDENTIAL_EXPIRATION',
  'AWS_PROFILE',
  'AWS_DEFAULT_PROFILE',
  ...webIdentityNames,
];

/** All that a login may set which is no secret, and so can be put back. */
const restorableVariables = [
  'AWS_CONFIG_FILE',
  'AWS_PROFILE',
  'AWS_DEFAULT_PROFILE',
  ...webIdentityNames,
  'AWS_REGION',
  'AWS_DEFAULT_REGION',
  'AWS_SDK_LOAD_CONFIG',
] as const;

/** Those of the variables that a login changes and that can be put back, as they are set now. */
export function restorableVariablesIn(environment: Environment): Record<string, string> {
  return Object.fromEntries(
    restorableVariables.flatMap((name) => {
      const value = environment[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

/** The environment after a logout: as before the first login, but for keys, which are kept nowhere. */
export function makeRestoredEnvironment(before: Readonly<Record<string, string>>): JobEnvironment {
  const exports = Object.entries(before);
  const unset = new Set([...precedingVariables, ...restorableVariables]);
  for (const [name] of exports) unset.delete(name);
  return { unset: [...unset], exports, secrets: [] };
}

/** Everything that outranks the login is unset first, so that the file is the whole state whatever stood before. */
export function makeJobEnvironment(form: ExportForm, identity: Identity): JobEnvironment {
  if (form === 'none') return { unset: [], exports: [], secrets: [] };
  const exports: [string, string][] = [];
  if (identity.configFile !== undefined) exports.push(['AWS_CONFIG_FILE', identity.configFile]);
  if (form === 'profile') exports.push(...identityVariables(identity));
  if (identity.region !== undefined)
    exports.push(['AWS_REGION', identity.region], ['AWS_DEFAULT_REGION', identity.region]);
  exports.push(['AWS_SDK_LOAD_CONFIG', '1']);
  const secrets = form === 'static' && identity.keys !== undefined ? staticKeyVariables(identity.keys) : [];
  const set = new Set([...exports, ...secrets].map(([name]) => name));
  return { unset: precedingVariables.filter((name) => !set.has(name)), exports, secrets };
}

// The web-identity variables outrank AWS_PROFILE in most SDKs, so they and it exclude each other.
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

/** The environment that a process started with this one would have after a login. */
export function applyJobEnvironment(
  environment: Environment,
  { unset, exports, secrets }: JobEnvironment,
): Environment {
  const kept = Object.entries(environment).filter(([name]) => !unset.includes(name));
  return Object.fromEntries([...kept, ...exports, ...secrets]);
}

/** The env file's text for a shell; sourced, it makes the environment so. */
export function makeEnvFile(shell: Shell, environment: JobEnvironment): string {
  if (shell === 'bash') return `${bashLines(environment).join('\n')}\n`;
  const text = `${powerShellLines(environment).join('\n')}\n`;
  // Windows PowerShell 5.1 takes a script for ANSI unless a byte order mark says UTF-8, and home directories have people's names.
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
    // Tracing (-x) and echoing (-v) would print the keys; both come back as they were.
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

/** bash continues after it could not change a read-only variable, and `source` would succeed. */
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

type Surroundings = Pick<World, 'environment'> & { readonly output: Pick<World['output'], 'stdoutIsTerminal'> };

/** Refuses a login whose result nothing could use. Throws `exports-need-capture`, `flags-conflict` or `variables-take-precedence`. */
export function refuseWithoutEffect(request: LoginRequest, paths: LoginPaths, world: Surroundings): void {
  const cause = paths.isolation;
  if (request.exports === 'none') {
    if (cause !== undefined)
      throw new Failure({
        kind: 'flags-conflict',
        flags: ['--export none', 'a private config file'],
        why: isolationSentence[cause],
        remedy:
          cause === 'self-hosted'
            ? 'Leave out --export none, or write to the shared config file on purpose: --shared-config'
            : 'Leave out --export none.',
      });
    const variables = precedingVariablesIn(world.environment);
    if (variables.length > 0) throw new Failure({ kind: 'variables-take-precedence', variables });
  }
  if (!world.output.stdoutIsTerminal) return;
  const [{ role }] = request.roles;
  const line = `source "$(sem-aws-login --role-arn ${role.text})"`;
  if (cause !== undefined) throw new Failure({ kind: 'exports-need-capture', why: isolationSentence[cause], line });
  if (request.exports === 'static')
    throw new Failure({ kind: 'exports-need-capture', why: 'session keys are exported variables', line });
}

/** Those of the variables that are set and would outrank a profile. */
export function precedingVariablesIn(environment: World['environment']): string[] {
  return precedingVariables.filter((name) => environment[name] !== undefined);
}

const isolationSentence: Readonly<Record<IsolationReason, string>> = {
  asked: 'with --isolated the profile goes to a private config file',
  'self-hosted': 'on a self-hosted agent the profile goes to a private config file, since other jobs share HOME',
  'home-unset': 'HOME is not set, and the profile goes to a private config file',
  'home-read-only': 'HOME is not writable, and the profile goes to a private config file',
  'config-read-only': 'the shared config file is not writable, and the profile goes to a private one',
};
