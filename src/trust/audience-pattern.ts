import type { MistakeKind } from './mistake.ts';
import type { MendedText } from './subject-pattern.ts';

/** Looks an audience that a policy wants over, in the light of the token's own, which it is not, and of its issuer's host. */
export function mendAudience(wanted: string, audience: string, host: string): MendedText {
  const kinds: MistakeKind[] = [];
  const bare = wanted.replace(/\/+$/, '');
  if (wanted !== bare && !audience.endsWith('/')) kinds.push('audience-with-slash');
  if (bare !== audience) kinds.push(kindOf(bare, audience, host));
  return { text: audience, kinds };
}

function kindOf(wanted: string, audience: string, host: string): MistakeKind {
  if (`https://${wanted}` === audience) return 'audience-without-scheme';
  return isNeighbour(wanted, host) ? 'audience-of-other-organization' : 'audience-of-other-service';
}

/** Whether a host, or a URL without a path, is another organization's of the same installation: all but the first label are the same. */
export function isNeighbour(other: string, host: string): boolean {
  const domainOf = (name: string) => name.toLowerCase().split('.').slice(1).join('.');
  return domainOf(other) !== '' && domainOf(other) === domainOf(host);
}
