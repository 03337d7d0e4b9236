import { sourceIdentityClaim, type TokenClaims } from '../../../src/semaphore/claims.ts';
import { keyStateOf } from '../../../src/trust/condition-evaluation.ts';
import type { Condition, PrincipalElement, TrustPolicy } from '../../../src/trust/trust-policy.ts';
import { HOST, PROVIDER } from '../../trust/semaphore-policy.ts';

const OPERATOR = /^(?:For(?:AnyValue|AllValues):)?String(?:Not)?(?:Equals|EqualsIgnoreCase|Like)(?:IfExists)?$/;
const KEY = new RegExp(`^(?:${HOST}:(?:sub|aud)|aws:RequestTag/.*|aws:TagKeys|[a-z.]+:(?:sub|aud)|sts:ExternalId)$`);

/**
 * Returns why radosgw 16 does not evaluate a policy as AWS documents, so that its decision proves
 * nothing; undefined if it should agree. Found by tests against radosgw.
 */
export function beyondRadosgw(policy: TrustPolicy, claims: TokenClaims): string | undefined {
  if (claims.sub === undefined) return 'a token without a subject is refused as a whole';
  if (claims.names?.includes(sourceIdentityClaim)) return 'it knows no source identity';
  for (const { principal, conditions } of policy.statements) {
    const reasons = [principalBeyond(principal), ...conditions.map((one) => conditionBeyond(one, claims))];
    const reason = reasons.find((one) => one !== undefined);
    if (reason !== undefined) return reason;
  }
  return undefined;
}

function principalBeyond({ everyone, negated, entries }: PrincipalElement): string | undefined {
  if (everyone || negated || entries.length !== 1) return 'of principals it knows one provider at a time';
  const [entry] = entries;
  if (!entry?.value.includes('oidc-provider/')) return undefined;
  if (entry.type !== 'Federated') return 'it takes a provider under any type';
  const account = PROVIDER.slice(0, PROVIDER.indexOf(':oidc-provider/'));
  return entry.value.startsWith(account) ? undefined : 'it has no accounts and no partitions';
}

function conditionBeyond({ operator, key, values }: Condition, claims: TokenClaims): string | undefined {
  const texts = values.map((value) => value.text);
  const missing = keyStateOf({ claims }, key).state === 'absent';
  const rules: readonly (readonly [boolean, string])[] = [
    [!OPERATOR.test(operator.name), 'its other operators differ, and names of operators have case'],
    [!KEY.test(key), 'keys have case, and it sets few'],
    [operator.negated && operator.set !== undefined, 'set operators do not go with negation'],
    [operator.negated && (missing || texts.length > 1), 'a negated operator wants a key, and one value not to match'],
    [operator.comparison === 'like' && texts.some((text) => /\*./.test(text)), '* does not reach over a colon'],
    [texts.some((text) => text.includes('${')), 'there are no variables'],
    [operator.set !== undefined && key.includes('pr_branch'), 'an empty value is a value'],
  ];
  return rules.find(([applies]) => applies)?.[1];
}
