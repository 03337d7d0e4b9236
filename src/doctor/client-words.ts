import type { ClientChoice } from '../clients/choice.ts';
import type { CredentialSource, RegionChoice, SourceProblem } from '../clients/source.ts';
import type { Explanation } from '../text/explanation.ts';
import { joinWords, printable, quote } from '../text/quote.ts';

/** Returns what clients use, one entry for all clients that use the same credentials and region. */
export function choiceTexts(choices: readonly ClientChoice[], withSessions: boolean): Explanation[] {
  const groups = new Map<string, ClientChoice[]>();
  for (const choice of choices) {
    const { basis, source, region } = choice;
    const key = JSON.stringify([basis, source, region.region, region.inCode]);
    groups.set(key, [...(groups.get(key) ?? []), choice]);
  }
  return [...groups.values()].map((group) => ({ headline: groupText(group, withSessions), cause: '', remedies: [] }));
}

function groupText(group: readonly ClientChoice[], withSessions: boolean): string {
  const [first] = group;
  if (first === undefined) return '';
  const names = group.map(({ client }) => client).join(', ');
  const others = unique(group.flatMap(({ passedOver }) => passedOver.map(shortText)));
  const instead = others.length === 0 ? '' : `, instead of ${joinWords(others, 'or')}`;
  const region = regionText(group.map((choice) => choice.region));
  const basis = first.basis === 'documented' ? 'From documentation: ' : '';
  return `${basis}${names}: ${sourceText(first.source, withSessions)}${instead}; ${region}`;
}

function sourceText(source: CredentialSource, withSession: boolean): string {
  switch (source.kind) {
    case 'web-identity':
    case 'role': {
      const session =
        withSession && source.sessionName !== undefined ? `, session ${printable(source.sessionName)}` : '';
      return `role ${printable(source.roleArn.split('/').at(-1) ?? '')}${session} (${shortText(source)})`;
    }
    case 'none':
      return 'no credentials';
    case 'machine':
      return `no credentials, unless the ${source.by} has a role`;
    case 'error':
      return `error: ${problemText(source)}`;
    default:
      return shortText(source);
  }
}

function shortText(source: CredentialSource): string {
  switch (source.kind) {
    case 'environment-keys':
      return 'keys in the environment (AWS_ACCESS_KEY_ID)';
    case 'profile-keys':
      return `static keys of ${profileText(source.profile)} in the ${source.file} file`;
    case 'web-identity':
      if (source.from === 'environment') return 'AWS_ROLE_ARN and AWS_WEB_IDENTITY_TOKEN_FILE';
      return source.from === 'profile'
        ? profileText(source.profile ?? '')
        : `variables and ${profileText(source.profile ?? '')} together`;
    case 'role':
      return `${profileText(source.profile)} with ${printable(source.with)}`;
    case 'process':
      return `credential_process of ${profileText(source.profile)}`;
    case 'login-session':
      return `console login (aws login) of ${profileText(source.profile)}`;
    case 'sso':
      return `IAM Identity Center with ${profileText(source.profile)}`;
    default:
      return source.kind;
  }
}

/** Returns why a client fails. */
export function problemText({ problem, subject }: Extract<CredentialSource, { kind: 'error' }>): string {
  return problemTexts[problem](printable(subject));
}

const problemTexts: Readonly<Record<SourceProblem, (subject: string) => string>> = {
  'profile-missing': (subject) => `profile "${subject}" does not exist`,
  'profile-empty': () => 'AWS_PROFILE is empty',
  'role-missing': (subject) => `a token file is set without a role (${subject})`,
  'file-unreadable': (subject) => `the ${subject} file has an error`,
  'source-profile-missing': (subject) => `source_profile "${subject}" does not exist`,
  'source-missing': (subject) => `the role of profile "${subject}" has no source of credentials`,
  contradiction: (subject) => `profile "${subject}" has several sources of credentials`,
  'keys-incomplete': (subject) => `${subject} is not set`,
  'region-malformed': (subject) => `"${subject}" is not a region`,
};

function profileText(profile: string): string {
  return `profile ${quote(profile)}`;
}

function regionText(regions: readonly RegionChoice[]): string {
  const [first] = regions;
  if (first?.inCode) return 'region set in code';
  if (first?.region === undefined) return 'no region';
  return `region ${printable(first.region)} (${joinWords(unique(regions.map(({ from }) => printable(from ?? ''))), 'or')})`;
}

function unique(texts: readonly string[]): string[] {
  return [...new Set(texts)];
}
