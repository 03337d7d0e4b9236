import { wrap } from '../text/wrap.ts';
import type { SetupPlan } from './plan.ts';
import type { StatementKind } from './trust-document.ts';

/** The comments in a setup document, for the formats that support comments. They say why a part is needed. */
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
    head: `Written by "sem-aws-login setup". Jobs of the Semaphore project ${jobs.projectId} of ${jobs.issuer.host} can log in to AWS with their own OIDC token. No AWS keys are stored.`,
    provider: existingProvider
      ? 'Uses the existing provider and does not change it: an account has one provider per URL, and roles of other projects can depend on it.'
      : 'An account has one provider per URL, and all projects of the organization share it. Without it, none of them can log in.',
    thumbprints:
      thumbprints.length > 0
        ? undefined
        : 'No thumbprints: AWS checks the certificate with its own list of trusted CAs.',
    action: jobs.sessionTags
      ? 'The tokens have session tags. AWS rejects such a token unless the role also allows sts:TagSession.'
      : undefined,
    audience: "The audience of the tokens: the organization's URL, without a slash at the end.",
    subject: {
      ExactReferences:
        'One project, by its id, and only these branches and tags. Keep ref_type: it excludes pull requests, whose tokens can name the same branch.',
      ReferencePatterns: patternComment(plan),
      PullRequests:
        'All pull requests of the project: the ref is a merge commit, new at every push. A token does not show whether a pull request comes from a fork. Anyone who can open a pull request can use the permissions of this role.',
    },
    policies:
      policies.length > 0
        ? undefined
        : 'The role has no permissions yet. Attach only the policies that its jobs need (--permissions-policy-arn).',
  };
}

function patternComment({ jobs }: SetupPlan): string {
  const reference = 'The requested * matches any characters, also slashes.';
  const repository =
    'The repository is not known (--repo), so a * matches any name. This allows no other jobs: the project id is exact, a project has one repository, and a Git reference cannot contain a colon.';
  const asked = jobs.references.some(({ pattern }) => pattern);
  return [...(asked ? [reference] : []), ...(jobs.repository === undefined ? [repository] : [])].join(' ');
}

/** Returns a comment's lines, wrapped at 80 columns, each with its indent and `#`. */
export function commentLines(text: string, indent = ''): string[] {
  return wrap(text, `${indent}# `, `${indent}# `);
}

/** A thumbprint that no certificate has, for old AWS clients that require one. */
export const placeholderThumbprint = 'f'.repeat(40);
