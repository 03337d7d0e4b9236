import { describe, expect, it } from 'vitest';
import { type JsonFault, type JsonValue, parseJsonText, positionOf } from '../../src/text/located-json.ts';

describe('JSON with positions', () => {
  it.each<readonly [text: string, value: JsonValue]>([
    [' "a" ', { kind: 'string', value: 'a', start: 1, end: 4 }],
    ['""', { kind: 'string', value: '', start: 0, end: 2 }],
    ['"\\"\\u00e9\\n\x7f\x85ö"', { kind: 'string', value: '"é\n\x7f\x85ö', start: 0, end: 15 }],
    ['-0.5e+10', { kind: 'number', literal: '-0.5e+10', start: 0, end: 8 }],
    ['120E-3', { kind: 'number', literal: '120E-3', start: 0, end: 6 }],
    ['true', { kind: 'boolean', literal: 'true', start: 0, end: 4 }],
    ['\nfalse', { kind: 'boolean', literal: 'false', start: 1, end: 6 }],
    ['null', { kind: 'null', literal: 'null', start: 0, end: 4 }],
    ['[]', { kind: 'array', elements: [], start: 0, end: 2 }],
    ['{ }', { kind: 'object', members: [], start: 0, end: 3 }],
    [
      '[0, null]',
      {
        kind: 'array',
        elements: [
          { kind: 'number', literal: '0', start: 1, end: 2 },
          { kind: 'null', literal: 'null', start: 4, end: 8 },
        ],
        start: 0,
        end: 9,
      },
    ],
    [
      '{ "a" : 1 }',
      {
        kind: 'object',
        members: [
          {
            name: 'a',
            nameSpan: { start: 2, end: 5 },
            value: { kind: 'number', literal: '1', start: 8, end: 9 },
            start: 2,
            end: 9,
          },
        ],
        start: 0,
        end: 11,
      },
    ],
  ])('%j', (text, value) => {
    expect(parseJsonText(text)).toEqual({ value, faults: [] });
  });
});

describe('a text that is not', () => {
  const fault = (found: string, column: number): JsonFault => ({ kind: 'syntax', found, line: 1, column });
  it.each<readonly [text: string, fault: JsonFault]>([
    ['[1 2]', fault('2', 4)],
    ['{"a" 1}', fault('1', 6)],
    ['{"a":}', fault('}', 6)],
    ['{1:2}', fault('1', 2)],
    ['[1', fault('', 3)],
    ['"a', fault('', 3)],
    ['"\\x"', fault('\\', 2)],
    ['"\\u12g4"', fault('\\', 2)],
    ['"\u0001"', fault('\u0001', 2)],
    ['01', fault('01', 1)],
    ['1.', fault('.', 2)],
    ['.5', fault('.', 1)],
    ['1e', fault('1e', 1)],
    ['+1', fault('+', 1)],
    ['truest', fault('truest', 1)],
    ['nul', fault('nul', 1)],
    ['\u00a01', fault('\u00a0', 1)],
    [`[${'x'.repeat(50)}]`, fault('x'.repeat(40), 2)],
  ])('%j is a fault with its position', (text, one) => {
    expect(parseJsonText(text)).toEqual({ faults: [one] });
  });

  it('keeps the faults that it had before it stopped', () => {
    expect(parseJsonText('[1,] x').faults).toEqual([
      { kind: 'trailing-comma', line: 1, column: 3 },
      { kind: 'syntax', found: 'x', line: 1, column: 6 },
    ]);
  });

  it('nests 64 deep at most', () => {
    const nested = (depth: number) => parseJsonText('['.repeat(depth) + ']'.repeat(depth)).faults;
    expect(nested(64)).toEqual([]);
    expect(nested(65)).toEqual([{ kind: 'too-deep', line: 1, column: 65 }]);
    expect(parseJsonText(`${'{"a":'.repeat(64)}1${'}'.repeat(64)}`).faults).toMatchObject([{ kind: 'too-deep' }]);
  });
});

it('a place past the end counts as the end', () => {
  expect(positionOf('a\nbc', 99)).toEqual({ line: 2, column: 3 });
  expect(positionOf('a\nbc', 0)).toEqual({ line: 1, column: 1 });
});
