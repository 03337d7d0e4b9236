import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { makeProcessCommand } from '../../src/login/plan.ts';
import { failureOf } from '../failing.ts';
import { skipped } from '../skips.ts';

describe('a credential_process line', () => {
  test.each([
    [['/usr/bin/sem-aws-login', 'credentials', '--profile', 'a'], '/usr/bin/sem-aws-login credentials --profile a'],
    [['/opt/my tools/sem-aws-login', '--x'], "'/opt/my tools/sem-aws-login' --x"],
    [['/home/größe/x'], "'/home/größe/x'"],
    [['/opt/@%+=:,./-_/x'], '/opt/@%+=:,./-_/x'],
    [['C:\\Program Files (x86)\\sem-aws-login.exe', 'a'], '"C:\\Program Files (x86)\\sem-aws-login.exe" a'],
  ])('for %j is %s', (words, line) => {
    expect(makeProcessCommand(words)).toBe(line);
  });

  test.each([...'"\'$`!\\#;[]{}()<>|&*?~^\n\t', '', 'C:\\%TEMP%\\x', 'C:\\a"b', '"C:\\a', '1:\\a', 'C:\\a&b'])(
    'is rejected with %j, which SDKs read differently',
    (odd) => {
      const word = odd.length === 1 ? `/opt/a${odd}b` : odd;
      expect(failureOf(() => makeProcessCommand(['program', word]))).toEqual({
        kind: 'program-path-unwritable',
        path: word,
      });
    },
  );
});

// JavaScript, Go, Java, Rust, C++ and Ruby use the shell; boto3 and the AWS CLI use shlex.
const readers: readonly (readonly [name: string, program: string, (line: string) => readonly string[]])[] = [
  ['sh', '/bin/sh', (line) => ['-c', `for word in ${line}; do printf '%s\\0' "$word"; done`]],
  [
    'Python’s shlex',
    '/usr/bin/python3',
    (line) => ['-c', 'import shlex, sys; sys.stdout.write("".join(w + "\\0" for w in shlex.split(sys.argv[1])))', line],
  ],
];

describe.each(readers)('%s splits every valid line into its words', (name, program, argumentsFor) => {
  const isHere = existsSync(program);
  if (!isHere) skipped(`credential_process lines read by ${name}`, `there is no ${program}`);
  test.skipIf(!isHere)('', () => {
    const word = fc.string({ unit: fc.constantFrom(...'abcZ9 @%+=:,./-_öß한'), minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 30 }), (words) => {
        const line = makeProcessCommand(words);
        const output = execFileSync(program, argumentsFor(line), { encoding: 'utf8', env: { LANG: 'C.UTF-8' } });
        expect(output.split('\0').slice(0, -1)).toEqual(words);
      }),
      { numRuns: 20 },
    );
  });
});
