import { join } from 'node:path';
import { isRegion } from '../aws/region.ts';
import type { RequestedRole } from '../cli/login-options.ts';
import type { LoginRequest } from '../cli/login-request.ts';
import { credentialKeysIn } from '../config-file/find.ts';
import type { ManagedSection } from '../config-file/managed-section.ts';
import { readConfig } from '../config-file/read.ts';
import { Failure } from '../failure.ts';
import { type JobToken, refuseOutOfTime } from '../semaphore/token.ts';
import { assumeChain, type GrantedSession } from '../sts/assume.ts';
import { rejectForeignRegion } from '../sts/endpoint.ts';
import { isPlain, loginIdOf, makeRoleChain } from '../sts/role-chain.ts';
import type { RoleChain, StsEndpoint } from '../world/sts.ts';
import type { Files, World } from '../world/world.ts';
import { readIfPossible, readSessionPolicy } from './input-files.ts';
import type { Recipe } from './job-record.ts';
import { type LoginPaths, tokenFileName } from './paths.ts';

export interface LoginSubject {
  readonly token: JobToken;
  readonly sessionName: string;
  readonly paths: LoginPaths;
}

/** What a login will write. STS has granted every role, unless --no-verify is set. */
export interface LoginPlan {
  readonly region: string | undefined;
  readonly endpoint: StsEndpoint;
  readonly roles: readonly [PlannedRole, ...PlannedRole[]];
  /** Profiles with static keys in the credentials file (allowed by --overwrite-profile). */
  readonly staticKeys: readonly { readonly path: string; readonly profile: string }[];
}

export interface LoginProfile {
  readonly profile: string;
  readonly keys: ManagedSection['keys'];
  readonly recipe: Recipe;
}

export interface PlannedRole extends LoginProfile {
  readonly chain: RoleChain;
  /** Undefined for a profile that uses `credential_process`. */
  readonly webIdentity: WebIdentityProfile | undefined;
  /** Undefined with --no-verify. */
  readonly session: GrantedSession | undefined;
}

/** Requests all roles from STS in parallel. Throws `Failure` if STS denies one. */
export async function planLogin(request: LoginRequest, subject: LoginSubject, world: World): Promise<LoginPlan> {
  const { token, sessionName, paths } = subject;
  const [first, ...others] = request.roles;
  const existing = existingRegionOf(paths, first.profile, world.files);
  const givenRegion =
    request.region ?? (existing === undefined ? undefined : { value: existing, source: 'an earlier login' });
  // Checking one role is enough: all roles of a request are in the same partition.
  rejectForeignRegion(first.role, givenRegion, world.environment);
  const region = givenRegion?.value;
  const staticKeys = request.roles.flatMap(({ profile }) => staticKeysOf(profile, request, paths, world));
  const tokenFile = 'file' in token.source ? token.source.file : join(paths.directory, tokenFileName);
  const policy = readSessionPolicy(request.session.policyFile, world.files);
  const endpoint = world.sts.endpointOf(region, first.role.partition);
  if (!request.verify) refuseOutOfTime(token.claims, world.clock.now());

  const planned = async ({ role, profile }: RequestedRole): Promise<PlannedRole> => {
    const chain = makeRoleChain(role, sessionName, request.session, policy);
    const caller = { token, endpoint, timeouts: request, showsWait: !request.quiet };
    const session = request.verify ? await assumeChain(chain, caller, world) : undefined;
    const webIdentity = isPlain(chain) ? { roleArn: role.text, tokenFile, sessionName, region } : undefined;
    const keys = webIdentity
      ? webIdentityKeys(webIdentity)
      : processKeys(processFor(profile, chain, paths, world), region);
    return { profile, chain, session, webIdentity, keys, recipe: { chain, tokenFile, region } };
  };
  const [firstPlanned, ...otherPlanned] = await Promise.all([planned(first), ...others.map(planned)]);
  return { region, endpoint, roles: [firstPlanned, ...otherPlanned], staticKeys };
}

function staticKeysOf(
  profile: string,
  request: LoginRequest,
  paths: LoginPaths,
  { files }: World,
): LoginPlan['staticKeys'] {
  const keys = staticKeysFor(paths, profile, files);
  if (keys === undefined) return [];
  if (!request.overwriteProfile) throw new Failure({ kind: 'static-keys', profile, ...keys });
  return [{ path: keys.path, profile }];
}

function processFor(profile: string, chain: RoleChain, paths: LoginPaths, { program }: World): string {
  // SEM_AWS_LOGIN_FORMAT can be set for other commands, so state the format.
  const options = [
    '--profile',
    profile,
    '--job-directory',
    paths.directory,
    '--format',
    'process',
    '--login-id',
    loginIdOf(chain),
  ];
  return makeProcessCommand([...program, 'credentials', ...options]);
}

export interface WebIdentityProfile {
  readonly roleArn: string;
  readonly tokenFile: string;
  readonly sessionName: string;
  readonly region: string | undefined;
}

/** Returns a web-identity profile's keys, in the order to write. */
export function webIdentityKeys({
  roleArn,
  tokenFile,
  sessionName,
  region,
}: WebIdentityProfile): ManagedSection['keys'] {
  return [
    ['role_arn', roleArn],
    ['web_identity_token_file', tokenFile],
    ['role_session_name', sessionName],
    ...(region === undefined ? [] : ([['region', region]] as const)),
    // Without it, old boto3, Go v1 and JavaScript v2 use the global endpoint.
    ['sts_regional_endpoints', 'regional'],
  ];
}

function processKeys(command: string, region: string | undefined): ManagedSection['keys'] {
  return [['credential_process', command], ...(region === undefined ? [] : ([['region', region]] as const))];
}

/** Returns the region that an earlier login wrote; undefined if missing or malformed. */
export function existingRegionOf(paths: LoginPaths, profile: string, files: Files): string | undefined {
  const { config, currentConfig } = paths;
  const ownConfig = currentConfig ?? (paths.isolation === undefined ? undefined : config);
  const text = ownConfig === undefined ? files.read(config) : files.readPrivate(ownConfig);
  if (text === undefined) return undefined;
  const section = readConfig(text).sections.find(
    ({ type, name, managed }) => type === 'profile' && name === profile && managed !== undefined,
  );
  const region = section?.keys.find((key) => key.name === 'region')?.value;
  return region !== undefined && isRegion(region) ? region : undefined;
}

/** Returns the profile's keys in the credentials file, which some SDKs prefer to the login's. */
export function staticKeysFor(
  paths: LoginPaths,
  profile: string,
  files: Files,
): { readonly path: string; readonly line: number } | undefined {
  const path = paths.credentials;
  // If one file serves as both, the edit checks its section, which can be ours.
  if (path === undefined || path === paths.config) return undefined;
  const { text } = readIfPossible(path, files);
  const [first] = text === undefined ? [] : credentialKeysIn(text, profile);
  return first === undefined ? undefined : { path, line: first.line };
}

/**
 * Returns a `credential_process` line that every SDK splits into these words. Most use a shell,
 * boto3 and the AWS CLI use shlex, and cmd.exe on Windows knows double quotes only. The last word
 * must need no quotes. Throws `program-path-unwritable` for characters that readers treat
 * differently.
 */
// Single quotes for spaces: the Go SDK removed double quotes until 2023, and has since removed
// quotes at both ends of a value.
export function makeProcessCommand(words: readonly string[]): string {
  return words.map(quoteWord).join(' ');
}

function quoteWord(word: string): string {
  if (/^[\w@%+=:,./-]+$/.test(word)) return word;
  if (/^[\p{L}\p{M}\p{N} @%+=:,./_-]+$/u.test(word)) return `'${word}'`;
  if (/^[A-Za-z]:\\[\p{L}\p{M}\p{N} @+=,./\\_()-]*$/u.test(word)) return `"${word}"`;
  throw new Failure({ kind: 'program-path-unwritable', path: word });
}
