import { wrap } from '../text/wrap.ts';
import type { SetupPlan } from './plan.ts';
import type { StatementKind } from './trust-document.ts';

/** The comments in a setup document, for the formats that support comments. They say why each part is as it is. */
export interface DocumentComments {
  readonly head: string;
  readonly provider: string;
  /** Undefined if the document has thumbprints. */
  readonly thumbprints: string | undefined;
  readonly action: string | undefined;
  readonly audience: string;
  readonly subject: Readonly<Record<StatementKind, string>>;
  readonly policies: string | undefined;
}

/** Returns the comments for a plan. The only external text in them is the issuer's host and the project id. */
export function commentsOf(plan: SetupPlan): DocumentComments {
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
      ReferencePatterns: patternComment(plan),
      PullRequests:
        "Any pull request of the project: its ref is a merge commit, new at every push. Nothing in a token tells a fork's from another, so whoever can open a pull request gets what this role may do.",
    },
    policies:
      policies.length > 0
        ? undefined
        : 'The role may do nothing yet: give it what its jobs need, and no more (--permissions-policy-arn).',
  };
}

function patternComment({ jobs }: SetupPlan): string {
  const reference = 'A * was asked for; it stands for any characters, slashes too.';
  const repository =
    "The repository's name was not given (--repo), so a * stands for it: the project's id is exact, a project has one repository, and no reference can hold a colon, so no other subject fits.";
  const asked = jobs.references.some(({ pattern }) => pattern);
  return [...(asked ? [reference] : []), ...(jobs.repository === undefined ? [repository] : [])].join(' ');
}

/** Returns a comment's lines, wrapped at 80 columns, each with its indent and `#`. */
export function commentLines(text: string, indent = ''): string[] {
  return wrap(text, `${indent}# `, `${indent}# `);
}
