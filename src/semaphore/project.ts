import { longestProviderText } from '../aws/limits.ts';
import { Failure } from '../failure.ts';
import type { GivenValue } from '../failures/usage.ts';

/** The issuer of a Semaphore organization's tokens. */
export interface Issuer {
  /** Exactly the token's `iss`: `https://` and the host. */
  readonly url: string;
  /** The provider's name in IAM and in condition keys. */
  readonly host: string;
  /** The organization's name: the first label of the host. */
  readonly organization: string;
}

const label = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?';
const hostShape = new RegExp(`^${label}(?:\\.${label})+$`);
const labelShape = new RegExp(`^${label}$`);

/**
 * Parses an organization's URL, unchanged, since IAM compares it exactly. Throws `value-invalid`.
 */
export function parseIssuer(given: GivenValue): Issuer {
  const { value } = given;
  const refuse = (problem: string, remedy: string): never => {
    throw new Failure({ kind: 'value-invalid', ...given, problem, remedy });
  };
  const usual = "give the organization's URL: https://acme.semaphoreci.com";
  if (!value.startsWith('https://')) return refuse('an issuer begins with "https://"', usual);
  const host = value.slice('https://'.length);
  if (host.endsWith('/'))
    return refuse(
      'it ends with a slash, and the issuer in a token does not',
      `give it without: ${value.replace(/[/]+$/, '')}`,
    );
  if (/[A-Z]/.test(host)) return refuse('it has capital letters, and the issuer in a token has none', usual);
  if (/[/?#@]/.test(host)) return refuse('it contains more than the host', usual);
  // https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateOpenIDConnectProvider.html
  if (host.includes(':')) return refuse('it has a port, which IAM does not accept', usual);
  if (!hostShape.test(host) || value.length > longestProviderText) return refuse('it is not a valid host name', usual);
  return { url: value, host, organization: host.slice(0, host.indexOf('.')) };
}

/** Parses the name of an organization on Semaphore's cloud. Throws `value-invalid`. */
export function parseOrganization(given: GivenValue): Issuer {
  const { value } = given;
  if (labelShape.test(value))
    return { url: `https://${value}.semaphoreci.com`, host: `${value}.semaphoreci.com`, organization: value };
  throw new Failure({
    kind: 'value-invalid',
    ...given,
    problem: 'it is not the name of an organization as in its URL',
    remedy: 'give the part before ".semaphoreci.com", or the whole URL with --issuer (Enterprise Edition)',
  });
}

/** A branch or tag, or a pattern of them, whose jobs are allowed to log in. */
export interface GitReference {
  readonly kind: 'branch' | 'tag';
  /** Without `refs/heads/` or `refs/tags/`. ASCII; only `*` in it is special in an IAM policy. */
  readonly name: string;
  /** Whether the name contains a `*`, which matches any characters. */
  readonly pattern: boolean;
}

/** Parses the name of a branch or tag, or a pattern with `*`. Throws `value-invalid`. */
export function parseReference(kind: GitReference['kind'], given: GivenValue): GitReference {
  refuseUnlessPlain(kind, given);
  return { kind, name: given.value, pattern: given.value.includes('*') };
}

/** Parses the name of a single branch or tag, without `*`. Throws `value-invalid`. */
export function parseExactReference(kind: GitReference['kind'], given: GivenValue): GitReference {
  if (given.value.includes('*')) refuse(given, 'a Git reference cannot contain "*"', `name the ${kind} with --${kind}`);
  refuseUnlessPlain(kind, given);
  return { kind, name: given.value, pattern: false };
}

function refuse(given: GivenValue, problem: string, remedy: string): never {
  throw new Failure({ kind: 'value-invalid', ...given, problem, remedy });
}

function refuseUnlessPlain(kind: GitReference['kind'], given: GivenValue): void {
  const { value } = given;
  const nameAlone = `give the ${kind}'s name, or a pattern with "*"`;
  if (value.startsWith('refs/')) refuse(given, 'it is a full reference, not a name', nameAlone);
  refuseBeyondAscii(kind, given);
  // "${" also begins IAM's escapes, such as "${*}" for "*". Git allows all these characters in a
  // name.
  // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
  if (value.includes('${'))
    refuse(given, 'IAM reads "${" as the beginning of a variable', withStars(kind, value, /\$\{/g));
  if (value.includes('?'))
    refuse(given, 'in a policy "?" matches any character, and a Git reference cannot contain it', nameAlone);
  const illegal = /[^\x21-\x7e]|[~^:?[\\]/.exec(value)?.[0];
  if (illegal !== undefined)
    refuse(
      given,
      `no Git reference can hold ${/[ -~]/.test(illegal) ? `"${illegal}"` : 'a control character'}`,
      nameAlone,
    );
  if (value.length > 200 || !isWellFormed(value)) refuse(given, `Git allows no ${kind} of this name`, nameAlone);
}

// IAM rejects characters beyond U+00FF. How CloudFormation, Terraform and the AWS CLI send other
// non-ASCII ones is not documented; CloudFormation is known to write "?", a wildcard in a policy.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
function refuseBeyondAscii(kind: GitReference['kind'], given: GivenValue): void {
  const beyond = /[^\0-\x7f]+/gu;
  const [found] = beyond.exec(given.value) ?? [];
  if (found !== undefined)
    refuse(given, `an IAM policy cannot hold "${found}" safely`, withStars(kind, given.value, beyond));
}

function withStars(kind: GitReference['kind'], value: string, what: RegExp): string {
  return `if you want more than this ${kind} let in, give a pattern: --${kind} '${value.replace(what, '*')}'`;
}

// The rules of git-check-ref-format(1) that apply to patterns, too.
function isWellFormed(name: string): boolean {
  return !/\.\.|@\{|\/\/|^\/|\/$|\.$|(?:^|\/)\.|\.lock(?:\/|$)/.test(name);
}

/** Whether this is a project's id: a UUID in lower case. */
export function isProjectId(value: string): boolean {
  return /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(value);
}

/** Parses a project's id. Throws `value-invalid`. */
export function parseProjectId(given: GivenValue): string {
  const { value } = given;
  if (isProjectId(value)) return value;
  throw new Failure({
    kind: 'value-invalid',
    ...given,
    problem:
      "it is not a project's id, which is a UUID in lower case; a project's name is no part of a token's subject",
    remedy: 'take SEMAPHORE_PROJECT_ID of one of its jobs, or metadata.id of "sem get project NAME"',
  });
}

/** Parses the name of a repository, without its owner. Throws `value-invalid`. */
export function parseRepository(given: GivenValue): string {
  const { value } = given;
  if (/^[\w.+~@=,-]{1,100}$/.test(value)) return value;
  const name = value.replace(/^.*[/:]/, '').replace(/\.git$/, '');
  throw new Failure({
    kind: 'value-invalid',
    ...given,
    problem: value.includes('/')
      ? "a token's subject has the repository's name only, without its owner"
      : 'no repository has a name of this shape',
    remedy: name === value || name === '' ? 'give the name alone, such as "web"' : `give the name alone: "${name}"`,
  });
}
