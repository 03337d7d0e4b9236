import type { ExitCode } from '../failure.ts';
import { jsonText } from '../text/json.ts';
import type { VerifiedRoles } from './report.ts';
import type { LoginStatus, StatusRole } from './status.ts';

/** Names the format of the JSON report (docs/status.md). Within one number, members are only added. */
const statusSchema = 'sem-aws-login status 1';

/** The report for programs. A member whose value is not known is absent. */
export function statusJson(status: LoginStatus, verified: VerifiedRoles | undefined, exitCode: ExitCode): string {
  const { state, job, roles, otherRoles, token, keysEnd, variables, leftoverVariables, use, clients, remedy } = status;
  const clientsAgree = use?.kind === 'all' || use?.kind === 'by-profile';
  return jsonText({
    schema: statusSchema,
    exitCode,
    state,
    job,
    roles: roles.map((role) => ({
      ...roleJson(role),
      isCurrent: use?.kind === 'all' && use.profile === role.profile,
      verifiedArn: verified?.get(role.profile),
    })),
    otherRoles: otherRoles.map(roleJson),
    tokenFile: token?.path,
    tokenExpires: token?.expires,
    keysExpire: keysEnd,
    variables: {
      missing: variables?.missing ?? [],
      changed: variables?.changed ?? [],
      precedence: variables?.preceding ?? [],
      leftover: leftoverVariables,
    },
    clientsAgree,
    clients: clients.map(({ client, basis, source, profile }) => ({ client, basis, source: source.kind, profile })),
    command: remedy,
  });
}

function roleJson({ sessionEnds, profileState, ...role }: StatusRole): object {
  return { ...role, profileState, sessionExpires: sessionEnds };
}
