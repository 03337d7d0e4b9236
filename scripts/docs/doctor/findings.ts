import { clientChoices } from '../../../src/clients/choice.ts';
import { readConfig } from '../../../src/config-file/read.ts';
import { type Finding, type FindingFacts, fail, failed, ok, warn } from '../../../src/doctor/finding.ts';
import { evaluateTrustPolicy } from '../../../src/trust/evaluation.ts';
import { parseTrustPolicy } from '../../../src/trust/policy-parser.ts';
import type { NetworkFault } from '../../../src/world/sts.ts';
import { askedByBranch, askedByFork } from '../problems/aws-examples.ts';

const { token: claims, now, roleArn, endpoint } = askedByBranch;
const issuer = 'https://acme.semaphoreci.com';
const discovery = `${issuer}/.well-known/openid-configuration`;
const keys = `${issuer}/.well-known/jwks.json`;
const config = '/home/semaphore/.aws/config';
const credentials = '/home/semaphore/.aws/credentials';
const job = '2f8a7c9e-5a3d-4c1b-9c59-0d7c1f3b7e11';
const tokenFile = `/home/semaphore/.sem-aws-login/jobs/${job}/token`;
const source = 'trust.json';
const fault: NetworkFault = {
  at: 'name',
  detail: 'ENOTFOUND acme.semaphoreci.com',
  code: 'ENOTFOUND',
  status: undefined,
};

const webIdentity = `role_arn = ${roleArn}\nweb_identity_token_file = ${tokenFile}\nrole_session_name = semaphore-job-${job}\n`;
const choices = clientChoices({
  environment: { AWS_ROLE_ARN: roleArn, AWS_WEB_IDENTITY_TOKEN_FILE: tokenFile, AWS_REGION: 'eu-west-1' },
  config: readConfig(`[default]\nregion = eu-west-1\n${webIdentity}`),
  credentials: undefined,
});

const policy = parseTrustPolicy(
  JSON.stringify({ Statement: { Effect: 'Allow', Principal: '*', Action: 'sts:AssumeRoleWithWebIdentity' } }),
).policy ?? { version: '2008-10-17', statements: [] };
const decision = evaluateTrustPolicy(policy, { claims });

/** One realistic finding of every kind. The table does not compile while a kind is missing. */
export const findings: { readonly [K in FindingFacts['kind']]: Finding } = {
  'token-good': ok('token', { kind: 'token-good', source: 'SEMAPHORE_OIDC_TOKEN', claims, now }),
  'token-ends-soon': warn('token', {
    kind: 'token-ends-soon',
    source: 'SEMAPHORE_OIDC_TOKEN',
    claims,
    now: new Date('2026-11-23T19:20:00Z'),
  }),
  failure: failed('token', 3, { kind: 'token-missing', variable: 'SEMAPHORE_OIDC_TOKEN', inJob: true }),
  context: warn('context', { kind: 'context', context: 'fork', claims: askedByFork.token, fork: 'mallory/web' }),
  'policy-decision': ok('trust-policy', {
    kind: 'policy-decision',
    source,
    decoded: false,
    faults: [],
    decision,
    mistakes: [],
  }),
  'policy-faulty': fail('trust-policy', 5, {
    kind: 'policy-faulty',
    source,
    decoded: false,
    faults: parseTrustPolicy('{ "Statement": [').faults,
  }),
  'policy-unjudged': warn('trust-policy', { kind: 'policy-unjudged', source }),
  'role-granted': ok('role', {
    kind: 'role-granted',
    roleArn,
    assumedRoleArn: `arn:aws:sts::123456789012:assumed-role/deploy/semaphore-job-${job}`,
    ends: new Date('2026-11-22T21:15:00Z'),
  }),
  'issuer-holds-key': ok('issuer', { kind: 'issuer-holds-key', issuer, keyId: 'a1' }),
  'issuer-missing': fail('issuer', 5, { kind: 'issuer-missing' }),
  'issuer-not-https': fail('issuer', 5, { kind: 'issuer-not-https', issuer: 'http://acme.example.com' }),
  'issuer-unreachable': warn('issuer', { kind: 'issuer-unreachable', url: discovery, fault }),
  'issuer-wrong-answer': fail('issuer', 5, {
    kind: 'issuer-wrong-answer',
    url: discovery,
    problem: { kind: 'other-issuer', issuer: `${issuer}/` },
  }),
  'issuer-lacks-key': fail('issuer', 5, { kind: 'issuer-lacks-key', url: keys, keyId: 'a1', keyIds: ['b1', 'b2'] }),
  'sts-reachable': ok('sts', { kind: 'sts-reachable', endpoint }),
  'sts-unreachable-now': fail('sts', 6, {
    kind: 'sts-unreachable-now',
    url: endpoint.url,
    fault: { at: 'connect', detail: 'ECONNREFUSED 10.0.0.7:443', code: 'ECONNREFUSED', status: undefined },
    timeout: 10_000,
  }),
  'clock-right': ok('clock', { kind: 'clock-right', skew: 800 }),
  'clock-wrong': warn('clock', { kind: 'clock-wrong', skew: 900_000 }),
  'clock-unknown': warn('clock', { kind: 'clock-unknown' }),
  'config-good': ok('config', { kind: 'config-good', path: config, profile: 'default', line: 2, job }),
  'config-absent': ok('config', { kind: 'config-absent', path: config }),
  'config-without-profile': ok('config', { kind: 'config-without-profile', path: config, profile: 'default' }),
  'profile-missing': fail('config', 4, {
    kind: 'profile-missing',
    profile: 'deploy',
    variable: 'AWS_PROFILE',
    paths: [config, credentials],
  }),
  'file-defect': warn('config', { kind: 'file-defect', path: config, line: 7, why: 'key-twice' }),
  'config-read-only': warn('config', { kind: 'config-read-only', path: config }),
  'open-to-all': warn('token-file', { kind: 'open-to-all', path: '/run/secrets/token', holds: 'a token' }),
  'token-file-good': ok('token-file', {
    kind: 'token-file-good',
    path: tokenFile,
    source: 'AWS_WEB_IDENTITY_TOKEN_FILE and the profile "default"',
  }),
  'token-file-gone': fail('token-file', 4, {
    kind: 'token-file-gone',
    path: tokenFile,
    source: 'the profile "default"',
  }),
  'no-leftovers': ok('leftovers', { kind: 'no-leftovers' }),
  'leftover-directories': warn('leftovers', {
    kind: 'leftover-directories',
    paths: ['/home/semaphore/.sem-aws-login/jobs/0d7c1f3b-7e11-4a3d-9c59-2f8a7c9e5a3d'],
  }),
  'foreign-section': warn('leftovers', { kind: 'foreign-section', path: config, profile: 'default', line: 2, job }),
  'cache-elsewhere': ok('cache', { kind: 'cache-elsewhere', backend: undefined }),
  'cache-has-profile': ok('cache', { kind: 'cache-has-profile', profile: 'cache' }),
  'cache-lacks-profile': warn('cache', { kind: 'cache-lacks-profile', profile: 'cache' }),
  'cache-uses-default': warn('cache', { kind: 'cache-uses-default' }),
  'clients-agree': ok('clients', { kind: 'clients-agree', choices }),
  'clients-regions': warn('clients', { kind: 'clients-regions', choices }),
  'clients-differ': warn('clients', { kind: 'clients-differ', choices }),
  'clients-outrank': warn('clients', { kind: 'clients-outrank', choices }),
  'clients-nobody': warn('clients', { kind: 'clients-nobody', choices }),
  'clients-fail': fail('clients', 4, { kind: 'clients-fail', choices }),
};
