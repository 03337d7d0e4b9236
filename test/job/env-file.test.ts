import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import {
  type Identity,
  makeEnvFile,
  makeFormerEnvironment,
  makeJobEnvironment,
  managedVariablesIn,
} from '../../src/job/env-file.ts';
import { quoteForBash, quoteForPowerShell } from '../../src/job/shell-quoting.ts';
import { skipped } from '../skips.ts';

const keys = {
  accessKeyId: 'ASIAEXAMPLE',
  secretAccessKey: 'the/secret+key',
  sessionToken: 'the//session==token',
  expiration: new Date('2026-11-22T21:00:00Z'),
};
const webIdentity = {
  roleArn: 'arn:aws:iam::123456789012:role/deploy',
  sessionName: 'semaphore-job-1',
  tokenFile: '/home/semaphore/.sem-aws-login/jobs/1/token',
  region: 'eu-west-1',
};
const identity: Identity = {
  webIdentity,
  region: 'eu-west-1',
  profile: undefined,
  configFile: undefined,
  keys,
};
const nothing = '-';

const directory = mkdtempSync(join(tmpdir(), 'sem-aws-login-env-'));
afterAll(() => rmSync(directory, { recursive: true }));
let files = 0;
function fileWith(text: string): string {
  const path = join(directory, `${files++}`);
  writeFileSync(path, text);
  return path;
}

/** What a real bash has in these variables after sourcing the file in an environment full of other identities. */
function sourced(text: string, names: readonly string[], before: Record<string, string> = {}): Record<string, string> {
  const print = names.map((name) => `printf '%s=%s\\n' ${name} "\${${name}-${nothing}}"`).join('; ');
  const output = execFileSync('bash', ['-c', `source "$0"; ${print}`, fileWith(text)], {
    env: { PATH: process.env['PATH'], ...before },
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return Object.fromEntries(
    output
      .trimEnd()
      .split('\n')
      .map((line) => line.split(/=(.*)/s, 2)),
  );
}

const identityNames = ['AWS_ROLE_ARN', 'AWS_WEB_IDENTITY_TOKEN_FILE', 'AWS_ROLE_SESSION_NAME', 'AWS_PROFILE'];
const stale = {
  AWS_ACCESS_KEY_ID: 'stale',
  AWS_SECRET_ACCESS_KEY: 'stale',
  AWS_SESSION_TOKEN: 'stale',
  AWS_PROFILE: 'stale',
  AWS_DEFAULT_PROFILE: 'stale',
  AWS_ROLE_ARN: 'stale',
  AWS_WEB_IDENTITY_TOKEN_FILE: 'stale',
  AWS_ROLE_SESSION_NAME: 'stale',
};

describe('the env file makes the whole state, whatever stood before', () => {
  const rows: readonly [string, Parameters<typeof makeJobEnvironment>, Record<string, string>][] = [
    [
      'one plain role: the three web-identity variables, and no profile',
      ['profile', identity],
      {
        AWS_ROLE_ARN: webIdentity.roleArn,
        AWS_WEB_IDENTITY_TOKEN_FILE: webIdentity.tokenFile,
        AWS_ROLE_SESSION_NAME: webIdentity.sessionName,
        AWS_PROFILE: nothing,
        AWS_ACCESS_KEY_ID: nothing,
        AWS_REGION: 'eu-west-1',
        AWS_DEFAULT_REGION: 'eu-west-1',
        AWS_SDK_LOAD_CONFIG: '1',
      },
    ],
    [
      'a named profile: AWS_PROFILE, and none of the three, which would outrank it',
      ['profile', { ...identity, profile: 'prod' }],
      {
        AWS_PROFILE: 'prod',
        AWS_ROLE_ARN: nothing,
        AWS_WEB_IDENTITY_TOKEN_FILE: nothing,
        AWS_ROLE_SESSION_NAME: nothing,
        AWS_SESSION_TOKEN: nothing,
      },
    ],
    [
      'a role that no web-identity profile can say: [default] alone, and nothing that would give another',
      ['profile', { ...identity, webIdentity: undefined }],
      { AWS_PROFILE: nothing, AWS_ROLE_ARN: nothing, AWS_WEB_IDENTITY_TOKEN_FILE: nothing, AWS_REGION: 'eu-west-1' },
    ],
    [
      'static keys: they, and nothing that could renew or outrank them',
      ['static', identity],
      {
        AWS_ACCESS_KEY_ID: keys.accessKeyId,
        AWS_SECRET_ACCESS_KEY: keys.secretAccessKey,
        AWS_SESSION_TOKEN: keys.sessionToken,
        AWS_CREDENTIAL_EXPIRATION: '2026-11-22T21:00:00.000Z',
        AWS_PROFILE: nothing,
        AWS_ROLE_ARN: nothing,
      },
    ],
    ['none: nothing changes', ['none', identity], { AWS_PROFILE: 'stale', AWS_ACCESS_KEY_ID: 'stale' }],
    [
      'a private config file is named',
      ['profile', { ...identity, configFile: "/tmp/it's mine/config" }],
      { AWS_CONFIG_FILE: "/tmp/it's mine/config" },
    ],
    ['without a region none is exported', ['profile', { ...identity, region: undefined }], { AWS_REGION: nothing }],
  ];
  test.each(rows)('%s', (_title, args, expected) => {
    expect(sourced(makeEnvFile('bash', makeJobEnvironment(...args)), Object.keys(expected), stale)).toEqual(expected);
  });

  test('the three variables and a profile never stand together', () => {
    for (const profile of [undefined, 'prod']) {
      const environment = makeJobEnvironment('profile', { ...identity, profile });
      const exported = environment.exports.map(([name]) => name);
      expect(exported.filter((name) => identityNames.includes(name))).toEqual(
        profile === undefined ? identityNames.slice(0, 3) : ['AWS_PROFILE'],
      );
    }
  });

  test('no variable is exported empty, and none is both unset and exported', () => {
    for (const form of ['profile', 'static'] as const) {
      const { unset, exports, secrets } = makeJobEnvironment(form, identity);
      const set = [...exports, ...secrets];
      expect(set.filter(([, value]) => value === '')).toEqual([]);
      expect(set.filter(([name]) => unset.includes(name))).toEqual([]);
    }
  });

  test.each(['-x', '-v', '-xv'])('keys do not show under bash %s, which is on again afterwards', (flags) => {
    const text = makeEnvFile('bash', makeJobEnvironment('static', identity));
    const script = `set ${flags}; source "$0"; echo "still $-"`;
    const { stdout, stderr } = spawnSync('bash', ['-c', script, fileWith(text)], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    expect(stderr).not.toMatch(/secret|session==/);
    expect(stdout).toMatch(new RegExp(`still .*${flags.slice(1).split('').join('.*|still .*')}`));
  });
});

describe('a logout brings back what stood before', () => {
  test('open variables return, keys are gone', () => {
    const before = { ...stale, AWS_REGION: 'us-east-1' };
    const former = makeFormerEnvironment(managedVariablesIn(before));
    const login = makeEnvFile('bash', makeJobEnvironment('static', identity));
    expect(
      sourced(
        login + makeEnvFile('bash', former),
        [...identityNames, 'AWS_REGION', 'AWS_DEFAULT_REGION', 'AWS_ACCESS_KEY_ID'],
        before,
      ),
    ).toEqual({
      AWS_ROLE_ARN: 'stale',
      AWS_WEB_IDENTITY_TOKEN_FILE: 'stale',
      AWS_ROLE_SESSION_NAME: 'stale',
      AWS_PROFILE: 'stale',
      AWS_REGION: 'us-east-1',
      AWS_DEFAULT_REGION: nothing,
      AWS_ACCESS_KEY_ID: nothing,
    });
  });

  test('keys are never remembered', () => {
    expect(Object.keys(managedVariablesIn({ ...stale, AWS_SECURITY_TOKEN: 'stale' }))).not.toContain(
      'AWS_SECRET_ACCESS_KEY',
    );
    expect(JSON.stringify(managedVariablesIn({ AWS_SECRET_ACCESS_KEY: 'k', AWS_SESSION_TOKEN: 't' }))).toBe('{}');
  });
});

describe('quoting', () => {
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

  // bash 3.2, macOS's, is to be had neither from Debian nor from npm; its rules for single quotes are those of POSIX, which dash keeps to.
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
    ['typographic ’', "'typographic ’’'"],
  ])('not run: %j is %s for PowerShell', (value, quoted) => {
    expect(quoteForPowerShell(value)).toBe(quoted);
  });

  test('not run: the PowerShell form of a login', () => {
    expect(
      makeEnvFile('powershell', makeJobEnvironment('profile', { ...identity, profile: 'prod' })).split('\n'),
    ).toEqual([
      ...['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN', 'AWS_SECURITY_TOKEN'].map(removal),
      ...['AWS_CREDENTIAL_EXPIRATION', 'AWS_DEFAULT_PROFILE', ...identityNames.slice(0, 3)].map(removal),
      "$env:AWS_PROFILE = 'prod'",
      "$env:AWS_REGION = 'eu-west-1'",
      "$env:AWS_DEFAULT_REGION = 'eu-west-1'",
      "$env:AWS_SDK_LOAD_CONFIG = '1'",
      '',
    ]);
  });
});

const removal = (name: string) => `Remove-Item -ErrorAction SilentlyContinue Env:${name}`;
