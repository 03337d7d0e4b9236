import type { ProfileOutcome } from '../job/undo-job.ts';
import { homely } from './home-path.ts';
import { readable } from './quote.ts';

/** A logout's summary: what became of each profile, and what stays. */
export function logoutReportLines(outcomes: readonly ProfileOutcome[], home: string | undefined): string[] {
  return [
    "sem-aws-login: logged out; this job's token and files are removed",
    ...outcomes.map((outcome) => outcomeText(outcome, home)),
    '  sessions that the AWS CLI cached in ~/.aws/cli/cache stay there until they end',
  ];
}

function outcomeText(outcome: ProfileOutcome, home: string | undefined): string {
  const where = `profile "${outcome.profile}" in ${readable(homely(outcome.config, home))}`;
  switch (outcome.kind) {
    case 'removed':
      return `  removed  ${where}`;
    case 'restored':
      return `  restored ${where}, as it was before the login`;
    case 'not-there':
      return `  gone     ${where}: somebody removed it before`;
    case 'left':
      return outcome.by === null
        ? `  left     ${where}, line ${outcome.line}: it is no longer marked as ours`
        : `  left     ${where}, line ${outcome.line}: job ${outcome.by} has written it since`;
  }
}
