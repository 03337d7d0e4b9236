import type { AskedOfSts, FactsOf, FailureFacts } from '../../src/failure.ts';
import type { NetworkFault } from '../../src/sts/answer.ts';

/** Cases of every kind of failure, as a user may meet them; the compiler refuses the table while a kind is missing. */
type Examples = {
  readonly [K in FailureFacts['kind']]: readonly [Cases<K>, ...Cases<K>[]];
};

type Cases<K extends FailureFacts['kind']> = Omit<FactsOf<K>, 'kind'>;

const now = new Date('2026-11-22T20:15:00Z');
const config = '/home/semaphore/.aws/config';

const context: AskedOfSts = {
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
  attempts: 3,
  waited: 1_400,
  now,
  serverTime: now,
};

const refused = (code: string, status: number, message: string): Cases<'sts-refused'> => ({
  refusal: { code, status, message, requestId: undefined },
  context,
});

const unreachable = (at: NetworkFault['at'], detail: string): Cases<'sts-unreachable'> => ({
  fault: { at, detail, code: undefined, status: undefined },
  context,
});

export const examples: Examples = {
  'unknown-flag': [{ flag: '--regin', suggestion: '--region' }],
  'unknown-command': [{ command: 'logn', suggestion: 'login', commands: ['login', 'logout'] }],
  'flag-without-value': [{ flag: '--role-arn', next: '--region' }],
  'unexpected-argument': [{ argument: 'eu-west-1' }],
  usage: [{ problem: 'too many arguments' }],
  'value-invalid': [
    {
      source: '--region',
      value: 'eu-west-1a',
      problem: 'it is an availability zone, not a region',
      remedy: 'give the region, "eu-west-1"',
    },
  ],
  'role-missing': [{}],
  'flags-conflict': [
    { flags: ['--isolated', '--shared-config'], why: 'a config file is either private to the job or shared' },
  ],
  'exports-need-capture': [
    {
      why: 'on a self-hosted agent the profile goes to a private config file, since other jobs share HOME',
      line: 'source "$(sem-aws-login --role-arn arn:aws:iam::123456789012:role/deploy)"',
    },
  ],
  'environment-outranks': [{ variables: ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'] }],
  'endpoint-insecure': [{ variable: 'AWS_ENDPOINT_URL', url: 'http://localstack:4566' }],
  'token-on-command-line': [{ flag: '--token-env' }],
  'home-needed': [{}],
  'token-missing': [{ variable: 'SEMAPHORE_OIDC_TOKEN' }],
  'token-malformed': [{ source: 'SEMAPHORE_OIDC_TOKEN', problem: 'it has 1 part between dots, and a JWT has 3' }],
  'token-file-newline': [{ path: '/run/secrets/token' }],
  'token-file-unusable': [{ path: '/run/secrets/token', code: 'ENOENT' }],
  'token-expired': [{ expired: new Date('2026-11-22T18:00:00Z'), now }],
  'token-not-yet-valid': [{ validFrom: new Date('2026-11-22T20:45:00Z'), now }],
  'file-unusable': [
    { path: config, operation: 'read', code: 'EACCES' },
    { path: config, operation: 'write', code: 'ENOSPC' },
  ],
  'file-unsafe': [{ path: '/home/semaphore/.sem-aws-login', reason: 'foreign-owner' }],
  'file-locked': [{ path: config, lock: config.replace(/config$/, '.config.sem-aws-login-lock'), seconds: 60 }],
  'file-contested': [{ path: config }],
  'profile-not-ours': [{ path: config, profile: 'default', line: 4 }],
  'profile-unreadable': [
    { path: config, profile: 'default', problem: 'key-twice', line: 7, lineText: 'region = eu-west-1' },
  ],
  'profile-value-unwritable': [{ path: config, profile: 'default', key: 'web_identity_token_file' }],
  'static-keys': [{ path: '/home/semaphore/.aws/credentials', profile: 'default', line: 2 }],
  'ca-bundle-unusable': [{ path: '/etc/ssl/proxy.pem', problem: 'It cannot be read (ENOENT)' }],
  'sts-refused': [
    refused('AccessDenied', 403, 'Not authorized to perform sts:AssumeRoleWithWebIdentity'),
    refused(
      'InvalidIdentityToken',
      400,
      'No OpenIDConnect provider found in your account for https://acme.semaphoreci.com',
    ),
    refused('InvalidIdentityToken', 400, 'Incorrect token audience'),
    refused('InvalidIdentityToken', 400, 'Missing a required claim: sub'),
    refused('ExpiredTokenException', 400, 'Token expired: current date/time must be before the expiration date/time'),
    refused('IDPRejectedClaim', 403, 'The identity provider rejected a claim'),
    refused('RegionDisabledException', 403, 'STS is not activated in this region for account:123456789012'),
    refused('ValidationError', 400, '1 validation error detected'),
  ],
  'sts-busy': [
    { refusal: { code: 'Throttling', status: 400, message: 'Rate exceeded', requestId: undefined }, context },
  ],
  'sts-unreachable': [
    unreachable('name', 'getaddrinfo ENOTFOUND sts.eu-west-9.amazonaws.com'),
    unreachable('connect', 'connect ECONNREFUSED 10.0.0.7:443'),
    unreachable('tls', 'self-signed certificate in certificate chain'),
    unreachable('proxy', 'the proxy answered 407'),
    unreachable('timeout', 'no answer within 10 s'),
    unreachable('broken-off', 'socket hang up'),
    unreachable('not-sts', 'an answer of type text/html'),
  ],
};
