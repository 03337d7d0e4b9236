import { join } from 'node:path';
import { Failure } from '../failure.ts';
import type { LoginRequest, RequestedRole } from '../request/login-request.ts';
import { isPlain, type RoleChain } from '../request/role-chain.ts';
import { makeRoleChain } from '../request/session-wishes.ts';
import type { StsEndpoint } from '../sts/answer.ts';
import { refuseForeignRegion } from '../sts/region-refusal.ts';
import { assumeChain, type VerifiedSession } from '../sts/verified-session.ts';
import type { JobToken } from '../token/job-token.ts';
import { refuseOutOfTime } from '../token/lifetime.ts';
import type { World } from '../world.ts';
import { tokenName } from './login-files.ts';
import type { LoginProfile } from './login-profiles.ts';
import type { Place } from './place.ts';
import { makeProcessCommand } from './process-command.ts';
import { processKeys, type WebIdentityProfile, webIdentityKeys } from './profile-keys.ts';
import { readSessionPolicy } from './session-policy.ts';
import { rivalKeysFor, standingRegionOf } from './standing.ts';

/** A job that is about to log in, and where. */
export interface LoginSubject {
  readonly token: JobToken;
  readonly sessionName: string;
  readonly place: Place;
}

/** What a login will write, all roles verified unless that was not wanted. */
export interface LoginPlan {
  readonly region: string | undefined;
  readonly endpoint: StsEndpoint;
  readonly roles: readonly [PlannedRole, ...PlannedRole[]];
  /** Profiles whose keys stand in the credentials file too, where that was put up with. */
  readonly rivals: readonly { readonly path: string; readonly profile: string }[];
}

/** A role whose profile is worked out, and its session where STS was asked. */
export interface PlannedRole extends LoginProfile {
  readonly chain: RoleChain;
  /** What the profile says where it is a plain web-identity profile; undefined where it asks this program for keys. */
  readonly webIdentity: WebIdentityProfile | undefined;
  /** Undefined when STS was not asked. */
  readonly session: VerifiedSession | undefined;
}

/** Works out every role's profile and asks STS for all of them at once; throws `Failure` when any is refused. */
export async function planLogin(request: LoginRequest, subject: LoginSubject, world: World): Promise<LoginPlan> {
  const { token, sessionName, place } = subject;
  const [first, ...others] = request.roles;
  const standing = standingRegionOf(place, first.profile, world.files);
  const givenRegion =
    request.region ?? (standing === undefined ? undefined : { value: standing, source: 'an earlier login' });
  // One for all: a request has no roles of several partitions.
  refuseForeignRegion(first.role, givenRegion, world.environment);
  const region = givenRegion?.value;
  const rivals = request.roles.flatMap(({ profile }) => rivalOf(profile, request, place, world));
  const tokenFile = 'file' in token.source ? token.source.file : join(place.directory, tokenName);
  const policy = readSessionPolicy(request.session.policyFile, world.files);
  const endpoint = world.sts.endpointOf(region, first.role.partition);
  if (!request.verify) refuseOutOfTime(token.claims, world.clock.now());

  const planned = async ({ role, profile }: RequestedRole): Promise<PlannedRole> => {
    const chain = makeRoleChain(role, sessionName, request.session, policy);
    const asker = { token, endpoint, patience: request };
    const session = request.verify ? await assumeChain(chain, asker, world) : undefined;
    const webIdentity = isPlain(chain) ? { roleArn: role.text, tokenFile, sessionName, region } : undefined;
    const keys = webIdentity ? webIdentityKeys(webIdentity) : processKeys(processFor(profile, place, world), region);
    return { profile, chain, session, webIdentity, keys, recipe: { chain, tokenFile, region } };
  };
  const [firstPlanned, ...otherPlanned] = await Promise.all([planned(first), ...others.map(planned)]);
  return { region, endpoint, roles: [firstPlanned, ...otherPlanned], rivals };
}

function rivalOf(profile: string, request: LoginRequest, place: Place, { files }: World): LoginPlan['rivals'] {
  const rival = rivalKeysFor(place, profile, files);
  if (rival === undefined) return [];
  if (!request.overwriteProfile) throw new Failure({ kind: 'static-keys', profile, ...rival });
  return [{ path: rival.path, profile }];
}

function processFor(profile: string, place: Place, { program }: World): string {
  // The format too: a variable SEM_AWS_LOGIN_FORMAT may be meant for something else.
  const flags = ['--profile', profile, '--job-directory', place.directory, '--format', 'process'];
  return makeProcessCommand([...program, 'credentials', ...flags]);
}
