import { expect, test } from 'vitest';
import { readConfig } from '../../src/config-file/read.ts';
import { changedSection, lineEndOf, sectionSpanOf } from '../../src/config-file/section-text.ts';

const comment = '# Managed by sem-aws-login for job j; `sem-aws-login logout` removes it';

test.each<readonly [what: string, text: string, eol: string]>([
  ['its header’s', '[a]\r\n', '\r\n'],
  ['its header’s, even when another follows', '[a]\nb = c\r\n', '\n'],
  ['its comment’s, if it is managed', `${comment}\r\n[a]\n`, '\r\n'],
  ['its comment’s, even when the header’s differs', `${comment}\n[a]\r\n`, '\n'],
  ['the file’s, if nothing follows', '[a]', '\r\n'],
  ['a line feed, if something else follows', '[a]\r', '\n'],
])('the line end of a section is %s', (_what, text, eol) => {
  const [section] = readConfig(text).sections;
  expect(section && lineEndOf(text, section, '\r\n')).toBe(eol);
});

test('a section’s span begins with its comment and ends with its last key', () => {
  const text = `# x\n${comment}\n[a]\nb = c\n  d\n# y\n`;
  const [section] = readConfig(text).sections;
  const { start, end } = section ? sectionSpanOf(section) : { start: 0, end: 0 };
  expect(text.slice(start, end)).toBe(`${comment}\n[a]\nb = c\n  d`);
});

test.each(['\n', '\r\n', '\r\r\n'])('a removed key’s line end %j goes too, and a comment before it stays', (eol) => {
  const text = ['[a]', 'b = 1', '# comment', 'c = 2', 'd = 3', ''].join(eol);
  const [section] = readConfig(text).sections;
  const change = { comment: undefined, header: '[a]', added: [], eol };
  const changed =
    section &&
    changedSection(text, section, { ...change, key: ({ name }, lines) => (name === 'c' ? undefined : lines) });
  expect(changed).toBe(['[a]', 'b = 1', '# comment', 'd = 3'].join(eol));
});
