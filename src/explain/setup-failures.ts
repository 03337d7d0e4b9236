import type { SetupFact } from '../failure.ts';
import { enumerate, quote, readable } from '../text/quote.ts';
import { explainPolicyFault } from '../trust/mistake-text.ts';
import type { CatalogueOf } from './explanation.ts';

/** What keeps `setup` from writing or comparing. */
export const setupFailures: CatalogueOf<
  | 'format-missing'
  | 'setup-incomplete'
  | 'job-without-reference'
  | 'token-without-subject'
  | 'file-exists'
  | 'role-unreadable'
  | 'trust-differs'
> = {
  'format-missing': {
    exitCode: 2,
    explain: ({ formats }) => ({
      headline: 'No format is given for the provider and the role',
      cause: `There are ${enumerate(formats)}.`,
      remedies: [`Add one: --format ${formats[0]}`, 'Or compare with a role that stands: --check ROLE.json'],
    }),
  },
  'setup-incomplete': {
    exitCode: 2,
    explain: ({ missing, token }) => ({
      headline: `${capitalized(enumerate(missing.map((fact) => factText[fact].name)))} ${missing.length > 1 ? 'are' : 'is'} not known`,
      cause:
        missing.includes('account') && missing.length === 1
          ? "The trust policy names the provider's account, and only JSON cannot leave that to AWS."
          : token
            ? "This job's token does not tell for what the flags name; it tells of its own organization and project only."
            : 'Outside a job there is no token that could tell, and whoever may log in is not for guessing.',
      remedies: missing.map((fact) => factText[fact].remedy),
    }),
  },
  'job-without-reference': {
    exitCode: 2,
    explain: ({ refType }) => ({
      headline:
        refType === 'pull-request'
          ? "This job's reference is a pull request's, which no later job has again"
          : 'This job has no branch and no tag to let in',
      cause:
        refType === 'pull-request'
          ? 'It is a merge commit, new at every push, so that a role could let in this commit or all pull requests.'
          : `Its reference is of the type ${quote(refType)}; a debug session of a project has none at all.`,
      remedies: [
        'Say who is to be let in: --branch main, --tag "v*"',
        'Or, knowing that it includes those of forks: --pull-requests',
      ],
    }),
  },
  'token-without-subject': {
    exitCode: 3,
    explain: ({ subject }) => ({
      headline:
        subject === undefined
          ? 'The token has no subject, so no role can tell this project from others'
          : `The token's subject is not of Semaphore's form: ${quote(subject)}`,
      cause:
        subject === undefined
          ? 'The organization has switched the claim "sub" off.'
          : 'It should read org:NAME:project:ID:repo:NAME:ref_type:TYPE:ref:REF.',
      remedies: ["Ask whoever administers the organization's OpenID Connect settings to switch it on as it was."],
    }),
  },
  'file-exists': {
    exitCode: 4,
    explain: ({ path }) => ({
      headline: `${quote(path)} is there already, and holds something else`,
      cause: 'Somebody may have changed it by hand since it was written.',
      remedies: [`Compare, then remove it: rm ${readable(path)}`, 'Or give another name with --out.'],
    }),
  },
  'role-unreadable': {
    exitCode: 4,
    explain: ({ source, fault }) => {
      const { headline, ...rest } = explainPolicyFault(fault);
      return { headline: `${quote(source)} holds no role to compare with: ${headline}`, ...rest };
    },
  },
  'trust-differs': {
    exitCode: 5,
    explain: ({ source, misjudged }) => ({
      headline: `The role in ${quote(source)} is not the one that this setup writes`,
      cause:
        misjudged === 0
          ? 'It decides alike in all cases that were tried, but not by the same words, so others may differ.'
          : `${misjudged === 1 ? 'One of the cases above is' : `${misjudged} of the cases above are`} decided otherwise than asked for.`,
      remedies: [
        'Bring it up to date with what "sem-aws-login setup --format …" writes, or give the flags that it was made with.',
      ],
    }),
  },
};

const factText: Readonly<Record<SetupFact, { readonly name: string; readonly remedy: string }>> = {
  organization: {
    name: 'the organization',
    remedy: 'Give its URL, --issuer https://acme.semaphoreci.com, or its name there, --org acme',
  },
  project: {
    name: 'the project',
    remedy: 'Give its id, a UUID: --project-id (SEMAPHORE_PROJECT_ID in its jobs, or "sem get project NAME")',
  },
  reference: { name: 'the branch or tag', remedy: 'Give at least one of --branch main, --tag "v*", --pull-requests' },
  account: { name: 'the AWS account', remedy: 'Give its number: --account-id 123456789012' },
};

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
