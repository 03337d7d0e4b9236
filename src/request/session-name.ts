import { Failure } from '../failure.ts';
import type { GivenValue } from './given-value.ts';

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
