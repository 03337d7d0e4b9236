import { createHash } from 'node:crypto';
import aws from 'aws-sdk';
import type { Claims } from '../../aws-simulator/claims.ts';
import { type Issuer, startIssuer } from '../../aws-simulator/issuer.ts';
import { startLoopbackServer } from '../../aws-simulator/loopback.ts';
import type { Radosgw } from './cluster.ts';

/** The result of a login at radosgw. */
export type Judgement = 'allowed' | 'refused' | 'policy not taken';

/** An issuer that radosgw trusts, and radosgw's decisions about its tokens. */
export interface Judge {
  /** `127.0.0.1:PORT`, for the keys and ARNs of policies. */
  readonly host: string;
  /** Creates a role with this trust policy and logs in with a token of these claims. */
  judge(policy: string, claims: Claims): Promise<Judgement>;
  close(): Promise<void>;
}

/** Starts an issuer and registers it at radosgw for these audiences. */
export async function startJudge(radosgw: Radosgw, audiences: (url: string) => readonly string[]): Promise<Judge> {
  const front = await startFront();
  const iam = new aws.IAM({
    endpoint: radosgw.url,
    region: 'us-east-1',
    accessKeyId: radosgw.accessKeyId,
    secretAccessKey: radosgw.secretAccessKey,
    maxRetries: 0,
  });
  await iam
    .createOpenIDConnectProvider({
      Url: front.url,
      ClientIDList: [...audiences(front.url)],
      ThumbprintList: [await thumbprintOf(front.issuer)],
    })
    .promise();
  let roles = 0;
  return {
    host: new URL(front.url).host,
    close: () => front.close(),
    async judge(policy, claims) {
      roles += 1;
      const role = { RoleName: `role-${roles}`, AssumeRolePolicyDocument: policy };
      const made = await iam
        .createRole(role)
        .promise()
        .then(
          () => true,
          (error: { readonly code?: string }) => {
            if (error.code === 'MalformedPolicyDocument') return false;
            throw error;
          },
        );
      if (!made) return 'policy not taken';
      const token = front.issuer.mint('branch', { claims: { iss: front.url, ...claims } });
      return login(radosgw.url, role.RoleName, token);
    },
  };
}

/**
 * Starts an issuer whose tokens name its real address. The discovery document needs the address
 * first, so a front server forwards to the issuer.
 */
export async function startFront(): Promise<{ readonly url: string; readonly issuer: Issuer; close(): Promise<void> }> {
  let issuer: Issuer | undefined;
  const front = await startLoopbackServer(async (request, response) => {
    const answer = await fetch(`${issuer?.url}${request.url}`);
    response.writeHead(answer.status, { 'content-type': 'application/json' }).end(await answer.text());
  });
  const started = await startIssuer(front.url);
  issuer = started;
  return {
    url: front.url,
    issuer: started,
    async close() {
      await front.close();
      await started.close();
    },
  };
}

/** Returns the SHA-1 of the certificate by which radosgw identifies an issuer. */
export async function thumbprintOf(issuer: Issuer): Promise<string> {
  const answer = await fetch(`${issuer.url}/.well-known/jwks.json`);
  // Our own issuer has one key with one certificate.
  const { keys } = (await answer.json()) as { readonly keys: readonly { readonly x5c: readonly string[] }[] };
  const certificate = Buffer.from(keys[0]?.x5c[0] ?? '', 'base64');
  return createHash('sha1').update(certificate).digest('hex');
}

/**
 * Logs in to a role of radosgw, which has no accounts. Throws if the answer is neither yes nor no.
 */
export async function login(url: string, role: string, token: string): Promise<Judgement> {
  const body = new URLSearchParams({
    Action: 'AssumeRoleWithWebIdentity',
    Version: '2011-06-15',
    RoleArn: `arn:aws:iam:::role/${role}`,
    RoleSessionName: 'job-1',
    WebIdentityToken: token,
  });
  const answer = await fetch(url, { method: 'POST', body });
  const text = await answer.text();
  if (answer.ok && text.includes('<SessionToken>')) return 'allowed';
  if (answer.status === 403 && text.includes('AccessDenied')) return 'refused';
  throw new Error(`radosgw answered ${answer.status}: ${text}`);
}
