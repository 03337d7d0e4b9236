import { printable } from '../text/quote.ts';
import { quoteForBash } from '../text/shell-words.ts';
import type { SetupPlan } from './plan.ts';

/** Returns the command that compares a plan with files, complete with the options that give the same plan in any place. */
export function checkCommandOf(plan: SetupPlan, files: readonly string[]): string {
  return ['sem-aws-login', 'setup', ...files.map((file) => `--check ${word(file)}`), ...optionsOf(plan)].join(' ');
}

function optionsOf(plan: SetupPlan): string[] {
  const { jobs, requestedRoleName, account, region, existingProvider, thumbprints, policies } = plan;
  return [
    `--issuer ${jobs.issuer.url}`,
    `--project-id ${jobs.projectId}`,
    ...option('repo', jobs.repository),
    ...jobs.references.flatMap(({ kind, name }) => option(kind, name)),
    ...(jobs.pullRequests ? ['--pull-requests'] : []),
    ...(jobs.sessionTags ? ['--session-tags'] : []),
    ...option('role-name', requestedRoleName),
    ...option('account-id', account),
    ...option('region', region),
    ...(existingProvider ? ['--existing-provider'] : []),
    ...thumbprints.flatMap((thumbprint) => option('thumbprint', thumbprint)),
    ...policies.flatMap(({ text }) => option('permissions-policy-arn', text)),
    ...option('max-session-duration', plan.maxSessionDuration?.toString()),
  ];
}

// With "=", since a value can begin with a dash.
function option(name: string, value: string | undefined): string[] {
  if (value === undefined) return [];
  return [value.startsWith('-') ? `--${name}=${word(value)}` : `--${name} ${word(value)}`];
}

function word(value: string): string {
  return quoteForBash(printable(value));
}
