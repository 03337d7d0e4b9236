import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Accounts, makeTrustPolicy, type Provider, type Role, type User } from './account.ts';
import { type CertificateAuthority, makeCertificateAuthority } from './certificate.ts';
import { type Issuer, startIssuer, type TokenChanges } from './issuer.ts';
import { type Agent, makeJobEnvironment } from './job-environment.ts';
import { type ForwardProxy, isStsHost, startProxy } from './proxy.ts';
import { issuerOf, type JobDescription, makeJob } from './semaphore-job.ts';
import { type Sts, startSts } from './sts-server.ts';

/** The content of the local AWS; see {@link startAws} for the defaults. */
export interface AwsOptions {
  readonly issuer?: string;
  readonly roles?: readonly Role[];
  readonly providers?: readonly Provider[];
  readonly users?: readonly User[];
  /** `user:password` that the proxy requires. */
  readonly proxyCredentials?: string;
}

/** A local STS, the issuer that it trusts, and a proxy in front of it. */
export interface LocalAws extends Sts, AsyncDisposable {
  readonly issuer: Issuer;
  readonly accounts: Accounts;
  /** Connects AWS's STS hosts to this STS, loopback to itself, and nothing else. */
  readonly proxy: ForwardProxy;
  /** The authority of every certificate here, and the file with its own certificate. */
  readonly authority: CertificateAuthority;
  readonly authorityFile: string;
  /** Issues a token for this job, or for a new job in this context. */
  mint(job: JobDescription, changes?: TokenChanges): string;
  /** The job's variables as the agent sets them: every `SEMAPHORE_…` variable, with the token. */
  environmentFor(job: JobDescription, changes?: TokenChanges & { readonly agent?: Agent }): Record<string, string>;
  /** Directs STS calls here: `AWS_ENDPOINT_URL_STS`, without TLS. */
  readonly clientEnvironment: Readonly<Record<string, string>>;
  /** The same with TLS, and the authority to trust. */
  readonly tlsEnvironment: Readonly<Record<string, string>>;
  /** For clients without an endpoint variable: AWS's own hosts, through the proxy. */
  readonly proxyEnvironment: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

/** The default account and role of {@link startAws}. */
export const standardAccount = '123456789012';
export const standardRoleArn = `arn:aws:iam::${standardAccount}:role/deploy`;

/**
 * Returns the role `deploy`, which trusts only project `web` on branch `main`, with or without
 * tags.
 */
export function makeStandardRole(): Role {
  const job = makeJob('branch');
  const subject = `org:${job.organization}:project:${job.projectId}:repo:${job.repository}:ref_type:branch:ref:refs/heads/main`;
  const trustPolicy = makeTrustPolicy({ roleArn: standardRoleArn, issuer: issuerOf(job), subject, tags: true });
  return { arn: standardRoleArn, trustPolicy };
}

/**
 * Starts an issuer and an STS that trusts it. Defaults: issuer `https://acme.semaphoreci.com`, its
 * provider in account 123456789012, and the role of {@link makeStandardRole}.
 */
export async function startAws(options: AwsOptions = {}): Promise<LocalAws> {
  const issuerUrl = options.issuer ?? issuerOf(makeJob('branch'));
  const issuer = await startIssuer(issuerUrl);
  const accounts: Accounts = {
    roles: [...(options.roles ?? [makeStandardRole()])],
    providers: [...(options.providers ?? [{ account: standardAccount, issuer: issuerUrl, audiences: [issuerUrl] }])],
    users: [...(options.users ?? [])],
  };
  const authority = makeCertificateAuthority('A test run');
  const directory = await mkdtemp(join(tmpdir(), 'local-aws-'));
  const authorityFile = join(directory, 'authority.pem');
  await writeFile(authorityFile, authority.cert);
  const sts = await startSts({ accounts, discovery: new Map([[issuerUrl, issuer.url]]), authority });
  const proxy = await startProxy({
    portOf: (host, port) => {
      if (isStsHost(host) && port === 443) return sts.tlsPort;
      return host === '127.0.0.1' || host === 'localhost' ? port : undefined;
    },
    ...(options.proxyCredentials === undefined ? {} : { credentials: options.proxyCredentials }),
  });
  const close = async () => {
    await Promise.all([proxy.close(), sts.close(), issuer.close()]);
    await rm(directory, { recursive: true, force: true });
  };
  return {
    ...sts,
    issuer,
    accounts,
    proxy,
    authority,
    authorityFile,
    mint: issuer.mint,
    environmentFor: (description, { agent, ...changes } = {}) => {
      const job = makeJob(description);
      return makeJobEnvironment(job, issuer.mint(job, changes), agent);
    },
    clientEnvironment: { AWS_ENDPOINT_URL_STS: sts.url },
    tlsEnvironment: { AWS_ENDPOINT_URL_STS: sts.tlsUrl, AWS_CA_BUNDLE: authorityFile },
    proxyEnvironment: {
      HTTPS_PROXY: proxy.url,
      AWS_CA_BUNDLE: authorityFile,
      NODE_EXTRA_CA_CERTS: authorityFile,
      SSL_CERT_FILE: authorityFile,
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}
