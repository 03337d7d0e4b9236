import { Failure } from '../failure.ts';
import type { GivenValue } from './given-value.ts';

/** Branches or tags that may log in. */
export interface GitReference {
  readonly kind: 'branch' | 'tag';
  /** Without `refs/heads/` or `refs/tags/`. ASCII, and nothing in it but `*` is special in an IAM policy. */
  readonly name: string;
  /** Whether a `*` in the name stands for any characters; without one the name is exact. */
  readonly pattern: boolean;
}

/** Takes the name of a branch or tag, or with `*` a pattern of names. Throws `value-invalid`. */
export function parseReference(kind: GitReference['kind'], given: GivenValue): GitReference {
  refuseUnlessPlain(kind, given);
  return { kind, name: given.value, pattern: given.value.includes('*') };
}

/** Takes a name that is one branch's or tag's, in which a `*` is no wildcard but a mistake. Throws `value-invalid`. */
export function parseExactReference(kind: GitReference['kind'], given: GivenValue): GitReference {
  if (given.value.includes('*')) refuse(given, 'no Git reference can hold "*"', `name the ${kind} with --${kind}`);
  refuseUnlessPlain(kind, given);
  return { kind, name: given.value, pattern: false };
}

function refuse(given: GivenValue, problem: string, remedy: string): never {
  throw new Failure({ kind: 'value-invalid', ...given, problem, remedy });
}

function refuseUnlessPlain(kind: GitReference['kind'], given: GivenValue): void {
  const { value } = given;
  const nameAlone = `give the ${kind}'s name, or a pattern with "*"`;
  if (value.startsWith('refs/')) refuse(given, 'it is a whole reference, not a name', nameAlone);
  refuseBeyondAscii(kind, given);
  // Not only a variable of IAM's: "${*}" in a policy is an asterisk, and Git allows all three characters in a name.
  // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
  if (value.includes('${'))
    refuse(given, 'IAM reads "${" as the beginning of a variable', withStars(kind, value, /\$\{/g));
  if (value.includes('?'))
    refuse(given, 'in a policy "?" stands for any character, and no Git reference holds one', nameAlone);
  const illegal = /[^\x21-\x7e]|[~^:?[\\]/.exec(value)?.[0];
  if (illegal !== undefined)
    refuse(
      given,
      `no Git reference can hold ${/[ -~]/.test(illegal) ? `"${illegal}"` : 'a control character'}`,
      nameAlone,
    );
  if (value.length > 200 || !isWellFormed(value)) refuse(given, `Git allows no ${kind} of this name`, nameAlone);
}

// A policy may hold no character beyond U+00FF, and what CloudFormation, Terraform and the AWS CLI each make of those
// between is told nowhere; CloudFormation is known to write "?", which in a policy is a wildcard.
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

// git-check-ref-format(1), as far as it can be said of a pattern too.
function isWellFormed(name: string): boolean {
  return !/\.\.|@\{|\/\/|^\/|\/$|\.$|(?:^|\/)\.|\.lock(?:\/|$)/.test(name);
}
