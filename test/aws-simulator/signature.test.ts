import {
  AssumeRoleCommand,
  AssumeRoleWithWebIdentityCommand,
  GetCallerIdentityCommand,
  STSClient,
} from '@aws-sdk/client-sts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LocalAws, makeStandardRole, standardAccount, standardRoleArn, startAws } from './aws.ts';

interface Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

const user = { arn: 'arn:aws:iam::123456789012:user/ann', accessKeyId: 'AKIAANN', secretAccessKey: 'secret' };
const targetArn = 'arn:aws:iam::210987654321:role/ops/target';

/** Trusts the role `deploy` of the other account with the external id. */
const target = {
  arn: targetArn,
  maxSessionDuration: 7200,
  trustPolicy: {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { AWS: [standardRoleArn, user.arn] },
        Action: ['sts:AssumeRole', 'sts:SetSourceIdentity'],
        Condition: { StringEquals: { 'sts:ExternalId': 'blue' } },
      },
      {
        Effect: 'Allow',
        Principal: { AWS: `arn:aws:iam::${standardAccount}:root` },
        Action: 'sts:TagSession',
        Condition: { 'ForAllValues:StringEquals': { 'aws:TagKeys': ['stage'] } },
      },
    ],
  },
} as const;

let aws: LocalAws;
beforeAll(async () => {
  aws = await startAws({ roles: [makeStandardRole(), target], users: [user] });
});
afterAll(() => aws.close());

function clientOf(credentials: Keys, systemClockOffset = 0): STSClient {
  return new STSClient({ endpoint: aws.url, region: 'eu-west-1', maxAttempts: 1, credentials, systemClockOffset });
}

async function logIn(changes: { readonly tags?: boolean } = {}): Promise<Keys> {
  const { Credentials: keys } = await clientOf(user).send(
    new AssumeRoleWithWebIdentityCommand({
      RoleArn: standardRoleArn,
      RoleSessionName: 'job',
      WebIdentityToken: aws.mint('branch', changes),
    }),
  );
  return {
    accessKeyId: keys?.AccessKeyId ?? '',
    secretAccessKey: keys?.SecretAccessKey ?? '',
    sessionToken: keys?.SessionToken ?? '',
  };
}

describe('a signature', () => {
  it.each<[string, (keys: Keys) => Keys, string]>([
    ['by another secret', (keys) => ({ ...keys, secretAccessKey: 'wrong' }), 'SignatureDoesNotMatch'],
    ['with unknown keys', (keys) => ({ ...keys, accessKeyId: 'ASIAUNKNOWN' }), 'InvalidClientTokenId'],
    ['without its session token', ({ sessionToken: _, ...keys }) => keys, 'InvalidClientTokenId'],
    ['with the token of another session', (keys) => ({ ...keys, sessionToken: 'b' }), 'InvalidClientTokenId'],
  ])('%s is rejected', async (_name, change, code) => {
    const keys = await logIn();
    const error = await clientOf(change(keys))
      .send(new GetCallerIdentityCommand())
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name: code, $metadata: { httpStatusCode: 403 } });
  });

  it.each([
    [-16 * 60_000, /^Signature expired: \d{8}T\d{6}Z is now earlier than \d{8}T\d{6}Z \(\d{8}T\d{6}Z - 15 min.\)$/],
    [16 * 60_000, /^Signature not yet current: \d{8}T\d{6}Z is still later than/],
  ])('made %i ms from now is rejected', async (offset, message) => {
    const error = await clientOf(user, offset)
      .send(new GetCallerIdentityCommand())
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name: 'SignatureDoesNotMatch', message: expect.stringMatching(message) });
  });

  it('is required', async () => {
    const answer = await fetch(`${aws.url}/?Action=GetCallerIdentity&Version=2011-06-15`);
    expect(answer.status).toBe(403);
    expect(await answer.text()).toContain('<Code>MissingAuthenticationToken</Code>');
  });

  it('by keys of an expired session is rejected', async () => {
    aws.sessions.longest = -1;
    const keys = await logIn();
    aws.sessions.longest = Number.POSITIVE_INFINITY;
    await expect(clientOf(keys).send(new GetCallerIdentityCommand())).rejects.toMatchObject({ name: 'ExpiredToken' });
  });
});

describe('a role assumed from a role', () => {
  const wanted = { RoleArn: targetArn, RoleSessionName: 'chained', ExternalId: 'blue' };

  it('gets a session in the other account, without the role’s path in its name', async () => {
    const { Credentials: keys, AssumedRoleUser: assumed } = await clientOf(await logIn()).send(
      new AssumeRoleCommand({ ...wanted, SourceIdentity: 'ann', Tags: [{ Key: 'stage', Value: 'test' }] }),
    );
    expect(assumed?.Arn).toBe('arn:aws:sts::210987654321:assumed-role/target/chained');
    expect(aws.sessions.identityOf(keys?.AccessKeyId ?? '')?.session).toMatchObject({
      sourceIdentity: 'ann',
      tags: new Map([['stage', 'test']]),
    });
  });

  const denied = `User: arn:aws:sts::123456789012:assumed-role/deploy/job is not authorized to perform: sts:AssumeRole on resource: ${targetArn}`;
  it.each([
    ['a wrong external id', { ExternalId: 'red' }, denied, /StringEquals sts:ExternalId wants \["blue"\]/],
    ['no external id', { ExternalId: undefined }, denied, /the request has null/],
    ['a role that does not exist', { RoleArn: `${targetArn}-2` }, `${denied}-2`, /there is no role/],
    [
      'a tag that the policy does not name',
      { Tags: [{ Key: 'owner', Value: 'ann' }] },
      denied.replace('sts:AssumeRole', 'sts:TagSession'),
      /aws:TagKeys/,
    ],
    [
      'more than an hour',
      { DurationSeconds: 3601 },
      'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.',
      /1 hour/,
    ],
  ])('is refused for %s', async (_name, changes, message, reason) => {
    const client = clientOf(await logIn());
    const error = await client
      .send(new AssumeRoleCommand({ ...wanted, ...changes }))
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ message });
    expect(aws.requests.at(-1)?.outcome).toMatchObject({ kind: 'refused', reason: expect.stringMatching(reason) });
  });

  it('inherits the transitive tags of the token, which need sts:TagSession too', async () => {
    const client = clientOf(await logIn({ tags: true }));
    await expect(client.send(new AssumeRoleCommand(wanted))).rejects.toThrow(
      /not authorized to perform: sts:TagSession/,
    );
  });

  it('can last up to the role’s maximum with long-term keys', async () => {
    const ask = (DurationSeconds: number) => clientOf(user).send(new AssumeRoleCommand({ ...wanted, DurationSeconds }));
    await expect(ask(7200)).resolves.toHaveProperty('Credentials');
    await expect(ask(7201)).rejects.toThrow(/exceeds the MaxSessionDuration set for this role/);
  });
});
