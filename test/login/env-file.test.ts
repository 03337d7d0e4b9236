import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import {
  applyJobEnvironment,
  type Identity,
  makeEnvFile,
  makeJobEnvironment,
  makeRestoredEnvironment,
  restorableVariablesIn,
} from '../../src/login/env-file.ts';

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
  accountId: '123456789012',
  environment: {},
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

/** Sources the file in a real bash whose environment has other identities. Returns these variables. */
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
  AWS_ACCOUNT_ID: '999999999999',
};

describe('the env file sets all variables, whatever was set before', () => {
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
        AWS_ACCOUNT_ID: nothing,
        AWS_PAGER: '',
      },
    ],
    [
      'a named profile: AWS_PROFILE, and none of the three, which take precedence over it',
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
      'a role that no web-identity profile can express: only [default]',
      ['profile', { ...identity, webIdentity: undefined }],
      { AWS_PROFILE: nothing, AWS_ROLE_ARN: nothing, AWS_WEB_IDENTITY_TOKEN_FILE: nothing, AWS_REGION: 'eu-west-1' },
    ],
    [
      'static keys: no variable that could renew them or take precedence over them',
      ['static', identity],
      {
        AWS_ACCESS_KEY_ID: keys.accessKeyId,
        AWS_SECRET_ACCESS_KEY: keys.secretAccessKey,
        AWS_SESSION_TOKEN: keys.sessionToken,
        AWS_CREDENTIAL_EXPIRATION: '2026-11-22T21:00:00.000Z',
        AWS_ACCOUNT_ID: '123456789012',
        AWS_PAGER: '',
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
    ['no region: none is exported', ['profile', { ...identity, region: undefined }], { AWS_REGION: nothing }],
  ];
  test.each(rows)('%s', (_title, args, expected) => {
    expect(sourced(makeEnvFile('bash', makeJobEnvironment(...args)), Object.keys(expected), stale)).toEqual(expected);
  });

  test('the web-identity variables and AWS_PROFILE are never both set', () => {
    for (const profile of [undefined, 'prod']) {
      const environment = makeJobEnvironment('profile', { ...identity, profile });
      const exported = environment.exports.map(([name]) => name);
      expect(exported.filter((name) => identityNames.includes(name))).toEqual(
        profile === undefined ? identityNames.slice(0, 3) : ['AWS_PROFILE'],
      );
    }
  });

  test.each(['less', ''])('AWS_PAGER=%j is not changed', (pager) => {
    const environment = makeJobEnvironment('profile', { ...identity, environment: { AWS_PAGER: pager } });
    expect(environment.exports.map(([name]) => name)).not.toContain('AWS_PAGER');
    expect(environment.unset).not.toContain('AWS_PAGER');
  });

  test('AWS_ACCOUNT_ID is kept if it is the role’s account', () => {
    const unset = (id: string) =>
      makeJobEnvironment('profile', { ...identity, environment: { AWS_ACCOUNT_ID: id } }).unset;
    expect(unset('123456789012')).not.toContain('AWS_ACCOUNT_ID');
    expect(unset('999999999999')).toContain('AWS_ACCOUNT_ID');
  });

  test('only AWS_PAGER is exported empty, and no variable is both unset and exported', () => {
    for (const form of ['profile', 'static'] as const) {
      const { unset, exports, secrets } = makeJobEnvironment(form, identity);
      const set = [...exports, ...secrets];
      expect(set.filter(([, value]) => value === '')).toEqual([['AWS_PAGER', '']]);
      expect(set.filter(([name]) => unset.includes(name))).toEqual([]);
    }
  });

  const regions = [
    ['AWS_REGION', 'eu-west-1'],
    ['AWS_DEFAULT_REGION', 'eu-west-1'],
  ];
  const always = [
    ['AWS_SDK_LOAD_CONFIG', '1'],
    ['AWS_PAGER', ''],
  ];
  const account = ['AWS_ACCOUNT_ID', '123456789012'];
  test.each<readonly [what: string, Parameters<typeof makeJobEnvironment>, exports: readonly (readonly string[])[]]>([
    ['nothing for none', ['none', identity], []],
    [
      'the identity before the region',
      ['profile', { ...identity, configFile: '/c', profile: 'prod' }],
      [['AWS_CONFIG_FILE', '/c'], ['AWS_PROFILE', 'prod'], ...regions, ...always],
    ],
    [
      'no identity if a command chooses its own',
      ['profile', { ...identity, webIdentity: undefined }],
      [...regions, ...always],
    ],
    ['no identity beside keys', ['static', { ...identity, profile: 'prod' }], [...regions, account, ...always]],
    ['no region if none is known', ['static', { ...identity, region: undefined }], [account, ...always]],
  ])('exports %s', (_what, args, exports) => {
    expect(makeJobEnvironment(...args).exports).toEqual(exports);
  });

  test('--export none changes nothing and has no secrets', () => {
    expect(makeJobEnvironment('none', identity)).toEqual({ unset: [], exports: [], secrets: [] });
  });

  test('bash: one line for each variable', () => {
    const text = makeEnvFile('bash', makeJobEnvironment('profile', { ...identity, profile: 'prod' }));
    const [state, check] = text.split('_sem_aws_login_wrong=\n', 2);
    expect(check).toContain('AWS_PROFILE');
    expect(state?.split('\n')).toEqual([
      unsetting('AWS_CONFIG_FILE'),
      ...['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN', 'AWS_SECURITY_TOKEN'].map(unsetting),
      ...['AWS_CREDENTIAL_EXPIRATION', 'AWS_DEFAULT_PROFILE', ...identityNames.slice(0, 3)].map(unsetting),
      'unset AWS_ACCOUNT_ID',
      'export AWS_PROFILE=prod',
      'export AWS_REGION=eu-west-1',
      'export AWS_DEFAULT_REGION=eu-west-1',
      'export AWS_SDK_LOAD_CONFIG=1',
      "export AWS_PAGER=''",
      '',
    ]);
  });

  test('no secrets without keys', () => {
    expect(makeJobEnvironment('static', { ...identity, keys: undefined }).secrets).toEqual([]);
    expect(makeJobEnvironment('profile', identity).secrets).toEqual([]);
  });

  test('a child process gets the same environment and keeps all other variables', () => {
    const environment = { ...stale, AWS_REGION: 'us-east-1', PATH: '/bin', EMPTY: undefined };
    const after = applyJobEnvironment(environment, makeJobEnvironment('static', { ...identity, configFile: '/c' }));
    expect(after).toEqual({
      PATH: '/bin',
      EMPTY: undefined,
      AWS_CONFIG_FILE: '/c',
      AWS_REGION: 'eu-west-1',
      AWS_DEFAULT_REGION: 'eu-west-1',
      AWS_SDK_LOAD_CONFIG: '1',
      AWS_ACCOUNT_ID: '123456789012',
      AWS_PAGER: '',
      AWS_ACCESS_KEY_ID: keys.accessKeyId,
      AWS_SECRET_ACCESS_KEY: keys.secretAccessKey,
      AWS_SESSION_TOKEN: keys.sessionToken,
      AWS_CREDENTIAL_EXPIRATION: '2026-11-22T21:00:00.000Z',
    });
  });

  test('tracing stays off and no helper variable is left', () => {
    const text = makeEnvFile('bash', makeJobEnvironment('static', identity));
    const script = `set -u; source "$0"; echo "$- \${_sem_aws_login_flags-unset} $AWS_ACCESS_KEY_ID"; set`;
    const output = execFileSync('bash', ['-c', script, fileWith(text)], { encoding: 'utf8' });
    expect(output).toMatch(/^[^ xv]+ unset ASIAEXAMPLE$/m);
    expect(output).not.toMatch(/^_sem_aws_login/m);
  });

  test.each(['-x', '-v', '-xv'])('bash %s does not print keys and is restored afterwards', (flags) => {
    const text = makeEnvFile('bash', makeJobEnvironment('static', identity));
    const script = `set ${flags}; source "$0"; echo "still $-"`;
    const { stdout, stderr } = spawnSync('bash', ['-c', script, fileWith(text)], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    expect(stderr).not.toMatch(/secret|session==/);
    const on = /still (\S*)/.exec(stdout)?.[1] ?? '';
    expect([...on].filter((flag) => 'xv'.includes(flag)).sort()).toEqual([...flags.slice(1)].sort());
  });
});

describe('sourcing fails if a variable cannot be changed', () => {
  const texts = {
    'a login': makeEnvFile('bash', makeJobEnvironment('profile', { ...identity, configFile: '/tmp/[a]*?(!' })),
    'a login with keys': makeEnvFile('bash', makeJobEnvironment('static', identity)),
    'a logout': makeEnvFile('bash', makeRestoredEnvironment({ AWS_REGION: 'us-east-1', AWS_PROFILE: '' })),
  };
  const shells = ['bash', 'dash', 'busybox sh', 'zsh'];
  // `.` is a special built-in: if it fails, a non-interactive POSIX shell ends.
  const run = (shell: string, before: string, text: string) => {
    const [command = '', ...args] = shell.split(' ');
    const script = `${before}\n. "$FILE" && echo went well; set`;
    const env = { PATH: process.env['PATH'], FILE: fileWith(text) };
    return spawnSync(command, [...args, '-c', script], { encoding: 'utf8', env, stdio: ['ignore', 'pipe', 'pipe'] });
  };

  for (const shell of shells)
    describe(shell, () => {
      test.each(Object.entries(texts))('%s: succeeds without such a variable', (_, text) => {
        for (const before of ['', 'set -eu', 'set -f', "IFS='A_='"]) {
          const { stdout, stderr } = run(shell, before, text);
          expect(stdout).toMatch(/^went well$/m);
          expect(stdout).not.toMatch(/^_sem_aws_login/m);
          expect(stderr).toBe('');
        }
      });

      test.each([
        ['a login', 'AWS_ACCESS_KEY_ID'],
        ['a login', 'AWS_DEFAULT_PROFILE'],
        ['a login', 'AWS_ROLE_ARN'],
        ['a login', 'AWS_CONFIG_FILE'],
        ['a login with keys', 'AWS_PROFILE'],
        ['a login with keys', 'AWS_REGION'],
        ['a login with keys', 'AWS_SECRET_ACCESS_KEY'],
        ['a login with keys', 'AWS_CREDENTIAL_EXPIRATION'],
        ['a logout', 'AWS_PROFILE'],
        ['a logout', 'AWS_ROLE_ARN'],
      ] as const)('%s: fails where %s is read-only', (what, name) => {
        const { stdout, stderr } = run(shell, `${name}=old; readonly ${name}`, texts[what]);
        expect(stdout).not.toMatch(/^went well$/m);
        expect(stderr).toContain(name);
        expect(stderr).not.toMatch(/secret|session==/);
      });
    });

  const report = 'sem-aws-login: cannot change AWS_PROFILE AWS_SESSION_TOKEN in this shell (read-only?)';
  const before = 'readonly AWS_PROFILE=old AWS_SESSION_TOKEN=old';

  test('bash names all of them, and leaves no helper variable', () => {
    const { stdout, stderr } = run('bash', before, texts['a login with keys']);
    expect(stderr).toContain(report);
    expect(stdout).toMatch(/^AWS_ACCESS_KEY_ID=ASIAEXAMPLE$/m);
    expect(stdout).not.toMatch(/^_sem_aws_login/m);
  });

  test.each(['set -x', 'set -v', 'set -xv'])('keys are not printed with %s', (flags) => {
    const { stderr } = run('bash', `${before}; ${flags}`, texts['a login with keys']);
    expect(stderr).toContain(report);
    expect(stderr).not.toMatch(/secret|session==/);
  });

  test('set -e ends the shell as after any failing command', () => {
    const { status, stdout } = run('bash', `${before}; set -e; . "$FILE"; echo goes on`, texts['a login with keys']);
    expect(status).toBe(1);
    expect(stdout).toBe('');
  });

  test('a read-only variable that has the right value is exported', () => {
    const { stdout, stderr } = run('bash', 'readonly AWS_REGION=eu-west-1; set -- x', `${texts['a login']}env\n`);
    expect(stderr).not.toContain('cannot change');
    expect(stdout).toMatch(/^AWS_REGION=eu-west-1$/m);
    expect(stdout).toMatch(/^went well$/m);
  });

  test('a local variable of a calling function hides no failure', () => {
    const inFunction =
      'f() { local AWS_PROFILE=inner; g; }; g() { . "$FILE" && echo went well; }; AWS_PROFILE=outer; f';
    const { stderr } = run('bash', inFunction, texts['a login']);
    expect(stderr).toContain('cannot change AWS_PROFILE');
  });
});

describe('a logout restores the environment', () => {
  test('restores variables, but not keys', () => {
    const before = { ...stale, AWS_REGION: 'us-east-1' };
    const restored = makeRestoredEnvironment(restorableVariablesIn(before));
    const login = makeEnvFile('bash', makeJobEnvironment('static', identity));
    expect(
      sourced(
        login + makeEnvFile('bash', restored),
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

  const open = [
    'AWS_CONFIG_FILE',
    'AWS_PROFILE',
    'AWS_DEFAULT_PROFILE',
    'AWS_ROLE_ARN',
    'AWS_WEB_IDENTITY_TOKEN_FILE',
    'AWS_ROLE_SESSION_NAME',
    'AWS_REGION',
    'AWS_DEFAULT_REGION',
    'AWS_SDK_LOAD_CONFIG',
    'AWS_ACCOUNT_ID',
    'AWS_PAGER',
  ];
  const secret = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN'];
  const beside = ['AWS_SECURITY_TOKEN', 'AWS_CREDENTIAL_EXPIRATION'];

  test('only restorable variables are stored', () => {
    const all = Object.fromEntries([...open, ...secret, ...beside, 'PATH'].map((name) => [name, `original ${name}`]));
    expect(restorableVariablesIn(all)).toEqual(Object.fromEntries(open.map((name) => [name, `original ${name}`])));
    expect(restorableVariablesIn({ AWS_REGION: '', AWS_PROFILE: undefined })).toEqual({ AWS_REGION: '' });
  });

  test('unsets everything that a login can set, except what it restores', () => {
    const { unset, exports, secrets } = makeRestoredEnvironment({ AWS_REGION: 'x' });
    expect({ exports, secrets }).toEqual({ exports: [['AWS_REGION', 'x']], secrets: [] });
    const others = [...open, ...secret, ...beside].filter((name) => name !== 'AWS_REGION');
    expect([...unset].sort()).toEqual(others.sort());
  });

  test('keys are never stored', () => {
    expect(Object.keys(restorableVariablesIn({ ...stale, AWS_SECURITY_TOKEN: 'stale' }))).not.toContain(
      'AWS_SECRET_ACCESS_KEY',
    );
    expect(JSON.stringify(restorableVariablesIn({ AWS_SECRET_ACCESS_KEY: 'k', AWS_SESSION_TOKEN: 't' }))).toBe('{}');
  });
});

describe('the PowerShell form (text only, not run)', () => {
  // Windows PowerShell 5.1 reads a script without a byte order mark as ANSI.
  test('has a byte order mark if needed, and sets keys', () => {
    const { webIdentity: _, ...rest } = identity;
    const lines = (configFile: string) =>
      makeEnvFile('powershell', makeJobEnvironment('static', { ...rest, webIdentity: undefined, configFile }));
    expect(lines('C:\\Users\\Jo\\config')).toMatch(/^Remove-Item/);
    expect(lines('C:\\Users\\Jö\\config')).toMatch(/^\ufeffRemove-Item/);
    expect(lines('x')).toContain(`\n$env:AWS_SESSION_TOKEN = '${keys.sessionToken}'\n`);
    expect(makeEnvFile('bash', makeJobEnvironment('profile', { ...identity, configFile: '/ö' }))).toMatch(/^unset /);
  });

  test('of a login', () => {
    expect(
      makeEnvFile('powershell', makeJobEnvironment('profile', { ...identity, profile: 'prod' })).split('\n'),
    ).toEqual([
      removal('AWS_CONFIG_FILE'),
      ...['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN', 'AWS_SECURITY_TOKEN'].map(removal),
      ...['AWS_CREDENTIAL_EXPIRATION', 'AWS_DEFAULT_PROFILE', ...identityNames.slice(0, 3)].map(removal),
      removal('AWS_ACCOUNT_ID'),
      "$env:AWS_PROFILE = 'prod'",
      "$env:AWS_REGION = 'eu-west-1'",
      "$env:AWS_DEFAULT_REGION = 'eu-west-1'",
      "$env:AWS_SDK_LOAD_CONFIG = '1'",
      "$env:AWS_PAGER = ''",
      '',
    ]);
  });
});

const removal = (name: string) => `Remove-Item -ErrorAction SilentlyContinue Env:${name}`;
const unsetting = (name: string) => `unset ${name}`;
