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
import { isPlain, makeRoleChain } from '../sts/role-chain.ts';
import { fromByteText } from '../text/byte-text.ts';
import { parsedJson, recordOf } from '../text/json.ts';
import type { RoleChain, StsEndpoint } from '../world/sts.ts';
import type { Files, World } from '../world/world.ts';
import { readIfPossible } from './input-files.ts';
import type { LoginPaths } from './paths.ts';
import { type LoginProfile, tokenFileName } from './write.ts';

/** A job that is about to log in, and where. */
export interface LoginSubject {
  readonly token: JobToken;
  readonly sessionName: string;
  readonly paths: LoginPaths;
}

/** What a login will write, all roles verified unless that was not wanted. */
export interface LoginPlan {
  readonly region: string | undefined;
  readonly endpoint: StsEndpoint;
  readonly roles: readonly [PlannedRole, ...PlannedRole[]];
  /** Profiles whose keys stand in the credentials file too, where that was put up with. */
  readonly staticKeys: readonly { readonly path: string; readonly profile: string }[];
}

/** A role whose profile is worked out, and its session where STS was asked. */
export interface PlannedRole extends LoginProfile {
  readonly chain: RoleChain;
  /** What the profile says where it is a plain web-identity profile; undefined where it asks this program for keys. */
  readonly webIdentity: WebIdentityProfile | undefined;
  /** Undefined when STS was not asked. */
  readonly session: GrantedSession | undefined;
}

/** Works out every role's profile and asks STS for all of them at once; throws `Failure` when any is refused. */
export async function planLogin(request: LoginRequest, subject: LoginSubject, world: World): Promise<LoginPlan> {
  const { token, sessionName, paths } = subject;
  const [first, ...others] = request.roles;
  const standing = existingRegionOf(paths, first.profile, world.files);
  const givenRegion =
    request.region ?? (standing === undefined ? undefined : { value: standing, source: 'an earlier login' });
  // One for all: a request has no roles of several partitions.
  rejectForeignRegion(first.role, givenRegion, world.environment);
  const region = givenRegion?.value;
  const rivals = request.roles.flatMap(({ profile }) => staticKeysOf(profile, request, paths, world));
  const tokenFile = 'file' in token.source ? token.source.file : join(paths.directory, tokenFileName);
  const policy = readSessionPolicy(request.session.policyFile, world.files);
  const endpoint = world.sts.endpointOf(region, first.role.partition);
  if (!request.verify) refuseOutOfTime(token.claims, world.clock.now());

  const planned = async ({ role, profile }: RequestedRole): Promise<PlannedRole> => {
    const chain = makeRoleChain(role, sessionName, request.session, policy);
    const caller = { token, endpoint, timeouts: request };
    const session = request.verify ? await assumeChain(chain, caller, world) : undefined;
    const webIdentity = isPlain(chain) ? { roleArn: role.text, tokenFile, sessionName, region } : undefined;
    const keys = webIdentity ? webIdentityKeys(webIdentity) : processKeys(processFor(profile, paths, world), region);
    return { profile, chain, session, webIdentity, keys, recipe: { chain, tokenFile, region } };
  };
  const [firstPlanned, ...otherPlanned] = await Promise.all([planned(first), ...others.map(planned)]);
  return { region, endpoint, roles: [firstPlanned, ...otherPlanned], staticKeys: rivals };
}

function staticKeysOf(
  profile: string,
  request: LoginRequest,
  paths: LoginPaths,
  { files }: World,
): LoginPlan['staticKeys'] {
  const rival = staticKeysFor(paths, profile, files);
  if (rival === undefined) return [];
  if (!request.overwriteProfile) throw new Failure({ kind: 'static-keys', profile, ...rival });
  return [{ path: rival.path, profile }];
}

function processFor(profile: string, paths: LoginPaths, { program }: World): string {
  // The format too: a variable SEM_AWS_LOGIN_FORMAT may be meant for something else.
  const flags = ['--profile', profile, '--job-directory', paths.directory, '--format', 'process'];
  return makeProcessCommand([...program, 'credentials', ...flags]);
}

/** What a plain web-identity profile says. */
export interface WebIdentityProfile {
  readonly roleArn: string;
  readonly tokenFile: string;
  readonly sessionName: string;
  readonly region: string | undefined;
}

/** Keys in the order in which they are written. */
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
    // Old boto3, Go v1 and JavaScript v2 would ask the one global endpoint otherwise.
    ['sts_regional_endpoints', 'regional'],
  ];
}

/** What a profile says that asks this program for its keys: for what no web-identity profile can say. */
function processKeys(command: string, region: string | undefined): ManagedSection['keys'] {
  return [['credential_process', command], ...(region === undefined ? [] : ([['region', region]] as const))];
}

/** Characters of a session policy, white space included. */
const longestPolicy = 2048;

/**
 * A session policy's text, as it will be sent; undefined where none is wanted. Throws `session-policy-invalid`. Its limits:
 * https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html, parameter Policy.
 */
export function readSessionPolicy(path: string | undefined, files: Pick<Files, 'read'>): string | undefined {
  if (path === undefined) return undefined;
  const refuse = (problem: string): never => {
    throw new Failure({ kind: 'session-policy-invalid', path, problem });
  };
  const file = textOf(path, files);
  if ('problem' in file) return refuse(file.problem);
  const { text } = file;
  const policy = parsedJson(text);
  if (policy === undefined) refuse('it is not JSON');
  if (!('Statement' in recordOf(policy))) refuse('it has no "Statement"');
  const strange = /[^\t\n\r\u0020-\u00ff]/u.exec(text)?.[0];
  if (strange !== undefined)
    refuse(`it has the character "${strange}", and STS takes those up to U+00FF only; JSON can write it as \\uXXXX`);
  if (text.length > longestPolicy) refuse(tooLongText(text, JSON.stringify(policy)));
  return text;
}

function textOf(path: string, files: Pick<Files, 'read'>): { readonly text: string } | { readonly problem: string } {
  try {
    const text = files.read(path);
    if (text !== undefined) return { text: fromByteText(text) };
    return { problem: 'it is not there' };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const { facts } = error;
    const why = facts.kind === 'file-unusable' ? facts.code : 'it is not a file';
    return { problem: `it cannot be read (${why})` };
  }
}

function tooLongText(text: string, bare: string): string {
  const limit = `it has ${text.length} characters, and STS takes ${longestPolicy}`;
  return bare.length <= longestPolicy
    ? `${limit}; without white space it would have ${bare.length} (jq -c . FILE)`
    : `${limit}; even without white space it has ${bare.length}`;
}

type Readable = Pick<Files, 'read' | 'readPrivate'>;

/** The region that a section of ours says already, from an earlier login; undefined where there is none, or nothing that could be one. */
export function existingRegionOf(paths: LoginPaths, profile: string, files: Readable): string | undefined {
  const text = paths.isolation === undefined ? files.read(paths.config) : files.readPrivate(paths.config);
  if (text === undefined) return undefined;
  const section = readConfig(text).sections.find(
    ({ type, name, managed }) => type === 'profile' && name === profile && managed !== undefined,
  );
  const region = section?.keys.find((key) => key.name === 'region')?.value;
  return region !== undefined && isRegion(region) ? region : undefined;
}

/** Keys that stand in the credentials file for the same profile, and before which some SDKs would never see ours. */
export function staticKeysFor(
  paths: LoginPaths,
  profile: string,
  files: Readable,
): { readonly path: string; readonly line: number } | undefined {
  const path = paths.credentials;
  // One file for both: what stands in the section there is judged when it is edited, and may be our own.
  if (path === undefined || path === paths.config) return undefined;
  const { text } = readIfPossible(path, files);
  const [first] = text === undefined ? [] : credentialKeysIn(text, profile);
  return first === undefined ? undefined : { path, line: first.line };
}

/**
 * A `credential_process` line: the words as every SDK splits them again, most by a shell, boto3 and the AWS CLI by shlex. A path with blanks
 * stands in single quotes: AWS's own examples have double ones, but the Go SDK's config parser took those away until 2023. Since then
 * it takes a quote from both ends of a value that has one there, so the last word should be a plain one. Characters on which readers
 * differ throw `program-path-unwritable`. On Windows cmd.exe knows double quotes only.
 */
export function makeProcessCommand(words: readonly string[]): string {
  return words.map(quoteWord).join(' ');
}

function quoteWord(word: string): string {
  if (/^[\w@%+=:,./-]+$/.test(word)) return word;
  if (/^[\p{L}\p{M}\p{N} @%+=:,./_-]+$/u.test(word)) return `'${word}'`;
  if (/^[A-Za-z]:\\[\p{L}\p{M}\p{N} @+=,./\\_()-]*$/u.test(word)) return `"${word}"`;
  throw new Failure({ kind: 'program-path-unwritable', path: word });
}
