import { Failure } from '../failure.ts';
import type { GivenValue } from '../failures/usage.ts';

// https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html
const longest = 64;
const legal = /^[\w+=,.@-]{2,64}$/;

/** Takes a role session name; an illegal one is refused with a legal suggestion, never changed, since it ends up in audit logs. */
export function parseSessionName(given: GivenValue): string {
  const { value, source } = given;
  if (legal.test(value)) return value;
  throw new Failure({
    kind: 'value-invalid',
    source,
    value,
    problem: problemOf(value),
    remedy: `give a legal one: --session-name ${suggestionFor(value)}`,
  });
}

function problemOf(value: string): string {
  if (value.length < 2) return 'a session name has at least 2 characters';
  if (value.length > longest) return `it has ${value.length} characters, and a session name has at most ${longest}`;
  const illegal = [...value].find((character) => !/[\w+=,.@-]/.test(character)) ?? '';
  return `the character "${illegal}" is not allowed: letters, digits and _+=,.@- are`;
}

function suggestionFor(value: string): string {
  const cleaned = value
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[^\w+=,.@-]+/g, '-')
    .slice(0, longest)
    .replace(/^-+|-+$/g, '');
  return legal.test(cleaned) ? cleaned : 'semaphore-job';
}

/**
 * Takes a profile's name of the characters that every SDK reads alike; others (spaces, dots, slashes) break some client.
 * Throws a `value-invalid` failure.
 */
export function parseProfileName(given: GivenValue): string {
  const { value, source } = given;
  if (/^[A-Za-z0-9_-]{1,64}$/.test(value)) return value;
  throw new Failure({
    kind: 'value-invalid',
    source,
    value,
    problem: 'some AWS SDKs cannot read a profile of this name',
    remedy: 'give 1 to 64 letters, digits, "_" or "-"',
  });
}
