import { type Accounts, makeTrustPolicy, type Provider, type Role, type User } from './account.ts';
import { type Issuer, startIssuer, type TokenChanges } from './issuer.ts';
import { issuerOf, type Job, type JobDescription, makeJob } from './job.ts';
import { type Agent, makeJobEnvironment } from './job-environment.ts';
import { type Sts, startSts } from './server.ts';

/** What the local AWS contains; see {@link startAws} for what stands in for the absent. */
export interface AwsOptions {
  readonly issuer?: string;
  readonly roles?: readonly Role[];
  readonly providers?: readonly Provider[];
  readonly users?: readonly User[];
}

/** A local STS and the issuer that it trusts. */
export interface LocalAws extends Sts, AsyncDisposable {
  readonly issuer: Issuer;
  readonly accounts: Accounts;
  /** A token for this job, or for a new job in this context. */
  mint(job: JobDescription, changes?: TokenChanges): string;
  /** What the agent gives to this job: every `SEMAPHORE_…` variable, the token among them. */
  environmentFor(job: JobDescription, changes?: TokenChanges & { readonly agent?: Agent }): Record<string, string>;
  /** What sends a client's STS calls here: `AWS_ENDPOINT_URL_STS`. */
  readonly clientEnvironment: Readonly<Record<string, string>>;
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
  const sts = await startSts({ accounts, discovery: new Map([[issuerUrl, issuer.url]]) });
  const close = async () => {
    await Promise.all([sts.close(), issuer.close()]);
  };
  return {
    ...sts,
    issuer,
    accounts,
    mint: issuer.mint,
    environmentFor: (description, { agent, ...changes } = {}) => {
      const job: Job = makeJob(description);
      return makeJobEnvironment(job, issuer.mint(job, changes), agent);
    },
    clientEnvironment: { AWS_ENDPOINT_URL_STS: sts.url },
    close,
    [Symbol.asyncDispose]: close,
  };
}
