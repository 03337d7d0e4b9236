import type { LoginPlan } from '../job/login-plan.ts';
import type { LoginWarning } from '../job/reported-login.ts';
import type { LoginRequest } from '../request/login-request.ts';
import { lastHopOf } from '../request/role-chain.ts';
import { instantText } from './instant.ts';
import { warningLines } from './login-report.ts';
import { enumerate, readable } from './quote.ts';

/** The one line before the command's own output, as whom it runs, and until when where nothing renews its keys; then warnings. */
export function execReportLines(
  { roles }: LoginPlan,
  { exports, quiet }: Pick<LoginRequest, 'exports' | 'quiet'>,
  warnings: readonly LoginWarning[],
): string[] {
  const whom = enumerate(roles.map(({ chain }) => readable(lastHopOf(chain).roleArn)));
  const ends = roles[0].session?.keys.expiration;
  const until =
    exports === 'static' && ends !== undefined ? `, until ${instantText(ends)}: its keys are not renewed` : '';
  const told = quiet ? [] : [`sem-aws-login: runs the command as ${whom}${until}`];
  return [...told, ...warningLines(warnings, 3)];
}
