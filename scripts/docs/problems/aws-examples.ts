import type { FactsOf } from '../../../src/failure.ts';
import type { StsRequestContext } from '../../../src/failures/aws.ts';
import type { NetworkFault } from '../../../src/world/sts.ts';

type Refused = Omit<FactsOf<'sts-refused'>, 'kind'>;
type Unreachable = Omit<FactsOf<'sts-unreachable'>, 'kind'>;

/** A denied login of a job on branch `main` of `acme/web`, in its first 15 minutes. */
export const askedByBranch: StsRequestContext = {
  roleArn: 'arn:aws:iam::123456789012:role/deploy',
  sessionName: 'semaphore-job-2f8a7c9e-5a3d-4c1b-9c59-0d7c1f3b7e11',
  endpoint: { url: 'https://sts.eu-west-1.amazonaws.com', signingRegion: 'eu-west-1', isAws: true },
  token: {
    iss: 'https://acme.semaphoreci.com',
    aud: 'https://acme.semaphoreci.com',
    sub: 'org:acme:project:936a5312-a3b8-4921-8b3f-2cec8baac574:repo:web:ref_type:branch:ref:refs/heads/main',
    exp: 1_795_464_000,
    iat: 1_795_377_600,
    nbf: 1_795_377_600,
    jobId: '2f8a7c9e-5a3d-4c1b-9c59-0d7c1f3b7e11',
    jti: '4c8f1b8e-1f0b-4d4e-8f76-2e0f5b7f7a10',
    tags: undefined,
    kid: 'a1',
  },
  fork: undefined,
  attempts: 3,
  waited: 1_400,
  timeout: 30_000,
  now: new Date('2026-11-22T20:15:00Z'),
  serverTime: new Date('2026-11-22T20:15:00Z'),
};

/** The same for a fork's pull request, whose token has tags. */
export const askedByFork: StsRequestContext = {
  ...askedByBranch,
  token: {
    ...askedByBranch.token,
    sub: 'org:acme:project:936a5312-a3b8-4921-8b3f-2cec8baac574:repo:web:ref_type:pull-request:ref:refs/semaphoreci/51a2cf3b3f8f2d0f1c2f1f0e9d8c7b6a5f4e3d2c',
    tags: { prj_id: ['936a5312-a3b8-4921-8b3f-2cec8baac574'], repo: ['web'], ref_type: ['pull-request'] },
  },
  fork: 'mallory/web',
};

const refused = (code: string, status: number, message: string, context = askedByBranch): Refused => ({
  refusal: { code, status, message, requestId: '9a1c2f60-93d4-4f0c-8a52-6f1d5f3f8f11' },
  context,
});

const unreachable = (at: NetworkFault['at'], detail: string, more: Partial<NetworkFault> = {}): Unreachable => ({
  fault: { at, detail, code: undefined, status: undefined, ...more },
  context: { ...askedByBranch, serverTime: undefined },
});

const denied = 'Not authorized to perform sts:AssumeRoleWithWebIdentity';
const noKey =
  "Couldn't retrieve verification key from your identity provider,  please reference AssumeRoleWithWebIdentity documentation for requirements";

/** Every error that STS documents for a login, and others that are known to occur. */
export const refusals: readonly [Refused, ...Refused[]] = [
  refused('AccessDenied', 403, denied),
  refused('AccessDenied', 403, denied, askedByFork),
  refused('AccessDenied', 403, 'Not authorized to perform sts:TagSession', askedByFork),
  refused(
    'InvalidIdentityToken',
    400,
    'No OpenIDConnect provider found in your account for https://acme.semaphoreci.com',
  ),
  refused('InvalidIdentityToken', 400, 'Incorrect token audience'),
  refused('InvalidIdentityToken', 400, 'Missing a required claim: sub', {
    ...askedByBranch,
    token: { ...askedByBranch.token, sub: undefined },
  }),
  refused(
    'InvalidIdentityToken',
    400,
    "OpenIDConnect provider's HTTPS certificate doesn't match configured thumbprint",
  ),
  refused('InvalidIdentityToken', 400, 'Token is not valid yet: current date/time 1795370000, not before 1795377600'),
  refused('InvalidIdentityToken', 400, 'The web identity token that was passed could not be validated'),
  refused(
    'ExpiredTokenException',
    400,
    'Token expired: current date/time 1795470000 must be before the expiration date/time 1795464000',
    { ...askedByBranch, now: new Date('2026-11-22T19:31:00Z'), serverTime: new Date('2026-11-23T21:40:00Z') },
  ),
  refused('IDPRejectedClaim', 403, 'The identity provider reported that authentication failed'),
  refused(
    'RegionDisabledException',
    403,
    'STS is not activated in this region for account:123456789012. Your account administrator can activate STS in this region using the IAM Console.',
  ),
  refused('MalformedPolicyDocument', 400, 'Syntax errors in policy.'),
  refused(
    'PackedPolicyTooLarge',
    400,
    'Packed policy consumes 118% of allotted space, please use smaller policy.',
    askedByFork,
  ),
  refused('ValidationError', 400, 'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.'),
  refused(
    'ValidationError',
    400,
    "1 validation error detected: Value 'a b' at 'roleSessionName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w+=,.@-]*",
  ),
  refused('InvalidAction', 400, 'Could not find operation AssumeRoleWithWebIdentity for version 2011-06-15'),
];

/** Errors that go away after a retry. */
export const busy: readonly [Refused, ...Refused[]] = [
  refused('Throttling', 400, 'Rate exceeded'),
  refused('IDPCommunicationError', 400, 'The identity provider could not be reached'),
  refused('InvalidIdentityToken', 400, noKey),
  refused('InternalFailure', 500, 'An internal error occurred'),
];

/** Failures without an answer from STS. */
export const unreachables: readonly [Unreachable, ...Unreachable[]] = [
  {
    fault: { at: 'name', detail: 'ENOTFOUND sts.eu-west-9.amazonaws.com', code: 'ENOTFOUND', status: undefined },
    context: {
      ...askedByBranch,
      endpoint: { url: 'https://sts.eu-west-9.amazonaws.com', signingRegion: 'eu-west-9', isAws: true },
    },
  },
  unreachable('connect', 'ECONNREFUSED 10.0.0.7:443', { code: 'ECONNREFUSED' }),
  unreachable('tls', 'SELF_SIGNED_CERT_IN_CHAIN', { code: 'SELF_SIGNED_CERT_IN_CHAIN' }),
  unreachable('tls', 'CERT_NOT_YET_VALID', { code: 'CERT_NOT_YET_VALID' }),
  unreachable('tls', 'ERR_TLS_CERT_ALTNAME_INVALID', { code: 'ERR_TLS_CERT_ALTNAME_INVALID' }),
  unreachable('tls', 'EPROTO', { code: 'EPROTO' }),
  unreachable('proxy', 'HTTP 407', { status: 407 }),
  unreachable('proxy', 'HTTP 403', { status: 403 }),
  unreachable('proxy', 'HTTP 502', { status: 502 }),
  unreachable('proxy', 'ECONNREFUSED 10.0.0.8:3128', { code: 'ECONNREFUSED' }),
  unreachable('timeout', 'no answer in time'),
  unreachable('broken-off', 'ECONNRESET', { code: 'ECONNRESET' }),
  unreachable('local', 'EMFILE', { code: 'EMFILE' }),
  unreachable('unknown', 'an error without a code'),
  unreachable('not-sts', 'HTTP 200, text/html', { status: 200 }),
];
