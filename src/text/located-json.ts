/** A range of a text: `end` is exclusive; both count UTF-16 units from 0. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A position in a text; lines and columns count from 1, columns in UTF-16 units. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** The span runs from the member's name to the end of its value. */
export interface JsonMember extends Span {
  readonly name: string;
  readonly nameSpan: Span;
  readonly value: JsonValue;
}

export type JsonObject = { readonly kind: 'object'; readonly members: readonly JsonMember[] } & Span;

/** `literal` is the text of a number, `true`, `false` or `null`. */
export type JsonValue =
  | JsonObject
  | ({ readonly kind: 'array'; readonly elements: readonly JsonValue[] } & Span)
  | ({ readonly kind: 'string'; readonly value: string } & Span)
  | ({ readonly kind: 'number' | 'boolean' | 'null'; readonly literal: string } & Span);

/** Why a text is not strict JSON (RFC 8259) with unique keys. `found` is empty at its end. */
export type JsonFault =
  | ({ readonly kind: 'syntax'; readonly found: string } & Position)
  | ({ readonly kind: 'too-deep' } & Position)
  | ({ readonly kind: 'trailing-comma' } & Position)
  | ({ readonly kind: 'duplicate-key'; readonly name: string } & Position);

/**
 * `value` is set if the text could be read, even with trailing commas and duplicate keys, so that a
 * report can cover the rest.
 */
export interface JsonReading {
  readonly value?: JsonValue;
  readonly faults: readonly JsonFault[];
}

/** Returns the position of an offset in a text; an offset past the end counts as the end. */
export function positionOf(text: string, offset: number): Position {
  const before = text.slice(0, offset);
  return { line: before.split('\n').length, column: before.length - before.lastIndexOf('\n') };
}

/**
 * Parses JSON with positions. Never throws: returns faults. `JSON.parse` gives no positions;
 * libraries that do allow line breaks in strings, or give no position for a text that ends too
 * early.
 */
export function parseJsonText(text: string): JsonReading {
  const reader = new JsonReader(text);
  try {
    const value = reader.document();
    return { value, faults: reader.faults };
  } catch (stop) {
    if (!(stop instanceof Stop)) throw stop;
    return { faults: [...reader.faults, stop.fault] };
  }
}

// No policy nests deeper than ten levels. The limit protects the stack.
const deepest = 64;

class Stop {
  readonly fault: JsonFault;

  constructor(fault: JsonFault) {
    this.fault = fault;
  }
}

class JsonReader {
  readonly faults: JsonFault[] = [];
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  document(): JsonValue {
    const value = this.#value(0);
    if (this.#next() !== '') this.#fail();
    return value;
  }

  #next(): string {
    this.#take(/[ \t\r\n]*/y);
    return this.#text.charAt(this.#at);
  }

  #take(token: RegExp): string | undefined {
    token.lastIndex = this.#at;
    const found = token.exec(this.#text)?.[0];
    this.#at += found?.length ?? 0;
    return found;
  }

  #expect(character: string): void {
    if (this.#next() !== character) this.#fail();
    this.#at += 1;
  }

  #fail(): never {
    const found = /\w+|[\s\S]/.exec(this.#text.slice(this.#at, this.#at + 40))?.[0] ?? '';
    throw new Stop({ kind: 'syntax', found, ...positionOf(this.#text, this.#at) });
  }

  #value(depth: number): JsonValue {
    const first = this.#next();
    const start = this.#at;
    if (depth >= deepest) throw new Stop({ kind: 'too-deep', ...positionOf(this.#text, start) });
    if (first === '{') return this.#object(depth);
    if (first === '[') return this.#array(depth);
    if (first === '"') return { kind: 'string', value: this.#string(), start, end: this.#at };
    const number = this.#take(/-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?!\w)/y);
    if (number !== undefined) return { kind: 'number', literal: number, start, end: this.#at };
    const word = this.#take(/(?:true|false|null)(?!\w)/y) ?? this.#fail();
    return { kind: word === 'null' ? 'null' : 'boolean', literal: word, start, end: this.#at };
  }

  #object(depth: number): JsonValue {
    const start = this.#at;
    const names = new Set<string>();
    const members = this.#list('}', () => {
      if (this.#next() !== '"') this.#fail();
      const nameStart = this.#at;
      const name = this.#string();
      const nameSpan = { start: nameStart, end: this.#at };
      const place = positionOf(this.#text, nameStart);
      if (names.has(name)) this.faults.push({ kind: 'duplicate-key', name, ...place });
      names.add(name);
      this.#expect(':');
      const value = this.#value(depth + 1);
      return { name, nameSpan, value, start: nameStart, end: value.end };
    });
    return { kind: 'object', members, start, end: this.#at };
  }

  #array(depth: number): JsonValue {
    const start = this.#at;
    const elements = this.#list(']', () => this.#value(depth + 1));
    return { kind: 'array', elements, start, end: this.#at };
  }

  #list<T>(close: string, item: () => T): T[] {
    this.#at += 1;
    const items: T[] = [];
    while (this.#next() !== close) {
      items.push(item());
      if (this.#next() !== ',') break;
      const comma = positionOf(this.#text, this.#at);
      this.#at += 1;
      if (this.#next() === close) this.faults.push({ kind: 'trailing-comma', ...comma });
    }
    this.#expect(close);
    return items;
  }

  #string(): string {
    const start = this.#at;
    this.#at += 1;
    // In pieces: an expression for the whole string could exhaust the stack.
    while (this.#take(/[^"\\\p{Cc}]+|[\x7f-\x9f]+|\\(?:["\\/bfnrt]|u[\da-fA-F]{4})/uy) !== undefined);
    if (this.#text.charAt(this.#at) !== '"') this.#fail();
    this.#at += 1;
    return String(JSON.parse(this.#text.slice(start, this.#at)));
  }
}
