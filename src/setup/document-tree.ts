import { wrap } from '../text/wrap.ts';
import type { SetupPlan } from './plan.ts';
import type { StatementKind, TrustDocument, TrustStatement } from './trust-document.ts';

/** What YAML and HCL both can say, before it is laid out in either: values, with comments on an object's members. */
export type Outline =
  | { readonly kind: 'text'; readonly text: string }
  /** Of the format's own: a reference, a call. */
  | { readonly kind: 'code'; readonly text: string }
  | { readonly kind: 'list'; readonly items: readonly Outline[] }
  | OutlineObject;

/** An object, its members in the order in which they are written. */
export interface OutlineObject {
  readonly kind: 'object';
  readonly members: readonly Member[];
}

/** A member of an object, and the comment above it. */
export interface Member {
  readonly key: string;
  readonly value: Outline;
  readonly comment: string | undefined;
}

/** A string, quoted as the format wants it. */
export const text = (value: string): Outline => ({ kind: 'text', text: value });

/** Text of the format's own, written as it is. */
export const code = (value: string): Outline => ({ kind: 'code', text: value });

/** A list, in this order. */
export const list = (items: readonly Outline[]): Outline => ({ kind: 'list', items });

/** An object of these members. */
export const object = (...members: readonly Member[]): OutlineObject => ({ kind: 'object', members });

/** A member of an object; a plain string is its text. */
export const member = (key: string, value: Outline | string, comment?: string): Member => ({
  key,
  value: typeof value === 'string' ? text(value) : value,
  comment,
});

/** A trust policy, with the reason beside each of its parts; what holds for every statement is told at the first. */
export function trustOutline(document: TrustDocument<Outline>, reasons: Reasons): OutlineObject {
  return object(
    member('Version', document.Version),
    member('Statement', list(document.Statement.map((one, index) => statementOutline(one, reasons, index === 0)))),
  );
}

function statementOutline(statement: TrustStatement<Outline>, reasons: Reasons, isFirst: boolean): Outline {
  const { Sid, Effect, Principal, Action, Condition } = statement;
  const operators = Object.entries(Condition).map(([operator, keys]) =>
    member(
      operator,
      object(
        ...Object.entries(keys).map(([key, wanted]: [string, string | readonly string[]]) => {
          const ofAudience = isFirst ? reasons.audience : undefined;
          return member(key, oneOrMore(wanted), key.endsWith(':aud') ? ofAudience : reasons.subject[Sid]);
        }),
      ),
    ),
  );
  return object(
    member('Sid', Sid),
    member('Effect', Effect),
    member('Principal', object(member('Federated', Principal.Federated))),
    member('Action', oneOrMore(Action), isFirst ? reasons.action : undefined),
    member('Condition', object(...operators)),
  );
}

function oneOrMore(values: string | readonly string[]): Outline {
  return typeof values === 'string' ? text(values) : list(values.map(text));
}

/** The comments of the formats that can have some: why each part is as it is. */
export interface Reasons {
  readonly head: string;
  readonly provider: string;
  /** Undefined where thumbprints are written, which say it themselves. */
  readonly thumbprints: string | undefined;
  readonly action: string | undefined;
  readonly audience: string;
  readonly subject: Readonly<Record<StatementKind, string>>;
  readonly policies: string | undefined;
}

/** Nothing in them comes from outside but the organization's host and the project's id. */
export function reasonsOf(plan: SetupPlan): Reasons {
  const { jobs, existingProvider, thumbprints, policies } = plan;
  return {
    head: `Made by "sem-aws-login setup": lets jobs of Semaphore project ${jobs.projectId} of ${jobs.issuer.host} into AWS by their own OIDC token. No key is kept anywhere.`,
    provider: existingProvider
      ? 'The provider stands already and is used as it is: an account holds one for each URL, and roles of other projects may depend on it.'
      : 'An account holds one provider for each URL, shared by the roles of all projects: without it none of them can log in.',
    thumbprints:
      thumbprints.length > 0
        ? undefined
        : 'No thumbprints: AWS checks the certificate by authorities it trusts itself.',
    action: jobs.sessionTags
      ? 'The tokens carry session tags, and AWS refuses such a token unless tagging is allowed too.'
      : undefined,
    audience: "A token's audience is the organization's own URL, letter for letter, without a slash at its end.",
    subject: {
      ExactReferences:
        'One project by its id, and just these references of it. The ref_type has to stay: a pull request carries the name of the branch that it is for.',
      ReferencePatterns: patternReason(plan),
      PullRequests:
        "Any pull request of the project: its ref is a merge commit, new at every push. Nothing in a token tells a fork's from another, so whoever can open a pull request gets what this role may do.",
    },
    policies:
      policies.length > 0
        ? undefined
        : 'The role may do nothing yet: give it what its jobs need, and no more (--permissions-policy-arn).',
  };
}

function patternReason({ jobs }: SetupPlan): string {
  const reference = 'A * was asked for; it stands for any characters, slashes too.';
  const repository =
    "The repository's name was not given (--repo), so a * stands for it: the project's id is exact, a project has one repository, and no reference can hold a colon, so no other subject fits.";
  const asked = jobs.references.some(({ pattern }) => pattern);
  return [...(asked ? [reference] : []), ...(jobs.repository === undefined ? [repository] : [])].join(' ');
}

/** A comment's lines, none much longer than 80 characters, each after its indent and mark. */
export function commentLines(text: string, indent = ''): string[] {
  return wrap(text, `${indent}# `, `${indent}# `);
}
