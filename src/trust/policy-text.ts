import { type JsonValue, parseJsonText } from './json-text.ts';

/** The text of a policy document, and what the surrounding answer of `aws iam get-role` tells about its role. */
export interface PolicyText {
  readonly text: string;
  readonly roleArn?: string;
  /** The document stood URL-encoded or inside a JSON string: lines and columns are those of the decoded text. */
  readonly decoded: boolean;
}

/**
 * Finds the policy document in any of the forms that people have it in: the document itself, the answer of
 * `aws iam get-role` (whole, or its `Role`), the URL-encoded text that IAM's API gives, or a JSON string that holds
 * one of these. Never throws; a text of another form comes back as it is.
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_Role.html
 */
export function policyTextOf(raw: string): PolicyText {
  const text = raw.replace(/^\uFEFF/, '');
  const plain: PolicyText = { text, decoded: false };
  if (isUrlEncoded(text)) return { ...plain, text: urlDecoded(text), decoded: true };
  const { value } = parseJsonText(text);
  if (value?.kind === 'string') return { ...documentIn(value, text), decoded: true };
  if (value?.kind !== 'object') return plain;
  const role = memberOf(value, 'Role') ?? value;
  const document = memberOf(role, 'AssumeRolePolicyDocument');
  if (document === undefined) return plain;
  const arn = memberOf(role, 'Arn');
  return { ...documentIn(document, text), ...(arn?.kind === 'string' && { roleArn: arn.value }) };
}

function memberOf(value: JsonValue, name: string): JsonValue | undefined {
  return value.kind === 'object' ? value.members.find((member) => member.name === name)?.value : undefined;
}

function documentIn(value: JsonValue, text: string): PolicyText {
  if (value.kind !== 'string') {
    // Blanks in place of what stands before keep the document's lines and columns those of the file.
    const before = text.slice(0, value.start).replace(/[^\r\n]/g, ' ');
    return { text: before + text.slice(value.start, value.end), decoded: false };
  }
  const inner = isUrlEncoded(value.value) ? urlDecoded(value.value) : value.value;
  return { text: inner, decoded: true };
}

// A JSON document never begins with a percent sign; `%7B` is `{`, whatever blanks come first.
function isUrlEncoded(text: string): boolean {
  return /^\s*(?:%20|%0A|%0D|%09)*%7B/i.test(text);
}

function urlDecoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
