import { Failure } from '../failure.ts';
import type { GivenValue } from '../failures/usage.ts';
import { longestTagKey, longestTagValue, sessionNameLength } from './limits.ts';

const { least, most } = sessionNameLength;
const legal = new RegExp(`^[\\w+=,.@-]{${least},${most}}$`);

/**
 * Parses a role session name. Throws `value-invalid` with a legal suggestion for an illegal name:
 * session names appear in audit logs, so the program never changes one.
 */
export function parseSessionName(given: GivenValue): string {
  const { value, source } = given;
  if (legal.test(value)) return value;
  throw new Failure({
    kind: 'value-invalid',
    source,
    value,
    problem: sessionNameProblem(value),
    remedy: `use a valid name: --session-name ${suggestionFor(value)}`,
    meant: suggestionFor(value),
    option: 'session-name',
  });
}

function sessionNameProblem(value: string): string {
  if (value.length < least) return `a session name has at least ${least} characters`;
  if (value.length > most) return `it has ${value.length} characters, and a session name has at most ${most}`;
  const illegal = [...value].find((character) => !/[\w+=,.@-]/.test(character)) ?? '';
  return `the character "${illegal}" is not allowed: letters, digits and _+=,.@- are`;
}

function suggestionFor(value: string): string {
  const cleaned = value
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[^\w+=,.@-]+/g, '-')
    .slice(0, most)
    .replace(/^-+|-+$/g, '');
  return legal.test(cleaned) ? cleaned : 'semaphore-job';
}

/**
 * Parses a profile's name. Throws `value-invalid` unless every SDK reads the name the same way:
 * spaces, dots and slashes break some client.
 */
export function parseProfileName(given: GivenValue): string {
  const { value, source } = given;
  if (profileName.test(value)) return value;
  const meant = value.replace(/[^A-Za-z0-9_-]+/g, '-').replace(/^-+|-+$/g, '');
  throw new Failure({
    kind: 'value-invalid',
    source,
    value,
    problem: 'some AWS SDKs cannot read a profile with this name',
    remedy: 'use 1 to 64 letters, digits, "_" or "-"',
    ...(profileName.test(meant) ? { meant } : {}),
  });
}

const profileName = /^[A-Za-z0-9_-]{1,64}$/;

/** Whether STS accepts this value for a session tag. */
export function isTagValue(value: string): boolean {
  return value.length <= longestTagValue && tagText.test(value);
}

/** Whether STS accepts this key for a session tag. */
export function isTagKey(key: string): boolean {
  return key !== '' && key.length <= longestTagKey && tagText.test(key) && !/^aws:/i.test(key);
}

// https://docs.aws.amazon.com/STS/latest/APIReference/API_Tag.html
const tagText = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;
