import { describe, expect, test } from 'vitest';
import type { ConfigSection, DefectKind } from '../../src/config-file/model.ts';
import { readConfig } from '../../src/config-file/read.ts';

const lineOf = (text: string, { start, end }: { readonly start: number; readonly end: number }): string =>
  text.slice(start, end);

describe('a config file, read', () => {
  const text = [
    '# Managed by sem-aws-login for job j-1; `sem-aws-login logout` removes it',
    '[profile deploy] # mine',
    'Region\t= eu-west-1 # why',
    's3 =',
    '  addressing_style = path',
    '\tmax = 1',
    'output = json',
    '  or = text',
    '',
    '[preview]',
    'a=b#c',
    '',
  ].join('\n');

  test('has its sections in order, each with its header and its lines', () => {
    const file = readConfig(text);
    const [deploy, preview] = file.sections;
    expect(file.text).toBe(text);
    expect(file.sections.map((section) => [section.type, section.name, section.line, lineOf(text, section)])).toEqual([
      ['profile', 'deploy', 2, '[profile deploy] # mine'],
      ['other', 'preview', 10, '[preview]'],
    ]);
    expect(deploy).toMatchObject({ headerText: 'profile deploy', restOfLine: ' # mine', clear: true, canonical: true });
    expect(deploy?.managed).toEqual({ job: 'j-1', start: 0 });
    expect(preview?.managed).toBeUndefined();
    expect([file.hidden, file.defects]).toEqual([[], []]);
  });

  test('has each key with its value, its comment and its lines', () => {
    const [deploy, preview] = readConfig(text).sections;
    const [region, s3, output] = deploy?.keys ?? [];
    expect(region).toEqual({
      name: 'region',
      spelled: 'Region',
      value: 'eu-west-1',
      raw: 'eu-west-1 # why',
      comment: '# why',
      indent: 0,
      line: 3,
      start: text.indexOf('Region'),
      end: text.indexOf('\ns3'),
      continued: false,
      nested: [],
      loose: [],
    });
    expect(s3).toMatchObject({ name: 's3', value: '\naddressing_style = path\nmax = 1', raw: '', continued: true });
    expect(s3?.nested.map((key) => [key.name, key.line, lineOf(text, key)])).toEqual([
      ['addressing_style', 5, '  addressing_style = path'],
      ['max', 6, '\tmax = 1'],
    ]);
    expect(s3?.end).toBe(text.indexOf('\noutput'));
    expect(output).toMatchObject({ value: 'json\nor = text', raw: 'json', nested: [], loose: [{ name: 'or' }] });
    expect(preview?.keys).toMatchObject([{ name: 'a', value: 'b#c', comment: '' }]);
  });
});

describe('the keys of a section', () => {
  const keys = (...lines: readonly string[]) =>
    readConfig(['[default]', ...lines].join('\n')).sections[0]?.keys.map(({ name, value }) => [name, value]);

  test.each<readonly [what: string, lines: readonly string[], keys: readonly (readonly [string, string])[]]>([
    [
      'continue after comments',
      ['a = 1', '# c', 'b = 2', '; c', '  # c', 'c = 3'],
      [
        ['a', '1'],
        ['b', '2'],
        ['c', '3'],
      ],
    ],
    ['continue over comments and blank lines', ['a = 1', '', '# c', '  2'], [['a', '1\n2']]],
    [
      'continue in lines that are indented further',
      ['  a = 1', '  b = 2', '   3'],
      [
        ['a', '1'],
        ['b', '2\n3'],
      ],
    ],
    [
      'end at the first equals sign or colon',
      ['a = b = c', 'd: e=f'],
      [
        ['a', 'b = c'],
        ['d', 'e=f'],
      ],
    ],
    [
      'lose a comment only after white space',
      ['a = b#c ;d', 'e = #f', 'g = h;i'],
      [
        ['a', 'b#c'],
        ['e', ''],
        ['g', 'h;i'],
      ],
    ],
    ['can be none', ['# nothing'], []],
  ])('%s', (_what, lines, expected) => {
    expect(keys(...lines)).toEqual(expected);
  });

  test('a further line has its name in lower case', () => {
    const [key] = readConfig('[a]\ns3 =\n  Region = X\n').sections[0]?.keys ?? [];
    expect(key?.nested).toMatchObject([{ name: 'region' }]);
  });
});

describe('a text that some SDK refuses or reads differently', () => {
  type ReadDefect = readonly [why: DefectKind, line: number, section: number];
  test.each<readonly [what: string, text: string, defects: readonly ReadDefect[]]>([
    ['nothing in a plain file', '[a]\nb = c\n', []],
    ['a byte order mark', '\xef\xbb\xbf[a]\n', [['bom', 1, 0]]],
    ['one before a comment', '\xef\xbb\xbf# x\n[a]\n', [['bom', 1, -1]]],
    ['a byte that is not UTF-8', '[a]\nb = \xe9\n[c]\n', [['not-utf8', 2, 0]]],
    ['one at the start of a line and at its end', '[a]\n\xe9 = 1', [['not-utf8', 2, 0]]],
    ['a key before all sections', 'a = b\n[c]\n', [['key-before-section', 1, -1]]],
    [
      'a section twice',
      '[a]\n[b]\n[a]\n[a]\n',
      [
        ['section-twice', 3, 2],
        ['section-twice', 4, 3],
      ],
    ],
    ['not one of two spellings', '[a]\n[ a ]\n', []],
    ['a key twice', '[a]\nb = 1\nB = 2\n[c]\nb = 3\n', [['key-twice', 3, 0]]],
    [
      'a line that is no key',
      '[a]\njunk\n= b\nc: d\n',
      [
        ['junk-line', 2, 0],
        ['junk-line', 3, 0],
        ['junk-line', 4, 0],
      ],
    ],
    [
      'a nested line that is none',
      '[a]\ns3 =\n  junk\n  = x\n',
      [
        ['junk-line', 3, 0],
        ['junk-line', 4, 0],
      ],
    ],
    ['not a further line of a value', '[a]\nb = c\n  junk\n', []],
    [
      'names that JavaScript reserves',
      '[__proto__]\n[profile __proto__]\n[profile.__proto__]\n',
      [
        ['reserved-name', 1, 0],
        ['reserved-name', 2, 1],
      ],
    ],
    ['a header with text after it', '[a] b\n', [['odd-header', 1, 0]]],
    ['an indented header', '  [a]\n', [['odd-header', 1, 0]]],
    ['an indented header in a further line', '[a]\nb = c\n  [d]\n', [['indented-header', 3, 0]]],
    ['not one that no reader sees as a header', '[a]\nb = c\n  [d] e\n  [\n', []],
    ['not one that does not begin as one', '[a]\nb = c\n  xd]\n', []],
    ['a lone carriage return', '[a]\nb = 1\rc = 2\n', [['lone-cr', 2, 0]]],
    [
      'one after a header, and the header after one',
      '[a]\r# x\r[b]\n',
      [
        ['odd-header', 1, 0],
        ['lone-cr', 1, 0],
        ['lone-cr', 2, 0],
        ['odd-header', 3, 1],
      ],
    ],
    ['not one that ends the file: any addition makes it a CRLF', '[a]\nb = 1\r', []],
    ['not one before a line feed', '[a]\r\nb = 1\r\n', []],
    ['white space that only some trim', '[a]\n\xc2\xa0b = 1\n', [['odd-space', 2, 0]]],
    ['not before a comment', '[a]\n\xc2\xa0# b\n', []],
  ])('%s', (_what, text, defects) => {
    expect(readConfig(text).defects.map(({ why, line, section }) => [why, line, section])).toEqual(defects);
  });

  test('is reported with its line', () => {
    const text = '[a]\r\njunk  \r\n';
    const [defect] = readConfig(text).defects;
    expect(defect && lineOf(text, defect)).toBe('junk  ');
  });
});

test('a header in a further line is hidden from boto3, and seen by others', () => {
  const text = '[a]\nb = c\n  [profile d]\n  [profile e] junk\n';
  expect(readConfig(text).hidden).toMatchObject([{ type: 'profile', name: 'd', line: 3, start: 10, end: 23 }]);
});

describe('the line end of a file is its most frequent one', () => {
  test.each([
    ['', '\n'],
    ['a', '\n'],
    ['\r\n', '\r\n'],
    ['\r\n\n', '\n'],
    ['\r\n\r\n\n', '\r\n'],
    ['\r\n\n\n', '\n'],
    ['\r\r', '\n'],
    ['a\r', '\n'],
    ['\r\na', '\r\n'],
    ['\r\na\n\r\n', '\r\n'],
  ])('%j: %j', (text, eol) => {
    expect(readConfig(text).eol).toBe(eol);
  });
});

describe('a header is canonical when all readers find it under its name', () => {
  const sections = (text: string): readonly ConfigSection[] => readConfig(text).sections;
  test.each<readonly [text: string, clear: boolean, canonical: boolean]>([
    ['[profile a]\n', true, true],
    ['[profile  a]\n', true, false],
    [' [profile a]\n', false, false],
    ['\t[profile a]\n', false, false],
    ['\xc2\xa0[profile a]\n', false, false],
    ['[profile a]\r# x\n', false, false],
    ['[profile a]\r', true, true],
    ['# x\r[profile a]\n', false, false],
    ['\xef\xbb\xbf[profile a]\n', true, true],
  ])('%j', (text, clear, canonical) => {
    expect(sections(text)).toMatchObject([{ clear, canonical }]);
  });
});

describe('the managed comment', () => {
  const comment = '# Managed by sem-aws-login for job j-1; `sem-aws-login logout` removes it';
  const managed = (text: string) => readConfig(text).sections.map((section) => section.managed?.job);
  test.each<readonly [what: string, text: string, jobs: readonly (string | undefined)[]]>([
    ['counts directly above a header', `${comment}\n[a]\n[b]\n`, ['j-1', undefined]],
    ['counts with any text after the job', '# Managed by sem-aws-login for job j-1; else\n[a]\n', ['j-1']],
    ['does not count above a blank line', `${comment}\n\n[a]\n`, [undefined]],
    ['does not count indented', ` ${comment}\n[a]\n`, [undefined]],
    ['does not count inside another comment', `# not ${comment}\n[a]\n`, [undefined]],
    ['does not count for an invalid job name', `${comment.replace('j-1', 'j_1')}\n[a]\n`, [undefined]],
    ['does not count for a name that is too long', `${comment.replace('j-1', 'j'.repeat(65))}\n[a]\n`, [undefined]],
  ])('%s', (_what, text, jobs) => {
    expect(managed(text)).toEqual(jobs);
  });
});
