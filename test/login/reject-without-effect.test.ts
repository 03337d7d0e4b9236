import { describe, expect, test } from 'vitest';
import { rejectWithoutEffect } from '../../src/login/env-file.ts';
import type { IsolationReason } from '../../src/login/paths.ts';
import type { Environment } from '../../src/world/world.ts';
import { failureOf } from '../failing.ts';
import { loginRequestOf, paths, roleArn } from './scratch-home.ts';

const stdouts = {
  captured: { stdoutIsTerminal: false, stdoutIsDiscarded: false },
  terminal: { stdoutIsTerminal: true, stdoutIsDiscarded: false },
  discarded: { stdoutIsTerminal: false, stdoutIsDiscarded: true },
};

/** A login with these flags, to a private config file for this cause, with this stdout. */
const judged =
  (
    flags: readonly string[],
    isolation?: IsolationReason,
    stdout: keyof typeof stdouts = 'captured',
    environment: Environment = {},
  ) =>
  () =>
    rejectWithoutEffect(loginRequestOf(flags), { ...paths, isolation }, { environment, output: stdouts[stdout] });

describe('a login is accepted if it has an effect', () => {
  test.each<[string, ...Parameters<typeof judged>]>([
    ['through captured exports', []],
    ['through captured exports, for a private config file', [], 'self-hosted'],
    ['through captured keys', ['--export', 'static']],
    ['through the shared profile, on a terminal', [], undefined, 'terminal'],
    ['through the shared profile, with stdout discarded', [], undefined, 'discarded'],
    [
      'through the shared profile, with --export static and stdout discarded',
      ['--export', 'static'],
      undefined,
      'discarded',
    ],
    [
      'through the shared profile alone',
      ['--export', 'none'],
      undefined,
      'captured',
      { AWS_REGION: 'x', AWS_CONFIG_FILE: '/c' },
    ],
    ['through the shared profile alone, on a terminal', ['--export', 'none'], undefined, 'terminal'],
    ['through exports that variables do not override', [], undefined, 'terminal', { AWS_PROFILE: 'other' }],
  ])('%s', (_what, ...args) => {
    expect(judged(...args)).not.toThrow();
  });
});

const why: readonly (readonly [cause: IsolationReason, why: string])[] = [
  ['requested', 'with --isolated the profile goes to a private config file'],
  ['self-hosted', 'on a self-hosted agent the profile goes to a private config file, since other jobs share HOME'],
  ['home-unset', 'HOME is not set, and the profile goes to a private config file'],
  ['home-read-only', 'HOME is not writable, and the profile goes to a private config file'],
  ['config-read-only', 'the shared config file is not writable, and the profile goes to a private one'],
  ['config-hard-links', 'the shared config file has hard links, and the profile goes to a private one'],
  [
    'config-foreign-owner',
    'the shared config file has an owner or group that cannot be kept, and the profile goes to a private one',
  ],
  ['config-access-list', 'the shared config file has an access list, and the profile goes to a private one'],
];

describe('a login without an effect is rejected', () => {
  test.each(why)('with a private config file (%s) and --export none', (cause, reason) => {
    expect(failureOf(judged(['--export', 'none'], cause))).toEqual({
      kind: 'flags-conflict',
      flags: ['--export none', 'a private config file'],
      why: reason,
      remedy:
        cause === 'self-hosted'
          ? 'Remove --export none, or use the shared config file: --shared-config'
          : 'Remove --export none.',
    });
  });

  const line = `source "$(sem-aws-login --role-arn ${roleArn})"`;
  test.each(why)('with a private config file (%s) and stdout on a terminal', (cause, reason) => {
    expect(failureOf(judged([], cause, 'terminal'))).toEqual({ kind: 'exports-need-capture', why: reason, line });
  });

  test.each(why)('with a private config file (%s) and stdout discarded', (cause, reason) => {
    expect(failureOf(judged([], cause, 'discarded'))).toEqual({ kind: 'exports-need-capture', why: reason, line });
  });

  test('with session keys and stdout on a terminal', () => {
    expect(failureOf(judged(['--export', 'static'], undefined, 'terminal'))).toEqual({
      kind: 'exports-need-capture',
      why: 'session keys are exported variables',
      line,
    });
  });

  test('if variables take precedence over the profile, and names them', () => {
    const environment = {
      AWS_PROFILE: 'other',
      AWS_REGION: 'eu-west-1',
      AWS_ACCESS_KEY_ID: '',
      AWS_ROLE_ARN: undefined,
    };
    expect(failureOf(judged(['--export', 'none'], undefined, 'captured', environment))).toEqual({
      kind: 'variables-take-precedence',
      variables: ['AWS_ACCESS_KEY_ID', 'AWS_PROFILE'],
    });
  });

  test.each([
    'AWS_ACCESS_KEY_ID',
    'AWS_SECRET_ACCESS_KEY',
    'AWS_SESSION_TOKEN',
    'AWS_SECURITY_TOKEN',
    'AWS_CREDENTIAL_EXPIRATION',
    'AWS_PROFILE',
    'AWS_DEFAULT_PROFILE',
    'AWS_ROLE_ARN',
    'AWS_WEB_IDENTITY_TOKEN_FILE',
    'AWS_ROLE_SESSION_NAME',
  ])('if %s takes precedence over the profile', (name) => {
    const facts = failureOf(judged(['--export', 'none'], undefined, 'captured', { [name]: 'x' }));
    expect(facts).toEqual({ kind: 'variables-take-precedence', variables: [name] });
  });
});
