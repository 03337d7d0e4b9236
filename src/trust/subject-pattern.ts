import type { MistakeKind } from './mistake.ts';

/** A subject that a policy wants, and what is wrong with it; `text` has all of it fixed that can be. */
export interface FixedText {
  readonly text: string;
  readonly kinds: readonly MistakeKind[];
}

/** The parts of a subject that can be told from a token: `org:ORG:project:PROJECT:repo:REPO:…`. */
export interface SubjectParts {
  readonly org: string | undefined;
  readonly project: string | undefined;
  readonly repo: string | undefined;
}

/** The parts of a token's subject; without one, the organization is the first label of the issuer's host. */
export function subjectPartsOf(subject: string | undefined, host: string | undefined): SubjectParts {
  const parts = subject?.match(/^org:([^:]*):project:([^:]*):repo:([^:]*):/);
  return { org: parts?.[1] ?? host?.split('.')[0], project: parts?.[2], repo: parts?.[3] };
}

type Fix = (text: string, job: SubjectParts) => string | undefined;

// Each gives the fixed subject, the same subject if it is wrong but cannot be fixed, or undefined if it is right.
const fixes: readonly (readonly [MistakeKind, Fix])[] = [
  ['subject-of-other-organization', fixOrganization],
  ['project-name-for-id', fixProject],
  ['owner-in-repository', fixRepository],
  ['ref-type-for-pull-request', fixRefType],
  ['ref-without-prefix', fixRef],
];

/** Looks a policy's subject over, be it a pattern or not, in the light of a job's own subject. */
export function fixSubject(subject: string, job: SubjectParts, kindsToSkip: readonly MistakeKind[]): FixedText {
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

// A wildcard or a variable may stand for the right text.
function isOpen(text: string): boolean {
  return /[*?]|\$\{/.test(text);
}

function fixOrganization(text: string, { org }: SubjectParts): string | undefined {
  // The guide asks for the organization's URL in this place, and that is what people put there.
  const found = /^org:((?:https?:\/\/)?[^:]*)/.exec(text)?.[1];
  if (found === undefined || org === undefined || found === org || isOpen(found)) return undefined;
  return `org:${org}${text.slice(`org:${found}`.length)}`;
}

function fixProject(text: string, { project }: SubjectParts): string | undefined {
  const name = /^org:[^:]*:project:([^:]+)/.exec(text)?.[1];
  if (name === undefined || isProjectId(name) || isOpen(name)) return undefined;
  return project === undefined ? text : text.replace(`:project:${name}`, `:project:${project}`);
}

function isProjectId(name: string): boolean {
  return /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i.test(name);
}

function fixRepository(text: string): string | undefined {
  const found = /:repo:([^:]*\/)[^:/]/.exec(text);
  return found?.[1] === undefined ? undefined : text.replace(`:repo:${found[1]}`, ':repo:');
}

function fixRefType(text: string): string | undefined {
  const fixed = text.replace(
    /:ref_type:(?:pr|pull|pulls|pull_request|pullrequest|pull-requests)(?=:|$)/,
    ':ref_type:pull-request',
  );
  return fixed === text ? undefined : fixed;
}

function fixRef(text: string): string | undefined {
  const ref = /:ref_type:(?:branch|tag):ref:(.+)/s.exec(text)?.[1];
  // A wildcard among the first characters may stand for `refs/`.
  if (ref === undefined || ref.startsWith('refs/') || isOpen(ref.slice(0, 'refs/'.length))) return undefined;
  const before = text.slice(0, -ref.length);
  const name = ref.replace(/^(?:heads|tags)\//, '');
  return before + (before.endsWith(':tag:ref:') ? 'refs/tags/' : 'refs/heads/') + name;
}

/** Looks an audience that a policy wants over, in the light of the token's own, which it is not, and of its issuer's host. */
export function fixAudience(wanted: string, audience: string, host: string): FixedText {
  const kinds: MistakeKind[] = [];
  const bare = wanted.replace(/\/+$/, '');
  if (wanted !== bare && !audience.endsWith('/')) kinds.push('audience-with-slash');
  if (bare !== audience) kinds.push(kindOf(bare, audience, host));
  return { text: audience, kinds };
}

function kindOf(wanted: string, audience: string, host: string): MistakeKind {
  if (`https://${wanted}` === audience) return 'audience-without-scheme';
  return isNeighbour(wanted, host) ? 'audience-of-other-organization' : 'audience-of-other-service';
}

/** Whether a host, or a URL without a path, is another organization's of the same installation: all but the first label are the same. */
export function isNeighbour(other: string, host: string): boolean {
  const domainOf = (name: string) => name.toLowerCase().split('.').slice(1).join('.');
  return domainOf(other) !== '' && domainOf(other) === domainOf(host);
}
