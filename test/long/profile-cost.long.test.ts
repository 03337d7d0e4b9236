import { describe, expect, test } from 'vitest';
import { editProfile } from '../../src/config-file/edit.ts';
import { applyEdits } from '../../src/config-file/text-edit.ts';
import { undoProfile } from '../../src/config-file/undo.ts';
import { webIdentity } from '../config-file/wanted-section.ts';

/** Files of about `size` characters with shapes that a careless parser would read repeatedly. */
const shapes: readonly (readonly [name: string, make: (size: number) => string])[] = [
  ['many sections', (size) => repeated(size, (n) => `[profile p${n}]\nregion = eu-west-1\noutput = json\n\n`)],
  ['many keys in the section', (size) => `[default]\n${repeated(size, (n) => `key_${n} = ${n}\n`)}`],
  [
    'many keys for other credentials in the section',
    (size) => `[default]\n${repeated(size, (n) => `sso_${n} = ${n}\n`)}`,
  ],
  ['a value of many lines', (size) => `[default]\noutput = json\n${repeated(size, () => '  more\n')}`],
  ['many nested keys', (size) => `[default]\nregion = x\ns3 =\n${repeated(size, (n) => `  key_${n} = 1\n`)}`],
  ['one long line', (size) => `[default]\noutput = ${'x # '.repeat(size / 4)}\n`],
  ['one long header', (size) => `[profile ${'"a\\" '.repeat(size / 5)}]\n`],
  ['brackets', (size) => repeated(size, () => '[[[[]]]]\n')],
  ['lone CRs', (size) => repeated(size, () => '# x\r')],
  ['CRs before one LF', (size) => `${'\r'.repeat(size)}\n`],
  ['CRLF', (size) => repeated(size, (n) => `[profile p${n}]\r\nregion = x\r\n`)],
  ['duplicates', (size) => repeated(size, () => '[profile a]\nregion = x\nregion = x\n')],
  ['junk', (size) => repeated(size, () => 'junk\n')],
  ['letters beyond ASCII', (size) => repeated(size, () => '# \xc3\xa9\xe2\x82\xac\xff\n')],
  ['blank lines', (size) => '\n'.repeat(size)],
  ['white space in one line', (size) => ' '.repeat(size)],
  ['no-break spaces', (size) => '\xc2\xa0'.repeat(size / 2)],
];

const repeated = (size: number, piece: (n: number) => string): string => {
  const pieces: string[] = [];
  for (let length = 0, n = 0; length < size; n++) {
    const text = piece(n);
    length += text.length;
    pieces.push(text);
  }
  return pieces.join('');
};

/**
 * Returns the CPU time of a login and its logout in ms: the minimum of three, because other work
 * only adds to it.
 */
const cost = (text: string): number => {
  const costs = [1, 2, 3].map(() => {
    const before = process.cpuUsage();
    const change = editProfile(text, webIdentity('default', 'job-1'), { overwrite: true });
    if (change.kind === 'change') undoProfile(applyEdits(text, change.edits), change.undo);
    const { user } = process.cpuUsage(before);
    return user / 1000;
  });
  return Math.min(...costs);
};

describe('a file of ten times the size costs about ten times as much, not a hundred', () => {
  const MEGABYTE = 1_000_000;
  test.each(shapes)('%s', (name, make) => {
    cost(make(MEGABYTE / 10)); // the first run compiles
    const one = cost(make(MEGABYTE));
    const ten = cost(make(10 * MEGABYTE));
    console.log(`${name}: ${one.toFixed(0)} ms for 1 MB, ${ten.toFixed(0)} ms for 10 MB`);
    // A generous limit, because it includes garbage collection. Quadratic code would be at 100.
    expect(ten).toBeLessThan(Math.max(30 * one, 200));
  });
});
