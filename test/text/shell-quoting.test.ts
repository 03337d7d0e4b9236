import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { quoteForBash, quoteForPowerShell } from '../../src/text/shell-words.ts';
import { skipped } from '../skips.ts';

const directory = mkdtempSync(join(tmpdir(), 'sem-aws-login-quoting-'));
afterAll(() => rmSync(directory, { recursive: true }));
let files = 0;
function fileWith(text: string): string {
  const path = join(directory, `${files++}`);
  writeFileSync(path, text);
  return path;
}

test.each([
  ['plain/Value_1@%+=:,.-', 'plain/Value_1@%+=:,.-'],
  ['=ls', "'=ls'"],
  ['a:=ls', "'a:=ls'"],
  ['', "''"],
  ['a b', "'a b'"],
  ["it's", `'it'"'"'s'`],
  ['$HOME `id` !x', "'$HOME `id` !x'"],
  ['~', "'~'"],
])('%j is %s for bash, as in the agent’s own env file', (value, quoted) => {
  expect(quoteForBash(value)).toBe(quoted);
});

// Neither Debian nor npm has macOS's bash 3.2. It follows POSIX's rules for single quotes, like dash.
const shells: readonly (readonly [name: string, command: readonly [string, ...string[]], before: string])[] = [
  ['bash', ['/bin/bash', '--norc', '-c'], ''],
  ['bash --posix', ['/bin/bash', '--norc', '--posix', '-c'], ''],
  ['bash with history expansion', ['/bin/bash', '--norc', '-c'], 'set -o history -H; '],
  ['dash', ['/usr/bin/dash', '-c'], ''],
  ['zsh', ['/usr/bin/zsh', '-f', '-c'], ''],
  ['busybox', ['/usr/bin/busybox', 'sh', '-c'], ''],
];

describe.each(shells)('%s reads back', (name, [shell, ...args], before) => {
  const isHere = existsSync(shell);
  if (!isHere) skipped(`quoting of the env file in ${name}`, `there is no ${shell}`);

  function readBack(values: readonly string[]): string[] {
    const text = values.map((value, index) => `export V${index}=${quoteForBash(value)}\n`).join('');
    const print = values.map((_, index) => `printf '%s\\0' "$V${index}"`).join('; ');
    const output = execFileSync(shell, [...args, `${before}. "$0"; ${print}`, fileWith(text)], {
      encoding: 'utf8',
      env: { LANG: 'C.UTF-8' },
      maxBuffer: 1e7,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    return output.split('\0').slice(0, -1);
  }

  test.skipIf(!isHere)('what is special to some shell', () => {
    const values = [
      ...'\'"`$!\\ \t\n\r*?[]{}()<>|&;#~=%^@+,:.-/_',
      ...["'", "''", '"\'"', "it's", '$HOME', `\${HOME}`, '$(id)', '`id`', '!!', '!x', '\\n', '\\\\', "a'\"'\"'b"],
      ...[
        'a\nb',
        '\na\n\n',
        'a\r\nb',
        ' a ',
        '~',
        '~root',
        '*',
        '-n',
        '--',
        '=ls',
        'a:=ls',
        'größe',
        '日本語',
        '👩‍👩‍👧',
        '\u0001\u007f\u0085',
      ],
    ];
    expect(readBack(values)).toEqual(values);
  });

  test.skipIf(!isHere)('a value of 100 kB', () => {
    const value = 'a\'b"c$d`e!f\\g\nh größe 👩 '.repeat(3_500);
    expect(Buffer.byteLength(value)).toBeGreaterThan(100_000);
    expect(readBack([value])).toEqual([value]);
  });

  test.skipIf(!isHere)('whatever a value holds', () => {
    const special = fc.string({ unit: fc.constantFrom(...'\'"`$!\\\n ab{}()é'), maxLength: 30 });
    const value = fc.oneof(fc.string({ unit: 'binary', maxLength: 50 }), special);
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 40 }), (list) => {
        const clean = list.map((one) => one.replaceAll('\0', ''));
        expect(readBack(clean)).toEqual(clean);
      }),
      { numRuns: 20 },
    );
  });
});

// Not run in a PowerShell: none is to be had here. The rule: https://learn.microsoft.com/powershell/module/microsoft.powershell.core/about/about_quoting_rules
test.each([
  ['C:\\Users\\a b', "'C:\\Users\\a b'"],
  ["it's", "'it''s'"],
  ['$env:X `n "', "'$env:X `n \"'"],
  ['typographic ‘’‚‛', "'typographic ‘‘’’‚‚‛‛'"],
  ['', "''"],
])('not run: %j is %s for PowerShell', (value, quoted) => {
  expect(quoteForPowerShell(value)).toBe(quoted);
});
