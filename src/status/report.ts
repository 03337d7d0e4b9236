import { explanationOf } from '../explain/catalogue.ts';
import { durationText, instantText, joinWords, printable, withTilde } from '../text/quote.ts';
import { type ClientUse, isNothing } from './client-use.ts';
import type { ShellVariables } from './shell-variables.ts';
import type { LoginStatus, StatusRole } from './status.ts';

/** The session that STS granted for each profile, with `--verify`. */
export type VerifiedRoles = ReadonlyMap<string, string>;

/** Returns the report: at most eight lines for one role. The command that helps is the last line, unwrapped. */
export function statusReportLines(
  status: LoginStatus,
  verified: VerifiedRoles | undefined,
  home: string | undefined,
): string[] {
  const { roles, otherRoles, remedy } = status;
  const rows: readonly (readonly [label: string, value: string])[] = [
    ...roleRows(status),
    ...(roles[0] === undefined ? [] : ([['session', printable(roles[0].sessionName)]] as const)),
    ...row('expires', expiryText(status)),
    ...row(roles.length > 1 ? 'profiles' : 'profile', profileText(roles, home)),
    ...otherRoles.map((role) => ['other', otherRoleText(role, home)] as const),
    ...row('variables', variablesText(status)),
    ...row('clients', clientsText(status)),
    ...row('verified', verifiedText(verified)),
  ];
  return [
    `sem-aws-login: ${headlineOf(status)}`,
    ...rows.map(([label, value]) => `  ${label.padEnd(9)}  ${value}`),
    ...(remedy === undefined ? [] : [`    ${printable(remedy, Number.POSITIVE_INFINITY)}`]),
  ];
}

function row(label: string, value: string | undefined): readonly (readonly [string, string])[] {
  return value === undefined ? [] : [[label, value]];
}

function headlineOf({ state, roles, token, job, use }: LoginStatus): string {
  const [first] = roles;
  const whom =
    roles.length > 1
      ? `to ${roles.length} roles`
      : `to AWS account ${first?.account} as ${printable(first?.roleName ?? '')}`;
  switch (state) {
    case 'logged-in':
      return `logged in ${whom}`;
    case 'not-in-use':
      return `logged in${roles.length > 1 ? '' : ` as ${printable(first?.roleName ?? '')}`}, but ${use?.kind === 'none' ? 'no' : 'not every'} AWS client here uses the login`;
    case 'token-expired':
      return 'not logged in: the token has expired, and a running job gets no new one';
    case 'token-unusable':
      return `not logged in: ${token?.failure === undefined ? '' : explanationOf(token.failure).headline}`;
    case 'keys-expired':
      return 'not logged in: the exported session keys have expired';
    case 'not-logged-in':
      return job === undefined ? 'not logged in: SEMAPHORE_JOB_ID and the token are not set here' : 'not logged in';
  }
}

function verifiedText(verified: VerifiedRoles | undefined): string | undefined {
  if (verified === undefined) return undefined;
  return verified.size > 1 ? 'STS granted a session of each role' : 'STS granted a session of the role';
}

function roleRows({ roles, use }: LoginStatus): (readonly [label: string, value: string])[] {
  if (roles.length > 1)
    return roles.map(({ profile, roleName, account }) => {
      const mark = use?.kind === 'all' && use.profile === profile ? ' (this shell)' : '';
      return ['role', `--profile ${profile}: ${printable(roleName)} in ${account}${mark}`];
    });
  return roles.map(({ roleArn, via }) => {
    const by = via.length === 0 ? '' : `, via ${via.map((arn) => printable(arn)).join(', ')}`;
    return ['role', `${printable(roleArn)}${by}`];
  });
}

function expiryText({ token, keysEnd, roles, now }: LoginStatus): string | undefined {
  if (token === undefined) return undefined;
  if (keysEnd !== undefined) return `exported keys ${momentText(keysEnd, now)}; nothing renews them`;
  if (token.expires === undefined) return undefined;
  const ends = `token ${momentText(token.expires, now)}`;
  if (token.expires <= now) return ends;
  const [session] = roles.flatMap(({ sessionEnds }) => (sessionEnds === undefined ? [] : [sessionEnds]));
  if (session === undefined) return `${ends}; clients renew sessions`;
  return `session ${instantText(session)} (renewed), token ${instantText(token.expires)}`;
}

function momentText(date: Date, now: Date): string {
  const distance = durationText(date.getTime() - now.getTime());
  return `${instantText(date)}, ${date > now ? `in ${distance}` : `${distance} ago`}`;
}

function profileText(roles: readonly StatusRole[], home: string | undefined): string | undefined {
  const [first] = roles;
  if (first === undefined) return undefined;
  const file = fileText(first, home);
  const region = first.region === undefined ? 'no region' : `region ${first.region}`;
  const name = roles.length > 1 ? '' : `"${first.profile}" `;
  const damaged = roles.filter(({ profileState }) => profileState === 'missing' || profileState === 'changed');
  if (damaged.length === 0) return `${name}in ${file}, ${region}`;
  return joinWords(
    damaged.map(({ profile, profileState }) =>
      profileState === 'missing'
        ? `"${profile}" is no longer in ${file}`
        : `"${profile}" in ${file} was changed after the login`,
    ),
  );
}

function fileText({ config, isPrivateConfig }: StatusRole, home: string | undefined): string {
  return isPrivateConfig ? "the job's private config file" : printable(withTilde(config, home));
}

function otherRoleText(role: StatusRole, home: string | undefined): string {
  return `${printable(role.roleName)} in ${role.account}: "${role.profile}" in ${fileText(role, home)}, for other shells`;
}

function variablesText({ variables, leftoverVariables, state }: LoginStatus): string | undefined {
  const [left, ...moreLeft] = leftoverVariables;
  if (left !== undefined)
    return moreLeft.length === 0
      ? `${left} is left over from an ended login`
      : `${left} and ${moreLeft.length} more are left over from an ended login`;
  if (variables === undefined || state === 'token-expired' || state === 'keys-expired') return undefined;
  const parts = differencesOf(variables);
  return parts.length === 0 ? 'all set' : parts.join('; ');
}

function differencesOf({ isUnsourced, missing, changed, preceding }: ShellVariables): string[] {
  const verb = (names: readonly string[], one: string, several: string) =>
    names.length === 0 ? [] : [`${fewNames(names)} ${names.length === 1 ? one : several}`];
  const wrong = [
    ...verb(preceding, 'takes precedence', 'take precedence'),
    ...verb(changed, 'has another value', 'have other values'),
  ];
  if (!isUnsourced) return [...wrong, ...verb(missing, 'is not set', 'are not set')];
  return wrong.length > 0 ? wrong : ["not set: the login's env file was not sourced here"];
}

function fewNames(names: readonly string[]): string {
  return names.length > 3 ? `${names.slice(0, 2).join(', ')} and ${names.length - 2} more` : joinWords(names);
}

function clientsText({ use, clients, roles, state, leftoverVariables }: LoginStatus): string | undefined {
  const tested = clients.filter(({ basis }) => basis === 'tested');
  const names = namesOf(tested);
  if (state === 'token-expired' || state === 'token-unusable' || state === 'keys-expired') return undefined;
  // Their files are gone: the clients fail or find nothing.
  if (leftoverVariables.length > 0) return undefined;
  if (use === undefined) {
    const found = sourcesText(tested);
    return found === undefined ? 'use different credentials: sem-aws-login doctor' : `all ${found}`;
  }
  if (use.kind === 'all')
    return roles.length > 1 ? `all use the profile "${use.profile}" here` : `${names} use this login`;
  if (use.kind === 'by-profile') return 'use the role of --profile NAME, or of AWS_PROFILE=NAME';
  const { kind, others } = use;
  const who = kind === 'none' ? 'none uses this login' : `${namesOf(others)} do not`;
  const found = sourcesText(others);
  if (found === undefined) return `${who}; details: sem-aws-login doctor`;
  return `${who}: they ${found}`;
}

/** The clients' names without versions, so that they fit on a line. */
function namesOf(uses: readonly ClientUse[]): string {
  return joinWords(uses.map(({ client }) => client.replace(/ v\d.*$/, '')));
}

/** What these clients use, if it is the same for all. */
function sourcesText(uses: readonly ClientUse[]): string | undefined {
  const [first, ...others] = new Set(uses.map(({ source }) => sourceText(source)));
  return others.length === 0 ? first : undefined;
}

function sourceText(source: ClientUse['source']): string {
  if (isNothing(source)) return 'find no credentials';
  switch (source.kind) {
    case 'environment-keys':
      return 'use the keys in AWS_ACCESS_KEY_ID';
    case 'error':
      return 'fail; to see why: sem-aws-login doctor';
    case 'web-identity':
      return source.from === 'environment'
        ? 'use AWS_ROLE_ARN'
        : `use the profile "${printable(source.profile ?? '')}"`;
    case 'profile-keys':
      return `use the keys of the profile "${printable(source.profile)}" in the ${source.file} file`;
    default:
      return 'profile' in source ? `use the profile "${printable(source.profile)}"` : 'find no credentials';
  }
}
