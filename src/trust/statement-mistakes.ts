import { makeProviderArn, parseProviderArn } from '../aws/arn.ts';
import { actionsNeededBy, type WebIdentityAction } from '../semaphore/claims.ts';
import { issuerHostOf, type WebIdentityLogin } from './condition-evaluation.ts';
import { actionMatches, loginProviderArn } from './evaluation.ts';
import { type MistakeKind, type MistakeText, memberText, type TrustMistake } from './mistake.ts';
import type { PrincipalEntry, Statement } from './trust-policy.ts';
import { isSiblingHost } from './value-mistakes.ts';

export const statementMistakes = {
  'principal-not-federated': {
    headline: 'The principal is no identity provider',
    cause:
      'A job comes in with a token, and only a Federated principal stands for those; accounts, roles and services do not.',
  },
  'provider-not-an-arn': {
    headline: "The principal is not a provider's ARN",
    cause:
      "IAM knows a provider of one's own by its ARN; a host's name stands for the few that are built in, such as Google.",
  },
  'provider-of-other-host': {
    headline: "The principal is another issuer's provider",
    cause: "The provider's ARN ends with the host of the token's issuer, without https:// and without a slash.",
  },
  'provider-of-other-account': {
    headline: "The principal is another account's provider",
    cause: "STS looks for the provider in the role's own account, so each account needs its own.",
  },
  'action-not-web-identity': {
    headline: 'The statement does not allow sts:AssumeRoleWithWebIdentity',
    cause:
      'That is the action of a login with a token; sts:AssumeRole is another, for those who have AWS keys already.',
  },
  'tag-session-missing': {
    headline: 'Nothing allows sts:TagSession, and the token carries tags',
    cause:
      'The organization has switched session tags on. STS then refuses the whole login unless the policy allows both.',
  },
} satisfies Partial<Record<MistakeKind, MistakeText>>;

function bareHost(text: string): string {
  return text
    .replace(/^https?:\/\//, '')
    .replace(/\/+$/, '')
    .toLowerCase();
}

/**
 * Returns the statements that name this issuer's host; if none, those that name another
 * organization's host of the same installation.
 */
export function statementsMeantFor(statements: readonly Statement[], login: WebIdentityLogin): readonly Statement[] {
  const host = bareHost(issuerHostOf(login.claims) ?? '');
  const naming = (isMeant: (entry: PrincipalEntry, host: string) => boolean) =>
    statements.filter(({ principal: { everyone, negated, entries } }) => {
      return everyone || negated || entries.some((entry) => entry.value === '*' || isMeant(entry, host));
    });
  const named = naming(isNamed);
  return named.length > 0 ? named : naming(isNear);
}

function hostIn({ type, value }: PrincipalEntry): string | undefined {
  return type === 'Federated' ? bareHost(parseProviderArn(value)?.host ?? value) : undefined;
}

function isNamed(entry: PrincipalEntry, host: string): boolean {
  return hostIn(entry) === host;
}

function isNear(entry: PrincipalEntry, host: string): boolean {
  return isSiblingHost(hostIn(entry) ?? '', host);
}

/** Finds the usual mistakes in `Principal`, also of a statement meant for another provider. */
export function principalMistakesOf(statement: Statement, login: WebIdentityLogin): TrustMistake[] {
  const { principal } = statement;
  const host = issuerHostOf(login.claims);
  if (principal.everyone || principal.negated || host === undefined) return [];
  const federated = principal.entries.filter((entry) => entry.type === 'Federated');
  const ours = (entry: PrincipalEntry) =>
    entry.value === '*' || providerMistakes(entry.value, host, login).length === 0;
  if (federated.some(ours)) return [];
  const [wrong] = federated;
  if (wrong === undefined) {
    const found = principalText(principal.entries);
    const arn = loginProviderArn(login);
    const corrected = arn && memberText('Principal', { Federated: arn });
    return [{ kind: 'principal-not-federated', at: principal.at, found, corrected }];
  }
  // Of several providers, the most similar was most likely meant.
  const meant = [isNamed, isNear].flatMap((is) => federated.filter((entry) => is(entry, bareHost(host))))[0] ?? wrong;
  const written = parseProviderArn(meant.value);
  const arn = loginProviderArn(login) ?? (written && makeProviderArn({ ...written, host }));
  return providerMistakes(meant.value, host, login).map((kind) => ({
    kind,
    at: meant.at,
    found: memberText('Federated', meant.value),
    corrected: arn && memberText('Federated', arn),
  }));
}

function principalText(entries: readonly PrincipalEntry[]): string {
  const members = entries.map(({ type }): [string, string | readonly string[]] => {
    const values = entries.filter((entry) => entry.type === type).map(({ value }) => value);
    return [type, oneOrAll(values)];
  });
  return memberText('Principal', Object.fromEntries(members));
}

function oneOrAll(values: readonly string[]): string | readonly string[] {
  const [first, ...more] = values;
  return first !== undefined && more.length === 0 ? first : values;
}

function providerMistakes(value: string, host: string, { role }: WebIdentityLogin): MistakeKind[] {
  const provider = parseProviderArn(value);
  if (provider === undefined) return ['provider-not-an-arn'];
  const kinds: MistakeKind[] = [];
  if (provider.host.toLowerCase() !== host.toLowerCase()) kinds.push('provider-of-other-host');
  const rightAccount =
    role === undefined || (provider.partition === role.partition && provider.account === role.account);
  if (!rightAccount) kinds.push('provider-of-other-account');
  return kinds;
}

/** Finds the usual mistakes in `Action`, over all statements that are meant for this issuer. */
export function actionMistakesOf(statements: readonly Statement[], login: WebIdentityLogin): TrustMistake[] {
  const allows = statements.filter((statement) => statement.effect === 'Allow' && !statement.action.negated);
  const allowing = (action: WebIdentityAction) =>
    allows.find(({ action: element }) => actionMatches(element, action) === 'yes');
  const main = allowing('sts:AssumeRoleWithWebIdentity');
  const [first] = allows;
  if (main === undefined)
    return first ? [actionMistake('action-not-web-identity', first, ['sts:AssumeRoleWithWebIdentity'])] : [];
  const lacksTags =
    actionsNeededBy(login.claims).includes('sts:TagSession') && allowing('sts:TagSession') === undefined;
  return lacksTags ? [actionMistake('tag-session-missing', main, [...main.action.patterns, 'sts:TagSession'])] : [];
}

function actionMistake(kind: MistakeKind, { action }: Statement, corrected: readonly string[]): TrustMistake {
  const textOf = (patterns: readonly string[]) => memberText('Action', oneOrAll(patterns));
  return { kind, at: action.at, found: textOf(action.patterns), corrected: textOf(corrected) };
}
