import { type ClientChoice, clientChoices } from '../clients/choice.ts';
import type { CredentialSource } from '../clients/source.ts';
import type { Paste } from '../text/explanation.ts';
import { joinWords, printable, quote } from '../text/quote.ts';
import { quoteForBash } from '../text/shell-words.ts';
import type { Environment } from '../world/world.ts';
import type { AwsFiles } from './aws-files.ts';
import { choiceTexts, problemText } from './client-words.ts';
import { type FindingOf, type FindingText, makeFindings } from './finding.ts';
import { type JobLogin, type OwnProfile, ownProfilesIn } from './job-login.ts';

interface ClientsFacts {
  readonly choices: readonly ClientChoice[];
  /** Variables with keys that are set and do not belong to the login. */
  readonly variables: readonly string[];
  /** The command that logs in, or repeats the login. */
  readonly loginLine: string;
}

interface ProcessFacts {
  readonly profile: string;
  readonly staticLoginLine: string;
}

/** The check of which credentials and which region each AWS client uses. */
export const clientsFindings = makeFindings('clients', {
  'clients-agree': (facts: ClientsFacts) => ({
    headline: 'All AWS clients use the same credentials and region',
    ...detailsOf(facts),
  }),
  'clients-regions': (facts: ClientsFacts) => ({
    headline: 'AWS clients use the same credentials, but different regions',
    ...detailsOf(facts),
    steps: [{ intro: 'Set one region for all clients:', lines: [regionLine(facts.choices)] }],
  }),
  'clients-differ': (facts: ClientsFacts) => ({
    headline: 'AWS clients use different credentials',
    cause: 'Each client uses the first credentials that it finds, in its own order.',
    ...detailsOf(facts, true),
    ...remediesOf(facts),
  }),
  'clients-outrank': (facts: ClientsFacts) => ({
    headline:
      facts.variables.length > 0
        ? `AWS clients use ${facts.variables[0]} instead of the login of this job`
        : 'AWS clients do not use the login of this job',
    ...detailsOf(facts),
    ...remediesOf(facts),
  }),
  'clients-static-keys': (facts: ClientsFacts) => ({
    headline: 'AWS clients use static keys, not a login of this job',
    cause: 'Static keys do not expire. A login gets keys for this job only.',
    ...detailsOf(facts),
    steps: [
      facts.variables.length > 0
        ? { intro: `Log in, which unsets ${joinWords(facts.variables)}:`, lines: [facts.loginLine] }
        : fileKeysStep(facts),
    ],
  }),
  'clients-console-login': (facts: ClientsFacts) => ({
    headline: 'AWS clients use a console login (aws login), not a login of this job',
    cause: 'A console login belongs to a person. It ends after 12 hours, and a job cannot renew it.',
    ...detailsOf(facts),
    steps: [{ intro: 'Log in as the job:', lines: [facts.loginLine] }],
  }),
  'clients-no-process': ({ profile, staticLoginLine }: ProcessFacts) => ({
    headline: 'restic, s3cmd and some other clients cannot use this login',
    cause:
      'Its keys come from credential_process (--duration, a session policy or a role chain). These clients do not support that: restic and others with the MinIO library, s3cmd, async-aws, object_store (Polars). restic then sends requests without a signature.',
    steps: [
      {
        intro: 'Or log in with session keys in the environment, which are not renewed:',
        lines: [staticLoginLine],
      },
    ],
    remedies: [
      `Log in without these options${profile === 'default' ? '' : ' and into the default profile'}: these clients can use that login.`,
    ],
  }),
  'clients-choose-profile': ({ profiles, ...facts }: ClientsFacts & { readonly profiles: readonly string[] }) => ({
    headline: 'No profile is chosen, so AWS clients find no credentials',
    cause: `The login of this job wrote ${profiles.length === 1 ? 'the profile' : 'the profiles'} ${joinWords(profiles.map(quote))}, not "default".`,
    ...detailsOf(facts),
    steps: [
      { intro: 'Choose a profile for the commands that follow:', lines: [`export AWS_PROFILE=${profiles[0]}`] },
      { intro: 'Or for one command:', lines: [`aws sts get-caller-identity --profile ${profiles[0]}`] },
    ],
  }),
  'clients-nobody': (facts: ClientsFacts) => ({
    headline: 'AWS clients find no credentials',
    ...detailsOf(facts),
    steps: [{ intro: 'Log in:', lines: [facts.loginLine] }],
  }),
  'clients-fail': (facts: ClientsFacts) => ({
    headline: 'Some AWS clients fail',
    ...detailsOf(facts),
    ...failureRemedies(facts),
  }),
});

// The clients with tested rules decide; the others are shown with --verbose.
function detailsOf({ choices }: ClientsFacts, withSessions = false): Pick<FindingText, 'details' | 'verboseDetails'> {
  const texts = (basis: ClientChoice['basis']) =>
    choiceTexts(
      choices.filter((choice) => choice.basis === basis),
      withSessions,
    );
  return { details: texts('tested'), verboseDetails: texts('documented') };
}

function remediesOf(facts: ClientsFacts): Pick<FindingText, 'steps'> {
  const { variables } = facts;
  if (variables.length === 0) return { steps: [fileKeysStep(facts)] };
  return { steps: [{ intro: 'Unset the keys:', lines: [`unset ${variables.join(' ')}`] }] };
}

function fileKeysStep({ choices, loginLine }: ClientsFacts): Paste {
  const keys = sourcesIn(choices).find((source) => source.kind === 'profile-keys');
  const intro =
    keys === undefined
      ? 'Log in again. The sourced file unsets the variables that take precedence:'
      : `Delete the static keys of profile ${quote(keys.profile)} from the ${keys.file} file, then log in:`;
  return { intro, lines: [loginLine] };
}

function failureRemedies({ choices, loginLine }: ClientsFacts): Pick<FindingText, 'cause' | 'steps'> {
  const errors = sourcesIn(choices).filter((source) => source.kind === 'error');
  const texts = new Set(errors.map(problemText));
  const variables = errors.some(({ problem }) => problem === 'profile-missing' || problem === 'profile-empty');
  return {
    cause: `${capitalized(joinWords([...texts]))}.`,
    steps: [
      variables
        ? {
            intro: 'Unset the profile, or log in to one that exists:',
            lines: ['unset AWS_PROFILE AWS_DEFAULT_PROFILE'],
          }
        : { intro: 'Correct that, then log in again:', lines: [loginLine] },
    ],
  };
}

function capitalized(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}

function sourcesIn(choices: readonly ClientChoice[]): CredentialSource[] {
  return choices.filter(({ basis }) => basis === 'tested').map(({ source }) => source);
}

function regionLine(choices: readonly ClientChoice[]): string {
  const regions = choices.map(({ region }) => region).filter(({ region }) => region !== undefined);
  const chosen = regions.find(({ from }) => from === 'AWS_REGION') ?? regions[0];
  const region = quoteForBash(printable(chosen?.region ?? ''));
  return `export AWS_REGION=${region} AWS_DEFAULT_REGION=${region}`;
}

/**
 * Checks which credentials and region each AWS client uses, whether the clients agree, and whether they use this job's
 * login. Only the clients with tested rules count.
 */
export function checkClients(
  environment: Environment,
  { config, credentials }: AwsFiles,
  login: JobLogin,
): FindingOf<typeof clientsFindings>[] {
  const choices = clientChoices({ environment, config: config.file, credentials: credentials.file });
  const variables = login.ownsKeys ? [] : keyVariables.filter((name) => environment[name]);
  const facts = { choices, variables, loginLine: login.line() };
  const own = ownProfilesIn(config.file, login.job);
  const sources = sourcesIn(choices);
  const process = own.find(({ name, usesCredentialProcess }) => {
    const isUsed = sources.some((source) => source.kind === 'process' && source.profile === name);
    return usesCredentialProcess && isUsed;
  });
  const blind =
    process === undefined
      ? []
      : [
          clientsFindings.warn('clients-no-process', {
            profile: process.name,
            staticLoginLine: login.staticLine(process.name),
          }),
        ];
  return [agreementOf(facts, own, login), ...blind];
}

function agreementOf(
  facts: ClientsFacts,
  own: readonly OwnProfile[],
  { ownsKeys }: JobLogin,
): FindingOf<typeof clientsFindings> {
  const sources = sourcesIn(facts.choices);
  const regions = facts.choices.filter(({ basis }) => basis === 'tested').map(({ region }) => region.region ?? '');
  if (sources.some(({ kind }) => kind === 'error')) return clientsFindings.fail(4, 'clients-fail', facts);
  if (!allSame(sources.map(callerOf))) return clientsFindings.warn('clients-differ', facts);
  if (sources.every(({ kind }) => kind === 'none' || kind === 'machine')) {
    const profiles = own.map(({ name }) => name);
    return profiles.length === 0
      ? clientsFindings.warn('clients-nobody', facts)
      : clientsFindings.warn('clients-choose-profile', { ...facts, profiles });
  }
  const isOfLogin = (source: CredentialSource) =>
    source.kind === 'environment-keys' ? ownsKeys : own.some((profile) => isOwn(source, profile));
  if (own.length > 0 && !sources.every(isOfLogin)) return clientsFindings.warn('clients-outrank', facts);
  const kinds = new Set(sources.map(({ kind }) => kind));
  if ((kinds.has('environment-keys') && !ownsKeys) || kinds.has('profile-keys'))
    return clientsFindings.warn('clients-static-keys', facts);
  if (kinds.has('login-session')) return clientsFindings.warn('clients-console-login', facts);
  return allSame(regions) ? clientsFindings.ok('clients-agree', facts) : clientsFindings.warn('clients-regions', facts);
}

const keyVariables = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN'];

/** Whether a source gives the credentials of a profile that a login wrote. */
function isOwn(source: CredentialSource, { name, roleArn, sessionName, usesCredentialProcess }: OwnProfile): boolean {
  if (source.kind === 'process') return usesCredentialProcess && source.profile === name;
  return source.kind === 'web-identity' && source.roleArn === roleArn && source.sessionName === sessionName;
}

/** Clients with equal callers act as the same in AWS, wherever they find the credentials. */
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
