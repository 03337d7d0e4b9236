import {
  type JsonMember,
  type JsonObject,
  type JsonValue,
  parseJsonText,
  positionOf,
  type Span,
} from '../text/located-json.ts';
import {
  type ActionElement,
  type Condition,
  type ConditionValue,
  type Location,
  type PolicyFault,
  type PrincipalElement,
  type PrincipalEntry,
  type PrincipalType,
  parseConditionOperator,
  type Statement,
  type TrustPolicy,
} from './trust-policy.ts';

/** `policy` is set if the text is readable. IAM accepts the text only if `faults` is empty. */
export interface PolicyReading {
  readonly policy?: TrustPolicy;
  readonly faults: readonly PolicyFault[];
}

const statementElements = ['Sid', 'Effect', 'Principal', 'NotPrincipal', 'Action', 'NotAction', 'Condition'];
const principalTypes: readonly PrincipalType[] = ['AWS', 'Federated', 'Service', 'CanonicalUser'];

/**
 * Parses a trust policy. Never throws: returns faults, each with line and column.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
 */
export function parseTrustPolicy(text: string): PolicyReading {
  const { value, faults } = parseJsonText(text);
  if (value === undefined) return { faults };
  const reader = new PolicyReader(text);
  const policy = reader.policy(value);
  const all = [...faults, ...reader.faults].sort((a, b) => a.line - b.line || a.column - b.column);
  // AWS does not document which of two equal keys counts: do not evaluate such a policy.
  const readable = all.every((fault) => fault.kind === 'trailing-comma');
  return { faults: all, ...(policy && readable && { policy }) };
}

interface PointedNode {
  readonly pointer: string;
  readonly span: Span;
}

class PolicyReader {
  readonly faults: PolicyFault[] = [];
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  policy(value: JsonValue): TrustPolicy | undefined {
    if (value.kind !== 'object') return this.#noPolicy(value);
    const statement = value.members.find((member) => member.name === 'Statement');
    if (statement === undefined) return this.#noPolicy(value);
    for (const member of value.members) {
      if (!['Version', 'Id', 'Statement'].includes(member.name)) this.#unknown(member, '');
    }
    const version = this.#choice(value, 'Version', '', ['2008-10-17', '2012-10-17'] as const) ?? '2008-10-17';
    return { version, statements: this.#statements(statement) };
  }

  #statements(member: JsonMember): Statement[] {
    const { value } = member;
    const nodes = value.kind === 'array' ? value.elements : [value];
    if (nodes.length === 0) this.#missing('Statement', { pointer: '/Statement', span: value });
    return nodes.flatMap((node, index) => {
      const pointer = value.kind === 'array' ? `/Statement/${index}` : '/Statement';
      return this.#statement(node, index, pointer) ?? [];
    });
  }

  #statement(node: JsonValue, index: number, pointer: string): Statement | undefined {
    const step = { pointer, span: node };
    if (node.kind !== 'object') return this.#wrongType('Statement', 'an object', step);
    for (const member of node.members) {
      if (/^(?:Not)?Resource$/.test(member.name)) this.#fault('prohibited-element', member.name, member, pointer);
      else if (!statementElements.includes(member.name)) this.#unknown(member, pointer);
    }
    const effect = this.#choice(node, 'Effect', pointer, ['Allow', 'Deny'] as const);
    if (!node.members.some((member) => member.name === 'Effect')) this.#missing('Effect', step);
    const principal = this.#either(node, 'Principal', step, (member, at) => this.#principal(member, at));
    const action = this.#either(node, 'Action', step, (member, at) => this.#action(member, at));
    const condition = node.members.find((member) => member.name === 'Condition');
    const conditions = condition ? this.#conditions(condition, `${pointer}/Condition`) : [];
    const sid = node.members.find((member) => member.name === 'Sid')?.value;
    if (effect === undefined || principal === undefined || action === undefined) return undefined;
    const at = this.#at(step);
    return { index, sid: sid?.kind === 'string' ? sid.value : undefined, effect, principal, action, conditions, at };
  }

  // Exactly one of the two: `Principal` or `NotPrincipal`, say.
  #either<T>(
    node: JsonObject,
    name: string,
    step: PointedNode,
    read: (member: JsonMember, at: Location) => T,
  ): T | undefined {
    const found = node.members.filter((member) => member.name === name || member.name === `Not${name}`);
    const [first, second] = found;
    if (first === undefined) return this.#missing(name, step);
    if (second !== undefined && second.name !== first.name) {
      this.#fault('contradicting-element', second.name, second, step.pointer);
    }
    return read(first, this.#at({ pointer: `${step.pointer}/${first.name}`, span: first }));
  }

  #principal(member: JsonMember, at: Location): PrincipalElement | undefined {
    const { value } = member;
    const negated = member.name === 'NotPrincipal';
    if (value.kind === 'string' && value.value === '*') return { negated, everyone: true, entries: [], at };
    if (value.kind !== 'object') {
      return this.#wrongType(member.name, 'an object such as { "Federated": … }, or "*"', {
        pointer: at.pointer,
        span: value,
      });
    }
    const entries = value.members.flatMap((entry): PrincipalEntry[] => {
      const type = principalTypes.find((known) => known === entry.name);
      if (type === undefined) this.#unknown(entry, at.pointer);
      const strings = this.#strings(entry, `${at.pointer}/${escaped(entry.name)}`);
      return type === undefined ? [] : strings.map(({ text, at: place }) => ({ type, value: text, at: place }));
    });
    return { negated, everyone: false, entries, at };
  }

  #action(member: JsonMember, at: Location): ActionElement {
    const patterns = this.#strings(member, at.pointer).map((string) => string.text);
    return { negated: member.name === 'NotAction', patterns, at };
  }

  #conditions(member: JsonMember, pointer: string): Condition[] {
    const step = { pointer, span: member.value };
    if (member.value.kind !== 'object') return this.#wrongType('Condition', 'an object', step) ?? [];
    return member.value.members.flatMap((operator) => {
      const inner = `${pointer}/${escaped(operator.name)}`;
      if (operator.value.kind !== 'object') {
        return this.#wrongType(operator.name, 'an object', { pointer: inner, span: operator.value }) ?? [];
      }
      return operator.value.members.map((key) => this.#condition(operator.name, key, `${inner}/${escaped(key.name)}`));
    });
  }

  #condition(operator: string, member: JsonMember, pointer: string): Condition {
    return {
      operator: parseConditionOperator(operator),
      key: member.name,
      keyAt: this.#at({ pointer, span: member.nameSpan }),
      values: this.#strings(member, pointer, ['string', 'number', 'boolean']),
      listed: member.value.kind === 'array',
      at: this.#at({ pointer, span: member }),
    };
  }

  // One value or a list. A condition can have numbers and booleans, which IAM compares as text.
  #strings(member: JsonMember, pointer: string, kinds: readonly string[] = ['string']): ConditionValue[] {
    const { value } = member;
    const list = value.kind === 'array' ? value.elements : [value];
    return list.flatMap((element, i) => {
      const step = { pointer: value.kind === 'array' ? `${pointer}/${i}` : pointer, span: element };
      if (element.kind === 'object' || element.kind === 'array' || !kinds.includes(element.kind)) {
        return this.#wrongType(member.name, 'a string, or a list of strings', step) ?? [];
      }
      return [{ text: element.kind === 'string' ? element.value : element.literal, at: this.#at(step) }];
    });
  }

  #choice<T extends string>(node: JsonObject, name: string, pointer: string, choices: readonly T[]): T | undefined {
    const member = node.members.find((candidate) => candidate.name === name);
    if (member === undefined) return undefined;
    const { value } = member;
    const choice = value.kind === 'string' ? choices.find((candidate) => candidate === value.value) : undefined;
    if (choice !== undefined) return choice;
    const found = this.#text.slice(value.start, value.end);
    const place = positionOf(this.#text, value.start);
    this.faults.push({ kind: 'wrong-value', element: name, found, pointer: `${pointer}/${name}`, ...place });
    return undefined;
  }

  #at({ pointer, span }: PointedNode): Location {
    return { pointer, ...positionOf(this.#text, span.start) };
  }

  #fault(
    kind: 'unknown-element' | 'prohibited-element' | 'contradicting-element',
    element: string,
    span: Span,
    pointer: string,
  ) {
    this.faults.push({ kind, element, pointer, ...positionOf(this.#text, span.start) });
  }

  #noPolicy({ start }: Span): undefined {
    this.faults.push({ kind: 'not-a-policy', ...positionOf(this.#text, start) });
  }

  #unknown(member: JsonMember, pointer: string): void {
    this.#fault('unknown-element', member.name, member, `${pointer}/${escaped(member.name)}`);
  }

  #missing(element: string, { pointer, span }: PointedNode): undefined {
    this.faults.push({ kind: 'missing-element', element, pointer, ...positionOf(this.#text, span.start) });
  }

  #wrongType(element: string, wanted: string, { pointer, span }: PointedNode): undefined {
    this.faults.push({ kind: 'wrong-type', element, wanted, pointer, ...positionOf(this.#text, span.start) });
  }
}

// RFC 6901, section 3.
function escaped(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1');
}

/** The role's ARN is set if the text is the output of `aws iam get-role`. */
export interface PolicyText {
  readonly text: string;
  readonly roleArn?: string;
  /** The document was URL-encoded or in a JSON string: positions are those of the decoded text. */
  readonly decoded: boolean;
}

/**
 * Finds the policy document in a text: the document itself, the output of `aws iam get-role`
 * (whole, or its `Role`), URL-encoded text from IAM's API, or a JSON string of one of these. Never
 * throws; returns other text unchanged.
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
    // Spaces replace the text before the document, so that positions are those of the file.
    const before = text.slice(0, value.start).replace(/[^\r\n]/g, ' ');
    return { text: before + text.slice(value.start, value.end), decoded: false };
  }
  const inner = isUrlEncoded(value.value) ? urlDecoded(value.value) : value.value;
  return { text: inner, decoded: true };
}

// JSON never begins with a percent sign; `%7B` is `{`, after any encoded white space.
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
