import type { GitReference } from '../request/git-reference.ts';
import type { TrustedJobs } from './trusted-jobs.ts';

/** The parts of a token's subject. */
export interface Subject {
  readonly organization: string;
  readonly projectId: string;
  readonly repository: string;
  /** `branch`, `tag`, `pull-request`, or empty for the debug session of a project. */
  readonly refType: string;
  readonly ref: string;
}

/** Takes a `sub` apart; undefined for one of another form. */
export function parseSubject(text: string): Subject | undefined {
  const shape = /^org:([\w.-]+):project:([^:]+):repo:([^:]*):ref_type:([^:]*):ref:([^:]*)$/;
  const parts = shape.exec(text);
  if (parts === null) return undefined;
  const [, organization = '', projectId = '', repository = '', refType = '', ref = ''] = parts;
  return { organization, projectId, repository, refType, ref };
}

/** Subjects as a policy compares them: letter for letter, or with `*` for any characters. */
export interface SubjectPatterns {
  readonly exact: readonly string[];
  readonly patterns: readonly string[];
  readonly pullRequests: readonly string[];
}

/**
 * The subjects of these jobs. A `*` matches colons too, and still nothing else fits: the organization and the project
 * before it are exact, and no part after it can hold a colon, since no Git reference can.
 */
export function subjectPatternsOf(jobs: TrustedJobs): SubjectPatterns {
  const { organization, projectId, repository = '*', references, pullRequests } = jobs;
  const project = `org:${organization}:project:${projectId}:repo:${repository}`;
  const subjectOf = ({ kind, name }: GitReference) => `${project}:ref_type:${kind}:ref:${refPrefix[kind]}${name}`;
  const isExact = (reference: GitReference) => !reference.pattern && repository !== '*';
  return {
    exact: references.filter(isExact).map(subjectOf),
    patterns: references.filter((reference) => !isExact(reference)).map(subjectOf),
    // The ref is a merge commit, new at every push.
    pullRequests: pullRequests ? [`${project}:ref_type:pull-request:ref:*`] : [],
  };
}

const refPrefix: Readonly<Record<GitReference['kind'], string>> = { branch: 'refs/heads/', tag: 'refs/tags/' };
