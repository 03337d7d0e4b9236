import { makeProviderArn } from '../aws/arn.ts';
import type { GitReference } from '../semaphore/project.ts';
import { makeRef, makeSubject, pullRequestType } from '../semaphore/subject.ts';
import type { TrustedJobs } from './plan.ts';

/** Subjects as a policy compares them: exactly, or with `*` for any characters. */
interface SubjectPatterns {
  readonly exact: readonly string[];
  readonly patterns: readonly string[];
  readonly pullRequests: readonly string[];
}

/**
 * Returns the subjects of these jobs. A `*` matches colons too, but no other subject fits: the organization and the project
 * before it are exact, and no Git reference after it can contain a colon.
 */
function subjectPatternsOf(jobs: TrustedJobs): SubjectPatterns {
  const { organization, projectId, repository = '*', references, pullRequests } = jobs;
  const project = { organization, projectId, repository };
  const subjectOf = ({ kind, name }: GitReference) => makeSubject({ ...project, ...makeRef(kind, name) });
  const isExact = (reference: GitReference) => !reference.pattern && repository !== '*';
  return {
    exact: references.filter(isExact).map(subjectOf),
    patterns: references.filter((reference) => !isExact(reference)).map(subjectOf),
    // The ref is a merge commit, new at every push.
    pullRequests: pullRequests ? [makeSubject({ ...project, refType: pullRequestType, ref: '*' })] : [],
  };
}

/** A role's trust policy. `Provider` is how a format refers to the provider's ARN. */
export interface TrustDocument<Provider> {
  readonly Version: '2012-10-17';
  readonly Statement: readonly TrustStatement<Provider>[];
}

/** A statement that allows jobs of one kind. */
export interface TrustStatement<Provider> {
  /** Names the jobs that the statement is for, in formats without comments too. */
  readonly Sid: StatementKind;
  readonly Effect: 'Allow';
  readonly Principal: { readonly Federated: Provider };
  readonly Action: string | readonly string[];
  readonly Condition: {
    readonly StringEquals: Readonly<Record<string, OneOrMore>>;
    readonly StringLike?: Readonly<Record<string, OneOrMore>>;
  };
}

/** The kinds of jobs, each with a statement of its own. */
export type StatementKind = 'ExactReferences' | 'ReferencePatterns' | 'PullRequests';

type OneOrMore = string | readonly string[];

/**
 * Returns the policy that allows these jobs and no others. Exact subjects and patterns are in different statements, since all
 * operators of one statement must match together.
 */
export function makeTrustDocument<Provider>(jobs: TrustedJobs, provider: Provider): TrustDocument<Provider> {
  const { host } = jobs.issuer;
  const { exact, patterns, pullRequests } = subjectPatternsOf(jobs);
  const audience = { [`${host}:aud`]: jobs.audience };
  const subject = (subjects: readonly string[]) => ({ [`${host}:sub`]: oneOrMore(subjects) });
  const statement = (
    Sid: StatementKind,
    Condition: TrustStatement<Provider>['Condition'],
  ): TrustStatement<Provider> => ({
    Sid,
    Effect: 'Allow',
    Principal: { Federated: provider },
    // https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html#id_session-tags_permissions-required
    Action: oneOrMore(
      jobs.sessionTags ? ['sts:AssumeRoleWithWebIdentity', 'sts:TagSession'] : ['sts:AssumeRoleWithWebIdentity'],
    ),
    Condition,
  });
  const like = (Sid: StatementKind, subjects: readonly string[]) =>
    statement(Sid, { StringEquals: audience, StringLike: subject(subjects) });
  return {
    Version: '2012-10-17',
    Statement: [
      ...(exact.length > 0 ? [statement('ExactReferences', { StringEquals: { ...audience, ...subject(exact) } })] : []),
      ...(patterns.length > 0 ? [like('ReferencePatterns', patterns)] : []),
      ...(pullRequests.length > 0 ? [like('PullRequests', pullRequests)] : []),
    ],
  };
}

/** Returns the policy's length as IAM's quota counts it: without spaces. Assumes the partition with the longest name. */
export function trustPolicyLengthOf(jobs: TrustedJobs): number {
  return JSON.stringify(
    makeTrustDocument(
      jobs,
      makeProviderArn({ partition: 'aws-us-gov', account: '123456789012', host: jobs.issuer.host }),
    ),
  ).length;
}

// IAM may replace a list of one value by the value.
function oneOrMore(values: readonly string[]): OneOrMore {
  const [first = '', ...others] = values;
  return others.length === 0 ? first : values;
}
