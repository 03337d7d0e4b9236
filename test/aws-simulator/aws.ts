import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Accounts, makeTrustPolicy, type Provider, type Role, type User } from './account.ts';
import { type CertificateAuthority, makeCertificateAuthority } from './certificate.ts';
import { type Issuer, startIssuer, type TokenChanges } from './issuer.ts';
import { type Agent, makeJobEnvironment } from './job-environment.ts';
import { type ForwardProxy, isStsHost, startProxy } from './proxy.ts';
import { issuerOf, type JobDescription, makeJob } from './semaphore-job.ts';
import { type Sts, startSts } from './server.ts';

/** What the local AWS contains; see {@link startAws} for what stands in for the absent. */
export interface AwsOptions {
  readonly issuer?: string;
  readonly roles?: readonly Role[];
  readonly providers?: readonly Provider[];
  readonly users?: readonly User[];
  /** `user:password` that the proxy asks of every client. */
  readonly proxyCredentials?: string;
}

/** A local STS, the issuer that it trusts, and a proxy that leads to it. */
export interface LocalAws extends Sts, AsyncDisposable {
  readonly issuer: Issuer;
  readonly accounts: Accounts;
  /** Leads connections to AWS's STS hosts to this STS, those to loopback to themselves, and no others. */
  readonly proxy: ForwardProxy;
  /** The authority behind every certificate here, and the file that its own certificate is in until `close()`. */
  readonly authority: CertificateAuthority;
  readonly authorityFile: string;
  /** A token for this job, or for a new job in this context. */
  mint(job: JobDescription, changes?: TokenChanges): string;
  /** What the agent gives to this job: every `SEMAPHORE_…` variable, the token among them. */
  environmentFor(job: JobDescription, changes?: TokenChanges & { readonly agent?: Agent }): Record<string, string>;
  /** What sends a client's STS calls here: `AWS_ENDPOINT_URL_STS`, without TLS. */
  readonly clientEnvironment: Readonly<Record<string, string>>;
  /** The same with TLS, and the authority to trust. */
  readonly tlsEnvironment: Readonly<Record<string, string>>;
  /** For clients that know of no endpoint variable: they call AWS's own hosts, through the proxy. */
  readonly proxyEnvironment: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

/** The account and the role that {@link startAws} makes unless others are given. */
export const standardAccount = '123456789012';
export const standardRoleArn = `arn:aws:iam::${standardAccount}:role/deploy`;

/** The role `deploy`: any job of project `web` on branch `main`, and nothing else, may assume it, with tags or without. */
export function makeStandardRole(): Role {
  const job = makeJob('branch');
  const subject = `org:${job.organization}:project:${job.projectId}:repo:${job.repository}:ref_type:branch:ref:refs/heads/main`;
  const trustPolicy = makeTrustPolicy({ roleArn: standardRoleArn, issuer: issuerOf(job), subject, tags: true });
  return { arn: standardRoleArn, trustPolicy };
}

/**
 * Starts an issuer and an STS that believes it. Unless told otherwise the issuer is `https://acme.semaphoreci.com`,
 * account 123456789012 has it as a provider with its own URL as the audience, and one role, {@link makeStandardRole}.
 * Close it, or hold it with `await using`.
 */
export async function startAws(options: AwsOptions = {}): Promise<LocalAws> {
  const issuerUrl = options.issuer ?? issuerOf(makeJob('branch'));
  const issuer = await startIssuer(issuerUrl);
  const accounts: Accounts = {
    roles: [...(options.roles ?? [makeStandardRole()])],
    providers: [...(options.providers ?? [{ account: standardAccount, issuer: issuerUrl, audiences: [issuerUrl] }])],
    users: [...(options.users ?? [])],
  };
  const authority = makeCertificateAuthority('A test run, trusted by nobody else');
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
