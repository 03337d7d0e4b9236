import { longestTrustPolicy } from '../aws/limits.ts';
import type { SetupFormat } from '../cli/setup-options.ts';
import type { Paste } from '../text/explanation.ts';
import { joinWords, printable } from '../text/quote.ts';
import { quoteForBash } from '../text/shell-words.ts';
import { wrap } from '../text/wrap.ts';
import { formats } from './formats.ts';
import { roleArnOf, type SetupPlan } from './plan.ts';
import { trustPolicyLengthOf } from './trust-document.ts';

/** What was written. */
export interface Written {
  readonly plan: SetupPlan;
  readonly format: SetupFormat;
  /** Undefined for standard output. */
  readonly out: string | undefined;
  /** Whether a Semaphore job wrote it, whose files are deleted when the job ends. */
  readonly isInJob: boolean;
}

/** Says what was written, which jobs it allows and what to do next. The last line is the login for the pipeline. */
export function setupReportLines({ plan, format, out, isInJob }: Written): string[] {
  const { existingProvider, policies, roleName } = plan;
  const path = out === undefined ? undefined : printable(out);
  const permissions = policies.map((policy) => policy.text);
  const rows: [label: string, values: readonly string[]][] = [
    ['allows', allowedTexts(plan)],
    ['permissions', permissions.length > 0 ? permissions : ['none yet: attach the policies that the jobs need']],
    ...notesOn(plan).map((note): [string, string[]] => ['note', [note]]),
  ];
  const steps = [
    ...(isInJob ? [keepingStep(path)] : []),
    // The downloaded artifact has no directory.
    ...formats[format].steps(isInJob ? path?.replace(/^.*\/(?=.)/, '') : path, plan),
    loginStep(plan),
  ];
  return [
    `sem-aws-login: wrote ${existingProvider ? '' : 'the identity provider and '}the role ${roleName} to ${path ?? 'standard output'}`,
    ...rows.flatMap(([label, values]) =>
      values.map((value, index) => `  ${(index === 0 ? label : '').padEnd('permissions'.length)}  ${value}`),
    ),
    ...steps.flatMap(({ intro, lines }) => [...wrap(intro, '', ''), ...lines.map((line) => `  ${line}`)]),
  ];
}

function allowedTexts({ jobs }: SetupPlan): string[] {
  const { issuer, projectId, references, pullRequests } = jobs;
  return [
    ...references.map(({ kind, name, pattern }) =>
      pattern
        ? `${kind === 'branch' ? 'branches' : 'tags'} that match ${printable(name)}`
        : `${kind} ${printable(name)}`,
    ),
    ...(pullRequests ? ['all pull requests, also from forks'] : []),
    `of project ${projectId} of ${issuer.host}, and no other jobs`,
  ];
}

function notesOn({ jobs, account, region }: SetupPlan): string[] {
  const length = trustPolicyLengthOf(jobs);
  const unknown = [
    ...(account === undefined ? ['ACCOUNT_ID (--account-id)'] : []),
    ...(region === undefined ? ['REGION (--region)'] : []),
  ];
  return [
    ...(jobs.repository === undefined ? ['allows any repository of the project, since --repo is not set'] : []),
    ...(length > longestTrustPolicy
      ? [`the trust policy has ${length} characters: more than ${longestTrustPolicy} need a higher IAM quota`]
      : []),
    ...(unknown.length > 0 ? [`replace ${joinWords(unknown)} in the last line`] : []),
  ];
}

function keepingStep(path: string | undefined): Paste {
  const intro = 'The files of a job are deleted when the job ends.';
  return {
    intro:
      path === undefined
        ? `${intro} Write to a file with --out FILE, keep the file as an artifact, and download it from the page of the job:`
        : `${intro} Keep this one as an artifact, and download it from the page of the job:`,
    lines: [`artifact push job ${path === undefined ? 'FILE' : quoteForBash(path)}`],
  };
}

function loginStep(plan: SetupPlan): Paste {
  return {
    intro: 'Then log in, in the prologue of the pipeline:',
    lines: [`source "$(sem-aws-login --role-arn ${roleArnOf(plan)} --region ${plan.region ?? 'REGION'})"`],
  };
}
