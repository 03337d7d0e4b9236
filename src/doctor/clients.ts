import { type ClientChoice, clientChoices } from '../clients/choice.ts';
import type { CredentialSource, RegionChoice, SourceProblem } from '../clients/source.ts';
import type { ConfigFile } from '../config-file/model.ts';
import type { Explanation } from '../text/explanation.ts';
import { printable, quote } from '../text/quote.ts';
import type { Environment } from '../world/world.ts';
import type { AwsFiles } from './aws-files.ts';
import { type FindingOf, type FindingText, makeFindings } from './finding.ts';

/** The check of which credentials and which region each AWS client takes. */
export const clientsFindings = makeFindings('clients', {
  'clients-agree': textOf('All AWS clients that were tested would act as the same, in the same region'),
  'clients-regions': textOf('The AWS clients would act as the same, but in different regions', [
    'Log in with --region REGION, which exports AWS_REGION and AWS_DEFAULT_REGION.',
  ]),
  'clients-differ': textOf(
    'Not all AWS clients would act as the same',
    ['Log in again as a command of its own, which unsets what outranks it: source "$(sem-aws-login --role-arn ARN)"'],
    true,
  ),
  'clients-outrank': textOf('The AWS clients would not act as this job is logged in', [
    'Unset what comes before the login, or log in again as a command of its own: source "$(sem-aws-login --role-arn ARN)"',
    'With --export static the keys in the environment are the login itself.',
  ]),
  'clients-nobody': textOf('No AWS client has credentials of this job', [
    'Log in: source "$(sem-aws-login --role-arn ARN)"',
  ]),
  'clients-fail': textOf('Some AWS clients would end with an error', [
    'Mend what the lines above name, or log in again: source "$(sem-aws-login --role-arn ARN)"',
  ]),
});

function textOf(headline: string, remedies: readonly string[] = [], withSessions = false) {
  return ({ choices }: { readonly choices: readonly ClientChoice[] }): FindingText => ({
    headline,
    details: groupsOf(choices).map((group) => groupText(group, withSessions)),
    remedies,
  });
}

/**
 * Checks which credentials and region each AWS client takes here, whether the clients agree, and whether they use this job's
 * login. Only the clients with tested rules count.
 */
export function checkClients(
  environment: Environment,
  { config, credentials }: AwsFiles,
  ownJob: string | undefined,
): FindingOf<typeof clientsFindings> {
  const choices = clientChoices({ environment, config: config.file, credentials: credentials.file });
  const tested = choices.filter(({ basis }) => basis === 'tested');
  if (tested.some(({ source }) => source.kind === 'error')) return clientsFindings.fail(4, 'clients-fail', { choices });
  if (!allSame(tested.map(({ source }) => callerOf(source))))
    return clientsFindings.warn('clients-differ', { choices });
  if (tested.every(({ source }) => source.kind === 'none' || source.kind === 'machine'))
    return clientsFindings.warn('clients-nobody', { choices });
  const login = loginOf(config.file, ownJob);
  const [caller] = tested.map(({ source }) => callerOf(source));
  if (login !== undefined && !login.includes(caller ?? '')) return clientsFindings.warn('clients-outrank', { choices });
  if (!allSame(tested.map(regionOf))) return clientsFindings.warn('clients-regions', { choices });
  return clientsFindings.ok('clients-agree', { choices });
}

/** Returns the callers of the profiles that this job's logins wrote; undefined without a login. */
function loginOf(config: ConfigFile | undefined, ownJob: string | undefined): string[] | undefined {
  const own = config?.sections.filter(({ managed }) => managed !== undefined && managed.job === ownJob) ?? [];
  const callers = own.flatMap(({ keys }) => {
    const value = (name: string) => keys.find((key) => key.name === name)?.value;
    const roleArn = value('role_arn');
    return roleArn === undefined ? [] : [JSON.stringify(['role', roleArn, value('role_session_name')])];
  });
  return callers.length === 0 ? undefined : callers;
}

function regionOf({ region }: ClientChoice): string {
  return region.region ?? '';
}

/** Clients with equal callers act as the same in AWS, however they found the credentials. */
function callerOf(source: CredentialSource): string {
  switch (source.kind) {
    case 'web-identity':
      return JSON.stringify(['role', source.roleArn, source.sessionName]);
    case 'role':
      return JSON.stringify(['role', source.roleArn, source.sessionName, source.with]);
    default:
      return JSON.stringify(source);
  }
}

function allSame(texts: readonly string[]): boolean {
  return new Set(texts).size <= 1;
}

/** Clients that take the same credentials and the same region. */
function groupsOf(choices: readonly ClientChoice[]): ClientChoice[][] {
  const groups = new Map<string, ClientChoice[]>();
  for (const choice of choices) {
    const { basis, source, region } = choice;
    const key = JSON.stringify([basis, source, region.region, region.inCode]);
    groups.set(key, [...(groups.get(key) ?? []), choice]);
  }
  return [...groups.values()];
}

function groupText(group: readonly ClientChoice[], withSessions: boolean): Explanation {
  const names = group.map(({ client }) => client).join(', ');
  const [first] = group;
  if (first === undefined) return { headline: names, cause: '', remedies: [] };
  const others = unique(group.flatMap(({ passedOver }) => passedOver.map(shortText)));
  const before = others.length === 0 ? '' : `, before ${others.join(' and before ')}`;
  const who = `${first.basis === 'documented' ? 'From documentation: ' : ''}${names}`;
  const text = `${who}: ${sourceText(first.source, withSessions)}${before}; ${regionText(group.map(({ region }) => region))}`;
  return { headline: text, cause: '', remedies: [] };
}

function sourceText(source: CredentialSource, withSession: boolean): string {
  switch (source.kind) {
    case 'web-identity':
    case 'role': {
      const session = withSession && source.sessionName !== undefined ? ` as ${printable(source.sessionName)}` : '';
      return `role ${printable(source.roleArn.split('/').at(-1) ?? '')}${session}, by ${shortText(source)}`;
    }
    case 'none':
      return 'nobody, there is nothing to find';
    case 'machine':
      return `nobody, but for a role that the ${source.by} may have`;
    case 'error':
      return problemText[source.problem](printable(source.subject));
    default:
      return shortText(source);
  }
}

function shortText(source: CredentialSource): string {
  switch (source.kind) {
    case 'environment-keys':
      return 'the keys in the environment (AWS_ACCESS_KEY_ID)';
    case 'profile-keys':
      return `the static keys of ${profileText(source.profile)} in the ${source.file} file`;
    case 'web-identity':
      if (source.from === 'environment') return 'AWS_ROLE_ARN and AWS_WEB_IDENTITY_TOKEN_FILE';
      return source.from === 'profile'
        ? profileText(source.profile ?? '')
        : `a mixture of variables and ${profileText(source.profile ?? '')}`;
    case 'role':
      return `${profileText(source.profile)} and ${printable(source.with)}`;
    case 'process':
      return `the credential_process of ${profileText(source.profile)}`;
    case 'login-session':
      return `the console login (aws login) of ${profileText(source.profile)}`;
    case 'sso':
      return `IAM Identity Center, by ${profileText(source.profile)}`;
    default:
      return source.kind;
  }
}

const problemText: Readonly<Record<SourceProblem, (subject: string) => string>> = {
  'profile-missing': (subject) => `an error, there is no profile "${subject}"`,
  'profile-empty': () => 'an error, AWS_PROFILE is set to nothing',
  'role-missing': (subject) => `an error, a token file without a role (${subject})`,
  'file-unreadable': (subject) => `an error, the ${subject} file cannot be read`,
  'source-profile-missing': (subject) => `an error, the source_profile "${subject}" does not exist`,
  'source-missing': (subject) => `an error, the role of the profile "${subject}" names no source`,
  contradiction: (subject) => `an error, the profile "${subject}" names several ways to credentials`,
  'keys-incomplete': (subject) => `an error, ${subject} is missing`,
  'region-malformed': (subject) => `an error, "${subject}" is no region`,
};

function profileText(profile: string): string {
  return `the profile ${quote(profile)}`;
}

function regionText(regions: readonly RegionChoice[]): string {
  const [first] = regions;
  if (first?.inCode) return 'each program names its region';
  if (first?.region === undefined) return 'no region';
  return `${printable(first.region)}, by ${unique(regions.map(({ from }) => printable(from ?? ''))).join(' or ')}`;
}

function unique(texts: readonly string[]): string[] {
  return [...new Set(texts)];
}
