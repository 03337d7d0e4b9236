import type { Environment } from '../world/world.ts';
import type { GitReference } from './project.ts';

/** The parts of a token's subject, `org:NAME:project:ID:repo:NAME:ref_type:TYPE:ref:REF`. */
export interface Subject {
  readonly organization: string;
  readonly projectId: string;
  readonly repository: string;
  /** `branch`, `tag`, `pull-request`, or empty for the debug session of a project. */
  readonly refType: string;
  readonly ref: string;
}

/** Parses a token's `sub`; undefined if it has another form. */
export function parseSubject(text: string): Subject | undefined {
  const shape = /^org:([\w.-]+):project:([^:]+):repo:([^:]*):ref_type:([^:]*):ref:([^:]*)$/;
  const parts = shape.exec(text);
  if (parts === null) return undefined;
  const [, organization = '', projectId = '', repository = '', refType = '', ref = ''] = parts;
  return { organization, projectId, repository, refType, ref };
}

/** Returns the subject with these parts; with a `*` in a part it is a pattern for StringLike. */
export function makeSubject({ organization, projectId, repository, refType, ref }: Subject): string {
  return `org:${organization}:project:${projectId}:repo:${repository}:ref_type:${refType}:ref:${ref}`;
}

/** The form of a subject, for messages. */
export const subjectForm = makeSubject({
  organization: 'NAME',
  projectId: 'ID',
  repository: 'NAME',
  refType: 'TYPE',
  ref: 'REF',
});

const refPrefixes: Readonly<Record<GitReference['kind'], string>> = { branch: 'refs/heads/', tag: 'refs/tags/' };

/** Returns the last two parts of a subject for a branch or tag. */
export function makeRef(kind: GitReference['kind'], name: string): Pick<Subject, 'refType' | 'ref'> {
  return { refType: kind, ref: refPrefixes[kind] + name };
}

/**
 * Returns the branch or tag of a subject; undefined for a pull request, a debug session or others.
 */
export function branchOrTagOf({ refType, ref }: Subject): Pick<GitReference, 'kind' | 'name'> | undefined {
  if (refType !== 'branch' && refType !== 'tag') return undefined;
  const prefix = refPrefixes[refType];
  return ref.startsWith(prefix) ? { kind: refType, name: ref.slice(prefix.length) } : undefined;
}

export const pullRequestType = 'pull-request';

const mergeCommitPrefix = 'refs/semaphoreci/';

/** A pull request's ref as most tokens have it: its merge commit. */
export const mergeCommitRef = mergeCommitPrefix + '0'.repeat(40);

/** Whether a pull request's ref is a merge commit, which changes with every push. */
export function isMergeCommitRef(ref: string): boolean {
  return ref.startsWith(mergeCommitPrefix);
}

/** The parts of a subject that name a project; undefined if unknown. */
export interface ProjectParts {
  readonly org: string | undefined;
  readonly project: string | undefined;
  readonly repo: string | undefined;
}

/**
 * Returns the project in a subject. Without a subject, the issuer's host names the organization.
 */
export function projectPartsOf(subject: string | undefined, host: string | undefined): ProjectParts {
  const parts = subject?.match(/^org:([^:]*):project:([^:]*):repo:([^:]*):/);
  return { org: parts?.[1] ?? host?.split('.')[0], project: parts?.[2], repo: parts?.[3] };
}

// For subjects in policies, which can be patterns, incomplete or wrong.
const partsInPattern: Readonly<Record<keyof Subject, RegExp>> = {
  // Semaphore's guide asks for the organization's URL here, so policies have URLs, too.
  organization: /^(org:)((?:https?:\/\/)?[^:]*)/,
  projectId: /^(org:[^:]*:project:)([^:]+)/,
  repository: /(:repo:)([^:]*)/,
  refType: /(:ref_type:)([^:]*)/,
  ref: /(:ref_type:[^:]*:ref:)(.+)/s,
};

/** Returns a part of a subject as a policy writes it; undefined if it is missing there. */
export function partInPattern(pattern: string, part: keyof Subject): string | undefined {
  return partsInPattern[part].exec(pattern)?.[2];
}

/** Returns the subject of a policy with one part replaced. */
export function replacePartInPattern(pattern: string, part: keyof Subject, value: string): string {
  return pattern.replace(partsInPattern[part], (_, label: string) => label + value);
}

/**
 * Returns the repository (`owner/name`) of the fork that the job's pull request comes from;
 * undefined without a fork. Tokens do not mention forks. For advice only: a pipeline can overwrite
 * the variables that this reads.
 */
export function forkOf(environment: Environment): string | undefined {
  const from = environment['SEMAPHORE_GIT_PR_SLUG'];
  const project = environment['SEMAPHORE_GIT_REPO_SLUG'];
  if (!from || !project) return undefined;
  // GitHub and Bitbucket ignore case in a slug.
  return from.toLowerCase() === project.toLowerCase() ? undefined : from;
}
