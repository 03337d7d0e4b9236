import { clientChoices } from '../../../src/clients/choice.ts';
import type { FindingKind } from '../../../src/commands/doctor.ts';
import { readConfig } from '../../../src/config-file/read.ts';
import { cacheFindings } from '../../../src/doctor/cache.ts';
import { clientsFindings } from '../../../src/doctor/clients.ts';
import { configFindings } from '../../../src/doctor/config.ts';
import { contextFindings } from '../../../src/doctor/context.ts';
import type { Finding } from '../../../src/doctor/finding.ts';
import { issuerFindings } from '../../../src/doctor/issuer.ts';
import { leftoversFindings } from '../../../src/doctor/leftovers.ts';
import { clockFindings, roleFindings, stsFindings } from '../../../src/doctor/sts.ts';
import { tokenFindings } from '../../../src/doctor/token.ts';
import { tokenFileFindings } from '../../../src/doctor/token-file.ts';
import { trustPolicyFindings } from '../../../src/doctor/trust-policy.ts';
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

const failing = clientChoices({ environment: { AWS_PROFILE: 'deploy' }, config: undefined, credentials: undefined });
const loginLine = `source "$(sem-aws-login --role-arn ${roleArn} --region eu-west-1)"`;
const clients = { choices, variables: [], loginLine };

const policy = parseTrustPolicy(
  JSON.stringify({ Statement: { Effect: 'Allow', Principal: '*', Action: 'sts:AssumeRoleWithWebIdentity' } }),
).policy ?? { version: '2008-10-17', statements: [] };
const decision = evaluateTrustPolicy(policy, { claims });

/**
 * One realistic finding of every kind, in the order of the report. The table does not compile while
 * a kind is missing.
 */
export const findings: { readonly [Kind in FindingKind]: Finding<Kind> } = {
  'token-good': tokenFindings.ok('token-good', { source: 'SEMAPHORE_OIDC_TOKEN', claims, now }),
  'token-ends-soon': tokenFindings.warn('token-ends-soon', {
    source: 'SEMAPHORE_OIDC_TOKEN',
    claims,
    now: new Date('2026-11-23T19:20:00Z'),
  }),
  failure: tokenFindings.failed({ kind: 'token-missing', variable: 'SEMAPHORE_OIDC_TOKEN', inJob: true }),
  context: contextFindings.warn('context', { context: 'fork', claims: askedByFork.token, fork: 'mallory/web' }),
  'policy-decision': trustPolicyFindings.ok('policy-decision', {
    source,
    decoded: false,
    faults: [],
    decision,
    mistakes: [],
  }),
  'policy-faulty': trustPolicyFindings.fail(5, 'policy-faulty', {
    source,
    decoded: false,
    faults: parseTrustPolicy('{ "Statement": [').faults,
  }),
  'policy-unjudged': trustPolicyFindings.warn('policy-unjudged', { source }),
  'role-granted': roleFindings.ok('role-granted', {
    roleArn,
    assumedRoleArn: `arn:aws:sts::123456789012:assumed-role/deploy/semaphore-job-${job}`,
    ends: new Date('2026-11-22T21:15:00Z'),
  }),
  'issuer-holds-key': issuerFindings.ok('issuer-holds-key', { issuer, keyId: 'a1' }),
  'issuer-missing': issuerFindings.fail(5, 'issuer-missing'),
  'issuer-not-https': issuerFindings.fail(5, 'issuer-not-https', { issuer: 'http://acme.example.com' }),
  'issuer-unreachable': issuerFindings.warn('issuer-unreachable', { url: discovery, fault }),
  'issuer-wrong-answer': issuerFindings.fail(5, 'issuer-wrong-answer', {
    url: discovery,
    problem: { kind: 'other-issuer', issuer: `${issuer}/` },
  }),
  'issuer-lacks-key': issuerFindings.fail(5, 'issuer-lacks-key', { url: keys, keyId: 'a1', keyIds: ['b1', 'b2'] }),
  'sts-reachable': stsFindings.ok('sts-reachable', { endpoint }),
  'sts-unreachable-now': stsFindings.fail(6, 'sts-unreachable-now', {
    url: endpoint.url,
    fault: { at: 'connect', detail: 'ECONNREFUSED 10.0.0.7:443', code: 'ECONNREFUSED', status: undefined },
    timeout: 10_000,
  }),
  'clock-right': clockFindings.ok('clock-right', { skew: 800 }),
  'clock-wrong': clockFindings.warn('clock-wrong', { skew: 900_000 }),
  'clock-unknown': clockFindings.warn('clock-unknown'),
  'config-good': configFindings.ok('config-good', { path: config, profile: 'default', line: 2, job }),
  'config-absent': configFindings.ok('config-absent', { path: config }),
  'config-without-profile': configFindings.ok('config-without-profile', { path: config, profile: 'default' }),
  'profile-missing': configFindings.fail(4, 'profile-missing', {
    profile: 'deploy',
    variable: 'AWS_PROFILE',
    paths: [config, credentials],
  }),
  'file-defect': configFindings.warn('file-defect', { path: config, line: 7, why: 'key-twice' }),
  'config-read-only': configFindings.warn('config-read-only', { path: config, loginLine }),
  'config-not-replaceable': configFindings.warn('config-not-replaceable', {
    path: config,
    loss: 'access-list',
    loginLine,
  }),
  'open-to-all': tokenFileFindings.warn('open-to-all', { path: '/run/secrets/token', holds: 'a token' }),
  'token-file-good': tokenFileFindings.ok('token-file-good', {
    path: tokenFile,
    source: 'AWS_WEB_IDENTITY_TOKEN_FILE and profile "default"',
  }),
  'token-file-gone': tokenFileFindings.fail(4, 'token-file-gone', {
    path: tokenFile,
    source: 'profile "default"',
    loginLine,
  }),
  'no-leftovers': leftoversFindings.ok('no-leftovers'),
  'leftover-directories': leftoversFindings.warn('leftover-directories', {
    paths: ['/home/semaphore/.sem-aws-login/jobs/0d7c1f3b-7e11-4a3d-9c59-2f8a7c9e5a3d'],
  }),
  'foreign-section': leftoversFindings.warn('foreign-section', { path: config, profile: 'default', line: 2, job }),
  'cache-elsewhere': cacheFindings.ok('cache-elsewhere', { backend: undefined }),
  'cache-has-profile': cacheFindings.ok('cache-has-profile', { profile: 'cache' }),
  'cache-lacks-profile': cacheFindings.warn('cache-lacks-profile', { profile: 'cache' }),
  'cache-uses-default': cacheFindings.warn('cache-uses-default'),
  'clients-agree': clientsFindings.ok('clients-agree', clients),
  'clients-regions': clientsFindings.warn('clients-regions', clients),
  'clients-differ': clientsFindings.warn('clients-differ', clients),
  'clients-outrank': clientsFindings.warn('clients-outrank', { ...clients, variables: ['AWS_ACCESS_KEY_ID'] }),
  'clients-static-keys': clientsFindings.warn('clients-static-keys', clients),
  'clients-console-login': clientsFindings.warn('clients-console-login', clients),
  'clients-no-process': clientsFindings.warn('clients-no-process', {
    profile: 'default',
    staticLoginLine: `source "$(sem-aws-login --role-arn ${roleArn} --duration 900 --export static)"`,
  }),
  'clients-choose-profile': clientsFindings.warn('clients-choose-profile', {
    ...clients,
    profiles: ['prod', 'staging'],
  }),
  'clients-nobody': clientsFindings.warn('clients-nobody', clients),
  'clients-fail': clientsFindings.fail(4, 'clients-fail', { ...clients, choices: failing }),
};
