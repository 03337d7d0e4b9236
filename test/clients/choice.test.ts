import { describe, expect, test } from 'vitest';
import { clientChoices } from '../../src/clients/choice.ts';
import { readConfig } from '../../src/config-file/read.ts';

const webIdentity = 'role_arn = arn:aws:iam::123456789012:role/deploy\nweb_identity_token_file = /token\n';
const consoleLogin = 'login_session = arn:aws:iam::123456789012:user/ada\n';

const choicesOf = (config: string, environment: Readonly<Record<string, string>> = {}) =>
  clientChoices({
    environment: { AWS_EC2_METADATA_DISABLED: 'true', ...environment },
    config: readConfig(config),
    credentials: undefined,
  });

describe('the choice of an AWS client', () => {
  test('never lists the source that it uses among the others', () => {
    for (const { client, source, passedOver } of choicesOf(`[default]\n${webIdentity}`)) {
      expect(source, client).toMatchObject({ kind: 'web-identity', from: 'profile' });
      expect(passedOver, client).toEqual([]);
    }
  });

  test('lists each of the other sources once', () => {
    const keys = { AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b' };
    for (const { client, passedOver } of choicesOf(`[default]\n${webIdentity}`, keys))
      expect(
        passedOver.map(({ kind }) => kind),
        client,
      ).toEqual(['web-identity']);
  });

  test('is the console login of a profile that has nothing else', () => {
    for (const { client, source } of choicesOf(`[default]\n${consoleLogin}`))
      expect(source, client).toEqual({ kind: 'login-session', profile: 'default' });
  });

  test('is the web identity of a profile that also has a console login', () => {
    for (const { client, source } of choicesOf(`[default]\n${consoleLogin}${webIdentity}`))
      expect(source.kind, client).toBe('web-identity');
  });
});
