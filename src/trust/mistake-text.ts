import { subjectForm } from '../semaphore/subject.ts';
import type { Explanation } from '../text/explanation.ts';
import { printable, quote } from '../text/quote.ts';
import type { MistakeKind, TrustMistake } from './mistake.ts';
import type { PolicyFault } from './trust-policy.ts';

interface Words {
  readonly headline: string;
  readonly cause: string;
  /** What to do with the corrected line; where it is not said, to put it in the place of the one that is wrong. */
  readonly remedy?: string;
}

const subjectReads = `A subject reads ${subjectForm}.`;

const wordsOf: Readonly<Record<MistakeKind, Words>> = {
  'principal-not-federated': {
    headline: 'The principal is no identity provider',
    cause:
      'A job comes in with a token, and only a Federated principal stands for those; accounts, roles and services do not.',
  },
  'provider-not-an-arn': {
    headline: "The principal is not a provider's ARN",
    cause:
      "IAM knows a provider of one's own by its ARN; a host's name stands for the few that are built in, such as Google.",
  },
  'provider-of-other-host': {
    headline: "The principal is another issuer's provider",
    cause: "The provider's ARN ends with the host of the token's issuer, without https:// and without a slash.",
  },
  'provider-of-other-account': {
    headline: "The principal is another account's provider",
    cause: "STS looks for the provider in the role's own account, so each account needs its own.",
  },
  'action-not-web-identity': {
    headline: 'The statement does not allow sts:AssumeRoleWithWebIdentity',
    cause:
      'That is the action of a login with a token; sts:AssumeRole is another, for those who have AWS keys already.',
  },
  'tag-session-missing': {
    headline: 'Nothing allows sts:TagSession, and the token carries tags',
    cause:
      'The organization has switched session tags on. STS then refuses the whole login unless the policy allows both.',
  },
  'key-with-scheme': {
    headline: 'The condition key begins with https://',
    cause: 'Keys carry the host alone. AWS sets no key of this name, so the condition never holds.',
  },
  'key-with-slash': {
    headline: 'The condition key has a slash after the host',
    cause: "The token's issuer has none. AWS sets no key of this name, so the condition never holds.",
  },
  'key-of-other-organization': {
    headline: "The condition key is another issuer's",
    cause:
      "AWS sets only the keys of the issuer that made the token, so the condition never holds for this organization's jobs.",
  },
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
  'wildcard-in-equals': {
    headline: 'A wildcard stands where AWS compares exactly',
    cause:
      'Only StringLike and its kin take * and ? for wildcards; elsewhere they stand for themselves, and no ref contains them.',
  },
  'for-all-values-in-allow': {
    headline: 'ForAllValues lets in a token that lacks the claim',
    cause: 'It holds when the key is missing altogether, and an organization can switch claims off.',
  },
  'no-subject-condition': {
    headline: 'Every project of the organization is let in',
    cause: 'No condition tests the subject, so any job of any project and branch may take this role.',
    remedy: "Add this to the statement's Condition:",
  },
  'forks-let-in': {
    headline: 'Pull requests from forks are let in',
    cause:
      'They get a token too, and nothing in it tells a fork from the repository itself: whoever opens one runs code with this role. Its tag "branch" is the branch it goes to.',
    remedy: 'Unless that is meant, let in branches only:',
  },
};

/** A mistake in a trust policy, in words, with the corrected line to copy. */
export function explainTrustMistake({ kind, at, found, corrected }: TrustMistake): Explanation {
  const { headline, cause, remedy = 'Put this in its place:' } = wordsOf[kind];
  return {
    headline: `${headline} (line ${at.line})`,
    cause,
    ...(found !== '' && { known: [['found', printable(found, 400)] as const] }),
    ...(corrected === undefined
      ? { remedies: ["Take the right value from a job's own token: sem-aws-login doctor"] }
      : { remedies: [], paste: { intro: remedy, lines: [printable(corrected, 2000)] } }),
  };
}

/** What keeps a text from being a trust policy that IAM takes, in words, with its place. */
export function explainPolicyFault(fault: PolicyFault): Explanation {
  const { headline, ...rest } = words(fault);
  return { headline: `${headline} (line ${fault.line}, column ${fault.column})`, ...rest };
}

const iamRefuses = 'IAM refuses to save such a policy, so this is not what the role has.';

function words(fault: PolicyFault): Explanation {
  switch (fault.kind) {
    case 'trailing-comma':
      return {
        headline: 'A comma stands before a closing bracket',
        cause:
          "JSON has none after the last element. Examples in Semaphore's guide have had them. The rest was read as if it were not there.",
        remedies: ['Take the comma out.'],
      };
    case 'syntax':
      return {
        headline: fault.found === '' ? 'The text ends too early' : `The text is not JSON from ${quote(fault.found)} on`,
        cause: 'A trust policy is strict JSON: double quotes, commas between elements, no comments.',
        remedies: ['Compare with what AWS has: aws iam get-role --role-name NAME'],
      };
    case 'too-deep':
      return {
        headline: 'The text is nested too deeply for a policy',
        cause: 'No policy needs more than ten levels.',
        remedies: ['Check whether this is the right file.'],
      };
    case 'duplicate-key':
      return {
        headline: `${quote(fault.name)} stands twice in one object`,
        cause: `${iamRefuses} Which of the two would count is not documented.`,
        remedies: ['Put both into one: several keys under one operator, or several values in a list.'],
      };
    case 'not-a-policy':
      return {
        headline: 'This is no trust policy: it has no Statement',
        cause: 'Understood are the policy itself and the answer of aws iam get-role.',
        remedies: ['Take it from AWS: aws iam get-role --role-name NAME'],
      };
    default:
      return elementWords(fault);
  }
}

type ElementFault = Extract<PolicyFault, { readonly element: string }>;

function elementWords(fault: ElementFault): Explanation {
  const element = quote(fault.element);
  switch (fault.kind) {
    case 'missing-element':
      return { headline: `${element} is missing`, cause: iamRefuses, remedies: [`Add ${element}.`] };
    case 'wrong-type':
      return { headline: `${element} must be ${fault.wanted}`, cause: iamRefuses, remedies: ['Write it so.'] };
    case 'wrong-value':
      return {
        headline: `${element} cannot be ${printable(fault.found)}`,
        cause: `${iamRefuses} Case counts.`,
        remedies: [fault.element === 'Version' ? 'Write "2012-10-17".' : 'Write "Allow" or "Deny".'],
      };
    case 'unknown-element':
      return {
        headline: `${element} is nothing that a policy has here`,
        cause: `${iamRefuses} Case counts.`,
        remedies: ['Check the spelling.'],
      };
    case 'prohibited-element':
      return {
        headline: `${element} has no place in a trust policy`,
        cause: `The role itself is the resource. ${iamRefuses}`,
        remedies: ['Take it out.'],
      };
    case 'contradicting-element':
      return {
        headline: `${element} stands beside its opposite`,
        cause: `A statement has one of the two. ${iamRefuses}`,
        remedies: ['Take one of them out.'],
      };
  }
}
