import { projectPartsOf } from '../semaphore/subject.ts';
import { issuerHostOf, type WebIdentityLogin } from './condition-evaluation.ts';
import { type MistakeKind, type MistakeText, memberText, type TrustMistake } from './mistake.ts';
import type { Condition, ConditionValue, Statement } from './trust-policy.ts';
import { type FixedText, fixAudience, fixSubject } from './value-mistakes.ts';

export const conditionMistakes = {
  'key-with-scheme': {
    headline: 'The condition key begins with https://',
    cause: 'Keys carry the host alone. AWS sets no key of this name, so the condition never holds.',
  },
  'key-with-slash': {
    headline: 'The condition key has a slash after the host',
    cause: "The token's issuer has none. AWS sets no key of this name, so the condition never holds.",
  },
  'key-of-other-organization': {
    headline: "The condition key is another issuer's",
    cause:
      "AWS sets only the keys of the issuer that made the token, so the condition never holds for this organization's jobs.",
  },
  'wildcard-in-equals': {
    headline: 'A wildcard stands where AWS compares exactly',
    cause:
      'Only StringLike and its kin take * and ? for wildcards; elsewhere they stand for themselves, and no ref contains them.',
  },
  'for-all-values-in-allow': {
    headline: 'ForAllValues lets in a token that lacks the claim',
    cause: 'It holds when the key is missing altogether, and an organization can switch claims off.',
  },
} satisfies Partial<Record<MistakeKind, MistakeText>>;

interface FixedCondition {
  readonly condition: Condition;
  readonly key: FixedText;
  readonly values: readonly { readonly was: ConditionValue; readonly is: FixedText }[];
}

const listKeys = ['aws:tagkeys', 'sts:transitivetagkeys'];

/** Finds the usual mistakes in the conditions of a statement that is meant for this issuer. */
export function conditionMistakesOf(statement: Statement, login: WebIdentityLogin): TrustMistake[] {
  const host = issuerHostOf(login.claims);
  if (host === undefined) return [];
  return statement.conditions.flatMap((condition) => {
    const fixed = fixCondition(condition, login, host);
    const add = (kind: MistakeKind, at: TrustMistake['at'], found: string, corrected: string): TrustMistake => ({
      kind,
      at,
      found,
      corrected: corrected === found ? undefined : corrected,
    });
    return [
      ...keyMistakes(fixed, add),
      ...valueMistakes(fixed, add),
      ...wildcardMistakes(fixed, add),
      ...forAllValuesMistakes(fixed, statement, add),
    ];
  });
}

type Add = (kind: MistakeKind, at: TrustMistake['at'], found: string, corrected: string) => TrustMistake;

/** Whether a condition tests the subject of this issuer's tokens, once its key is corrected. */
export function testsSubject(condition: Condition, host: string): boolean {
  return fixKey(condition.key, host).text.toLowerCase() === `${host}:sub`.toLowerCase();
}

function fixCondition(condition: Condition, login: WebIdentityLogin, host: string): FixedCondition {
  const key = fixKey(condition.key, host);
  const fix = fixFor(key.text, condition, login, host);
  const isText = /equals|like/.test(condition.operator.comparison);
  const fixed = ({ text }: ConditionValue) => (fix && isText ? fix(text) : { text, kinds: [] });
  return { condition, key, values: condition.values.map((value) => ({ was: value, is: fixed(value) })) };
}

// A key of another provider is never set here; the claim in it shows which key was meant.
function fixKey(key: string, host: string): FixedText {
  const parts = /^(https?:\/\/)?([^:]*?)(\/+)?:(sub|aud)$/i.exec(key);
  if (parts === null) return { text: key, kinds: [] };
  const [, scheme, name = '', slash = '', claim = ''] = parts;
  if (!name.includes('.')) return { text: key, kinds: [] };
  const kinds: MistakeKind[] = [];
  if (scheme) kinds.push('key-with-scheme');
  if (slash !== '' && !host.endsWith('/')) kinds.push('key-with-slash');
  const same = (host.endsWith('/') ? name + slash : name).toLowerCase() === host.toLowerCase();
  if (!same) kinds.push('key-of-other-organization');
  return { text: kinds.length === 0 ? key : `${host}:${claim.toLowerCase()}`, kinds };
}

function fixFor(key: string, { operator, values }: Condition, login: WebIdentityLogin, host: string) {
  const { sub, aud } = login.claims;
  const isOn = (claim: string) => key.toLowerCase() === `${host}:${claim}`.toLowerCase();
  if (isOn('sub')) {
    const job = projectPartsOf(sub, host);
    // A negated condition on another organization is pointless but harmless; do not report it.
    return (text: string) => fixSubject(text, job, operator.negated ? ['subject-of-other-organization'] : []);
  }
  const audiences = typeof aud === 'string' ? [aud] : (aud ?? []);
  const [audience] = audiences;
  const met = values.some(({ text }) => audiences.includes(text) || /[*?]|\$\{/.test(text));
  if (!isOn('aud') || operator.negated || audience === undefined || met) return undefined;
  return (text: string) => fixAudience(text, audience, host);
}

function keyMistakes({ condition, key, values }: FixedCondition, add: Add): TrustMistake[] {
  const now = memberText(condition.key, textsOf(condition, condition.values));
  const then = memberText(
    key.text,
    textsOf(
      condition,
      values.map(({ is }) => is),
    ),
  );
  return key.kinds.map((kind) => add(kind, condition.keyAt, now, then));
}

function valueMistakes({ condition, key, values }: FixedCondition, add: Add): TrustMistake[] {
  return values.flatMap(({ was, is }) => {
    const now = condition.listed ? JSON.stringify(was.text) : memberText(condition.key, was.text);
    const then = condition.listed ? JSON.stringify(is.text) : memberText(key.text, is.text);
    return is.kinds.map((kind) => add(kind, was.at, now, then));
  });
}

// Git allows neither `*` nor `?` in a ref, so an exact comparison with one never matches.
function wildcardMistakes({ condition, key, values }: FixedCondition, add: Add): TrustMistake[] {
  const { operator } = condition;
  const plain = condition.values.map(({ text }) => text.replaceAll(/\$\{[^}]*\}/g, ''));
  if (!operator.comparison.startsWith('equals') || !plain.some((text) => /[*?]/.test(text))) return [];
  const like = operator.name.replace(/Equals(?:IgnoreCase)?/i, 'Like');
  const now = memberText(operator.name, { [condition.key]: textsOf(condition, condition.values) });
  const then = memberText(like, {
    [key.text]: textsOf(
      condition,
      values.map(({ is }) => is),
    ),
  });
  return [add('wildcard-in-equals', condition.at, now, then)];
}

// ForAllValues is true for a missing key, so an Allow also needs a Null condition on the key.
function forAllValuesMistakes(fixed: FixedCondition, { effect, conditions }: Statement, add: Add): TrustMistake[] {
  const { condition, key, values } = fixed;
  const name = condition.key.toLowerCase();
  const asked = conditions.some(
    (other) =>
      other.operator.comparison === 'null' &&
      other.key.toLowerCase() === name &&
      other.values.every(({ text }) => text.toLowerCase() === 'false'),
  );
  if (effect !== 'Allow' || condition.operator.set !== 'all' || asked) return [];
  const plain = condition.operator.name.replace(/[^:]*:/, '');
  const now = memberText(condition.operator.name, { [condition.key]: textsOf(condition, condition.values) });
  const then = listKeys.includes(name)
    ? `${now}, ${memberText('Null', { [condition.key]: 'false' })}`
    : memberText(plain, {
        [key.text]: textsOf(
          condition,
          values.map(({ is }) => is),
        ),
      });
  return [add('for-all-values-in-allow', condition.at, now, then)];
}

/**
 * Returns values in the condition's own form: one value has brackets only if the policy has them.
 */
export function textsOf(condition: Condition, values: readonly { readonly text: string }[]): string | string[] {
  const texts = values.map((value) => value.text);
  return condition.listed ? texts : (texts[0] ?? []);
}
