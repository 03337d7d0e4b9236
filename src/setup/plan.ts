import { isRoleName, makeProviderArn, makeRoleArn, type PolicyArn } from '../aws/arn.ts';
import { longestProviderText } from '../aws/limits.ts';
import { partitionOfRegion } from '../aws/region.ts';
import type { GivenJobs, GivenRole } from '../cli/setup-options.ts';
import { Failure } from '../failure.ts';
import type { SetupFact } from '../failures/usage.ts';
import type { TokenClaims } from '../semaphore/claims.ts';
import {
  type GitReference,
  type Issuer,
  parseExactReference,
  parseIssuer,
  parseProjectId,
  parseRepository,
} from '../semaphore/project.ts';
import { branchOrTagOf, parseSubject, type Subject } from '../semaphore/subject.ts';

/** The provider and the role to write, and what the login line needs. */
export interface SetupPlan {
  readonly jobs: TrustedJobs;
  readonly roleName: string;
  /** Undefined if `roleName` is the default. */
  readonly requestedRoleName: string | undefined;
  /** Undefined if not given. Most formats leave it to AWS. */
  readonly account: string | undefined;
  /** From the region or a policy, else `aws`. */
  readonly partition: string;
  readonly region: string | undefined;
  readonly existingProvider: boolean;
  readonly thumbprints: readonly string[];
  readonly policies: readonly PolicyArn[];
  /** Seconds. */
  readonly maxSessionDuration: number | undefined;
}

/** Returns the plan for a role. Throws `value-invalid` for a policy of another partition or account. */
export function makeSetupPlan(jobs: TrustedJobs, role: GivenRole): SetupPlan {
  const regional = role.region === undefined ? undefined : partitionOfRegion(role.region).name;
  const partition = regional ?? role.policies[0]?.partition ?? 'aws';
  for (const policy of role.policies) rejectForeign(policy, partition, role.account);
  const { name, ...others } = role;
  return { ...others, jobs, partition, roleName: name ?? roleNameFor(jobs.repository), requestedRoleName: name };
}

/** The role's ARN; `ACCOUNT_ID` stands for an account that is not known. */
export function roleArnOf({ partition, account = 'ACCOUNT_ID', roleName }: SetupPlan): string {
  return makeRoleArn({ partition, account, name: roleName });
}

/** The provider's ARN in an account. */
export function providerArnOf({ partition, jobs }: SetupPlan, account: string): string {
  return makeProviderArn({ partition, account, host: jobs.issuer.host });
}

function roleNameFor(repository: string | undefined): string {
  const name = `semaphore-${repository}`;
  return repository !== undefined && isRoleName(name) ? name : 'semaphore';
}

function rejectForeign(policy: PolicyArn, partition: string, account: string | undefined): void {
  const reject = (problem: string, remedy: string): never => {
    throw new Failure({
      kind: 'value-invalid',
      source: '--permissions-policy-arn',
      value: policy.text,
      problem,
      remedy,
    });
  };
  if (policy.partition !== partition)
    reject(
      `its partition is "${policy.partition}", and the partition of the role is "${partition}"`,
      `give an ARN of the partition "${partition}", or a --region of "${policy.partition}"`,
    );
  if (account !== undefined && policy.account !== undefined && policy.account !== account)
    reject(
      `it belongs to account ${policy.account}, and the role to account ${account}`,
      `create the policy in account ${account} too, and give its ARN`,
    );
}

/** The jobs that a role allows, and no others. */
export interface TrustedJobs {
  readonly issuer: Issuer;
  /** Only ASCII letters, digits and `:/._-`. */
  readonly audience: string;
  /** As in the subject: in every known installation, the first label of the issuer's host. */
  readonly organization: string;
  readonly projectId: string;
  /** Undefined if not given: then any repository of the project. */
  readonly repository: string | undefined;
  readonly references: readonly GitReference[];
  readonly pullRequests: boolean;
  /** Their tokens carry session tags. */
  readonly sessionTags: boolean;
}

/**
 * Returns the jobs that the options and the job's token describe. An option takes precedence, and facts of the token's
 * organization or project are used for that one only. Throws `setup-incomplete`, `job-without-reference`,
 * `token-without-subject` and `value-invalid`.
 */
export function makeTrustedJobs(given: GivenJobs, claims: TokenClaims | undefined): TrustedJobs {
  const issuer = given.issuer ?? issuerOf(claims);
  const own = claims?.iss === issuer?.url ? claims : undefined;
  const subject = own === undefined ? undefined : subjectOf(own, given);
  const projectId = given.projectId ?? subject?.projectId;
  const job = subject?.projectId === projectId ? subject : undefined;
  const references = referencesOf(given, job);
  const allowsJobs = references.length > 0 || given.pullRequests;
  if (issuer === undefined || projectId === undefined || !allowsJobs) {
    const facts = { organization: issuer, project: projectId, reference: allowsJobs || undefined };
    throw new Failure({ kind: 'setup-incomplete', missing: missingIn(facts), token: claims !== undefined });
  }
  return {
    issuer,
    audience: own === undefined ? issuer.url : audienceOf(own),
    organization: subject?.organization ?? issuer.organization,
    projectId,
    repository: given.repository ?? job?.repository,
    references,
    pullRequests: given.pullRequests,
    sessionTags: given.sessionTags || Object.keys(own?.tags ?? {}).length > 0,
  };
}

function missingIn(facts: Readonly<Record<Exclude<SetupFact, 'account'>, unknown>>): SetupFact[] {
  const all = ['organization', 'project', 'reference'] as const;
  return all.filter((fact) => facts[fact] === undefined);
}

function issuerOf(claims: TokenClaims | undefined): Issuer | undefined {
  return claims?.iss === undefined ? undefined : parseIssuer({ value: claims.iss, source: "the token's issuer" });
}

// If the options name everything, an unreadable subject does not matter.
function subjectOf(claims: TokenClaims, given: GivenJobs): Subject | undefined {
  const subject = parseSubject(claims.sub ?? '');
  if (subject === undefined) {
    if (given.projectId !== undefined && namesJobs(given)) return undefined;
    throw new Failure({ kind: 'token-without-subject', subject: claims.sub });
  }
  const source = "the token's subject";
  parseProjectId({ value: subject.projectId, source });
  parseRepository({ value: subject.repository, source });
  return subject;
}

function namesJobs({ references, pullRequests }: GivenJobs): boolean {
  return references.length > 0 || pullRequests;
}

function referencesOf(given: GivenJobs, job: Subject | undefined): readonly GitReference[] {
  return namesJobs(given) || job === undefined ? given.references : [referenceOf(job)];
}

function referenceOf(subject: Subject): GitReference {
  const found = branchOrTagOf(subject);
  if (found === undefined) throw new Failure({ kind: 'job-without-reference', refType: subject.refType });
  return parseExactReference(found.kind, { value: found.name, source: "this job's reference" });
}

// Other characters would need different quotes in every format, and no Semaphore uses them in an audience.
function audienceOf({ aud, iss = '' }: TokenClaims): string {
  const [one, ...others] = [aud ?? iss].flat();
  if (one !== undefined && others.length === 0 && one.length <= longestProviderText && /^[\w:/.-]+$/.test(one))
    return one;
  throw new Failure({
    kind: 'value-invalid',
    source: "the token's audience",
    value: [aud ?? ''].flat().join(', '),
    problem: 'setup supports one audience, of letters, digits and ":/._-"',
    remedy: "use a token for the organization's URL, such as SEMAPHORE_OIDC_TOKEN",
  });
}
