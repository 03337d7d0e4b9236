import { parseConditionOperator } from './condition-operator.ts';
import { type JsonMember, type JsonObject, type JsonValue, parseJsonText, placeOf, type Span } from './json-text.ts';
import type {
  ActionElement,
  Condition,
  ConditionValue,
  Location,
  PolicyFault,
  PrincipalElement,
  PrincipalEntry,
  PrincipalType,
  Statement,
  TrustPolicy,
} from './trust-policy.ts';

/**
 * `policy` is there when the text could be read as a trust policy, if need be without its trailing commas; IAM takes
 * it only when `faults` is empty.
 */
export interface PolicyReading {
  readonly policy?: TrustPolicy;
  readonly faults: readonly PolicyFault[];
}

const statementElements = ['Sid', 'Effect', 'Principal', 'NotPrincipal', 'Action', 'NotAction', 'Condition'];
const principalTypes: readonly PrincipalType[] = ['AWS', 'Federated', 'Service', 'CanonicalUser'];

/**
 * Reads a trust policy. Never throws: what is wrong comes back as faults, each with line and column.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
 */
export function parseTrustPolicy(text: string): PolicyReading {
  const { value, faults } = parseJsonText(text);
  if (value === undefined) return { faults };
  const reader = new PolicyReader(text);
  const policy = reader.policy(value);
  const all = [...faults, ...reader.faults].sort((a, b) => a.line - b.line || a.column - b.column);
  // Which of two equal keys would count is documented nowhere, so nothing is concluded from such a policy.
  const readable = all.every((fault) => fault.kind === 'trailing-comma');
  return { faults: all, ...(policy && readable && { policy }) };
}

/** A member with its pointer, as the reader walks down. */
interface Step {
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

  // `Principal` or `NotPrincipal`, `Action` or `NotAction`: exactly one of them.
  #either<T>(node: JsonObject, name: string, step: Step, read: (member: JsonMember, at: Location) => T): T | undefined {
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

  // One value or a list of them; a condition's may be numbers and booleans too, which IAM compares as their text.
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
    const place = placeOf(this.#text, value.start);
    this.faults.push({ kind: 'wrong-value', element: name, found, pointer: `${pointer}/${name}`, ...place });
    return undefined;
  }

  #at({ pointer, span }: Step): Location {
    return { pointer, ...placeOf(this.#text, span.start) };
  }

  #fault(
    kind: 'unknown-element' | 'prohibited-element' | 'contradicting-element',
    element: string,
    span: Span,
    pointer: string,
  ) {
    this.faults.push({ kind, element, pointer, ...placeOf(this.#text, span.start) });
  }

  #noPolicy({ start }: Span): undefined {
    this.faults.push({ kind: 'not-a-policy', ...placeOf(this.#text, start) });
  }

  #unknown(member: JsonMember, pointer: string): void {
    this.#fault('unknown-element', member.name, member, `${pointer}/${escaped(member.name)}`);
  }

  #missing(element: string, { pointer, span }: Step): undefined {
    this.faults.push({ kind: 'missing-element', element, pointer, ...placeOf(this.#text, span.start) });
  }

  #wrongType(element: string, wanted: string, { pointer, span }: Step): undefined {
    this.faults.push({ kind: 'wrong-type', element, wanted, pointer, ...placeOf(this.#text, span.start) });
  }
}

// RFC 6901, section 3.
function escaped(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1');
}
