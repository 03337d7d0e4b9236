import { parseRoleArn, type RoleArn } from '../aws/arn.ts';
import { Failure } from '../failure.ts';
import { parsedJson, recordOf } from '../text/json.ts';
import { parseTrustPolicy, policyTextOf } from '../trust/policy-parser.ts';
import type { TrustPolicy } from '../trust/trust-policy.ts';

/** A role that exists in an account. Only `policy` and `document` are set if just its policy was given. */
export interface ExistingRole {
  readonly policy: TrustPolicy;
  /** The policy as parsed JSON. */
  readonly document: unknown;
  readonly arn: RoleArn | undefined;
  /** Seconds. */
  readonly maxSessionDuration: number | undefined;
}

/** An identity provider that exists in an account. */
export interface ExistingProvider {
  /** As IAM returns it: without `https://`. */
  readonly host: string;
  readonly audiences: readonly string[];
  readonly thumbprints: readonly string[];
}

/** What exists in an account. A part is undefined if no text describes it. */
export interface ExistingSetup {
  readonly role: ExistingRole;
  /** The user's name for the text with the role. */
  readonly roleSource: string;
  /** The file of each part. Undefined for one that was not given, or came from standard input. */
  readonly paths: Readonly<Record<ExistingPart, string | undefined>>;
  /** The ARNs of the attached policies. */
  readonly policies: readonly string[] | undefined;
  readonly provider: ExistingProvider | undefined;
}

/** The parts of a setup that the AWS CLI prints each with its own command. */
export type ExistingPart = 'role' | 'policies' | 'provider';

/** A text to compare with. */
export interface SourceText {
  /** The user's name for it. */
  readonly source: string;
  /** Undefined for standard input. */
  readonly path: string | undefined;
  readonly text: string;
}

/**
 * Parses the outputs of `aws iam get-role` (or a policy alone), `list-attached-role-policies` and
 * `get-open-id-connect-provider`, in any order. Throws `role-unreadable` with the first fault that IAM would reject, and
 * `value-invalid`.
 */
export function parseExistingSetup(texts: readonly SourceText[]): ExistingSetup {
  const role = onlyOne(texts, 'role');
  const policies = onlyOne(texts, 'policies');
  const provider = onlyOne(texts, 'provider');
  if (role === undefined)
    return reject(texts[0], 'no file describes the role', 'add a file with the output of "aws iam get-role"');
  return {
    role: parseExistingRole(role),
    roleSource: role.source,
    paths: { role: role.path, policies: policies?.path, provider: provider?.path },
    policies: policies && parseAttachedPolicies(policies),
    provider: provider && parseProvider(provider),
  };
}

function onlyOne(texts: readonly SourceText[], part: ExistingPart): SourceText | undefined {
  const [first, second] = texts.filter((one) => partOf(one) === part);
  if (second === undefined) return first;
  return reject(second, `it has the same kind of output as "${first?.source}"`, 'give one file of each kind');
}

// Anything else is read as a role, whose parser explains what is wrong.
function partOf(text: SourceText): ExistingPart {
  const members = membersOf(text);
  if ('AttachedPolicies' in members) return 'policies';
  return 'ClientIDList' in members ? 'provider' : 'role';
}

function membersOf({ text }: SourceText): Readonly<Record<string, unknown>> {
  return recordOf(parsedJson(text.replace(/^\uFEFF/, '')));
}

function parseExistingRole(given: SourceText): ExistingRole {
  const { text, source } = given;
  const found = policyTextOf(text);
  const { policy, faults } = parseTrustPolicy(found.text);
  const [fault] = faults;
  if (fault !== undefined) throw new Failure({ kind: 'role-unreadable', source, fault });
  if (policy === undefined) throw new Error('a policy without faults could not be read');
  const members = membersOf(given);
  const { MaxSessionDuration: seconds } = recordOf(members['Role'] ?? members);
  return {
    policy,
    document: JSON.parse(found.text),
    arn: found.roleArn === undefined ? undefined : parseRoleArn({ value: found.roleArn, source: `"Arn" in ${source}` }),
    maxSessionDuration: typeof seconds === 'number' ? seconds : undefined,
  };
}

function parseAttachedPolicies(given: SourceText): string[] {
  const { AttachedPolicies: policies, NextToken: next, IsTruncated: isTruncated } = membersOf(given);
  const command = 'aws iam list-attached-role-policies';
  if (next !== undefined || isTruncated === true)
    return reject(given, 'the list of policies is not complete', `run "${command}" without --max-items`);
  const arns = Array.isArray(policies) ? policies.map((one) => recordOf(one)['PolicyArn']) : [undefined];
  return arns.map((arn) => (typeof arn === 'string' ? arn : reject(given, ...notTheOutputOf(command))));
}

function parseProvider(given: SourceText): ExistingProvider {
  const { Url: url, ClientIDList: audiences, ThumbprintList: thumbprints = [] } = membersOf(given);
  if (typeof url !== 'string' || !isTexts(audiences) || !isTexts(thumbprints))
    return reject(given, ...notTheOutputOf('aws iam get-open-id-connect-provider'));
  return { host: url.replace(/^https:\/\//, ''), audiences, thumbprints };
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}

function notTheOutputOf(command: string): [problem: string, remedy: string] {
  return [`it is not the output of "${command}"`, `write the file again: ${command} … --output json`];
}

function reject(given: SourceText | undefined, problem: string, remedy: string): never {
  throw new Failure({ kind: 'value-invalid', source: '--check', value: given?.source ?? '', problem, remedy });
}
