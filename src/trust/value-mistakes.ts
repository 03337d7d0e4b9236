import { isProjectId } from '../semaphore/project.ts';
import {
  makeRef,
  type ProjectParts,
  partInPattern,
  pullRequestType,
  replacePartInPattern,
  subjectForm,
} from '../semaphore/subject.ts';
import type { MistakeKind, MistakeText } from './mistake.ts';

const subjectReads = `A subject reads ${subjectForm}.`;

export const valueMistakes = {
  'audience-with-slash': {
    headline: 'The audience ends with a slash',
    cause: "The token's does not, and AWS compares exactly. An example in Semaphore's older guide had the slash.",
  },
  'audience-without-scheme': {
    headline: 'The audience lacks https://',
    cause: "The audience is the organization's whole URL; only the keys go without https://.",
  },
  'audience-of-other-organization': {
    headline: "The audience is another organization's",
    cause: "Each organization's tokens name its own URL as audience.",
  },
  'audience-of-other-service': {
    headline: 'The audience is not that of Semaphore',
    cause:
      "Semaphore's tokens name the organization's URL. sts.amazonaws.com, for one, is what GitHub's action asks for.",
  },
  'subject-of-other-organization': {
    headline: 'The subject names another organization',
    cause: `${subjectReads} The first is the organization's short name, as in its address.`,
  },
  'project-name-for-id': {
    headline: "The subject has a project's name in place of its id",
    cause: `${subjectReads} Semaphore puts the project's UUID there, since names can change.`,
  },
  'owner-in-repository': {
    headline: 'The subject has owner and repository',
    cause: `${subjectReads} Semaphore puts the repository's name there, without its owner.`,
  },
  'ref-type-for-pull-request': {
    headline: 'The subject has a ref_type that Semaphore does not use',
    cause: 'It is "branch", "tag" or "pull-request", written out.',
  },
  'ref-without-prefix': {
    headline: 'The subject has a ref without its prefix',
    cause: "Git's full name stands there: refs/heads/NAME for a branch, refs/tags/NAME for a tag.",
  },
} satisfies Partial<Record<MistakeKind, MistakeText>>;

export interface FixedText {
  readonly text: string;
  readonly kinds: readonly MistakeKind[];
}

type Fix = (text: string, job: ProjectParts) => string | undefined;

// Each returns the fixed subject, the same one if it cannot be fixed, or undefined if it is right.
const fixes: readonly (readonly [MistakeKind, Fix])[] = [
  ['subject-of-other-organization', fixOrganization],
  ['project-name-for-id', fixProject],
  ['owner-in-repository', fixRepository],
  ['ref-type-for-pull-request', fixRefType],
  ['ref-without-prefix', fixRef],
];

/** Fixes the subject in a policy, exact or a pattern, with the parts of a job's own subject. */
export function fixSubject(subject: string, job: ProjectParts, kindsToSkip: readonly MistakeKind[]): FixedText {
  return fixes
    .filter(([kind]) => !kindsToSkip.includes(kind))
    .reduce<FixedText>(
      ({ text, kinds }, [kind, fix]) => {
        const fixed = fix(text, job);
        return fixed === undefined ? { text, kinds } : { text: fixed, kinds: [...kinds, kind] };
      },
      { text: subject, kinds: [] },
    );
}

// A wildcard or a variable can match the right text.
function isOpen(text: string): boolean {
  return /[*?]|\$\{/.test(text);
}

function fixOrganization(text: string, { org }: ProjectParts): string | undefined {
  const found = partInPattern(text, 'organization');
  if (found === undefined || org === undefined || found === org || isOpen(found)) return undefined;
  return replacePartInPattern(text, 'organization', org);
}

function fixProject(text: string, { project }: ProjectParts): string | undefined {
  const name = partInPattern(text, 'projectId');
  if (name === undefined || isProjectId(name.toLowerCase()) || isOpen(name)) return undefined;
  return project === undefined ? text : replacePartInPattern(text, 'projectId', project);
}

function fixRepository(text: string): string | undefined {
  const found = partInPattern(text, 'repository');
  const name = found?.replace(/^.*\/(?=[^/])/s, '');
  return name === undefined || name === found ? undefined : replacePartInPattern(text, 'repository', name);
}

const wrongPullRequestTypes = ['pr', 'pull', 'pulls', 'pull_request', 'pullrequest', 'pull-requests'];

function fixRefType(text: string): string | undefined {
  const isWrong = wrongPullRequestTypes.includes(partInPattern(text, 'refType') ?? '');
  return isWrong ? replacePartInPattern(text, 'refType', pullRequestType) : undefined;
}

function fixRef(text: string): string | undefined {
  const kind = partInPattern(text, 'refType');
  const ref = partInPattern(text, 'ref');
  if ((kind !== 'branch' && kind !== 'tag') || ref === undefined) return undefined;
  // A wildcard among the first characters can match `refs/`.
  if (ref.startsWith('refs/') || isOpen(ref.slice(0, 'refs/'.length))) return undefined;
  return replacePartInPattern(text, 'ref', makeRef(kind, ref.replace(/^(?:heads|tags)\//, '')).ref);
}

/** Fixes an audience that is not the token's, and says what is wrong with it. */
export function fixAudience(wanted: string, audience: string, host: string): FixedText {
  const kinds: MistakeKind[] = [];
  const bare = wanted.replace(/\/+$/, '');
  if (wanted !== bare && !audience.endsWith('/')) kinds.push('audience-with-slash');
  if (bare !== audience) kinds.push(kindOf(bare, audience, host));
  return { text: audience, kinds };
}

function kindOf(wanted: string, audience: string, host: string): MistakeKind {
  if (`https://${wanted}` === audience) return 'audience-without-scheme';
  return isSiblingHost(wanted, host) ? 'audience-of-other-organization' : 'audience-of-other-service';
}

/** Whether two hosts are of one Semaphore installation: all labels but the first are equal. */
export function isSiblingHost(other: string, host: string): boolean {
  const domainOf = (name: string) => name.toLowerCase().split('.').slice(1).join('.');
  return domainOf(other) !== '' && domainOf(other) === domainOf(host);
}
