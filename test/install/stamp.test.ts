import { execFileSync, spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { root } from '../../scripts/build/bundle.ts';
import { readInstallerTemplate, releases, stampInstaller } from '../../scripts/install/stamp.ts';
import { describeWith } from '../needed-programs.ts';
import { skipped } from '../skips.ts';
import { describeInstaller } from './describe-installer.ts';
import { isHere, makeMachine } from './installer-run.ts';

const template = readInstallerTemplate();
const good = {
  version: '1.2.3',
  baseUrl: 'https://releases.example/of/it',
  sums: { 'sem-aws-login-linux-x64': 'a'.repeat(64), 'sem-aws-login.cjs': 'b'.repeat(64) },
};

describeInstaller('stamping', () => {
  it('fills every placeholder of the template', () => {
    const stamped = stampInstaller(template, good);
    expect(stamped).toContain("stamped_version='1.2.3'\n");
    expect(stamped).toContain("base_url='https://releases.example/of/it'\n");
    expect(stamped).toContain(
      `stamped_sums='${'a'.repeat(64)}  sem-aws-login-linux-x64\n${'b'.repeat(64)}  sem-aws-login.cjs'\n`,
    );
    expect(stamped).not.toMatch(/@[A-Z_]+@/);
  });

  it.for([
    ['a version', { version: "1.2.3'; reboot; '" }],
    ['an invalid version', { version: '1.2' }],
    ['an address', { baseUrl: "https://releases.example/'$(reboot)'" }],
    ['an address without TLS', { baseUrl: 'http://releases.example' }],
    ['an address with a trailing slash', { baseUrl: 'https://releases.example/' }],
    ['a checksum', { sums: { file: 'A'.repeat(64) } }],
    ['the name of a file', { sums: { "'; reboot; '": 'a'.repeat(64) } }],
    ['no checksums', { sums: {} }],
  ] as const)('rejects %s that is unsafe in a shell or invalid for the installer', ([, wrong]) => {
    expect(() => stampInstaller(template, { ...good, ...wrong })).toThrow(/^@\w+@ of the installer cannot be /);
  });

  it('rejects a template without a placeholder', () => {
    expect(() => stampInstaller(template.replace("'@SUMS@'", "''"), good)).toThrow('The installer has no @SUMS@');
  });

  it('is required: the template fails with a message', async () => {
    const { exitCode, output } = await makeMachine().install({ installer: template });
    expect(output).toContain('sem-aws-login: This installer has no version in it\n');
    expect(exitCode).toBe(2);
  });
});

describeWith('the address of releases', ['git'])('the address of releases', () => {
  it('is a placeholder until there is a project site, and a release rejects it', () => {
    expect(releases.baseUrl).toBe('https://sem-aws-login.example/releases');
  });

  it('is set in package.json only, and shown in documents', () => {
    const owners = linesWith(releases.baseUrl).filter((line) => !/^([^:]*\.md|examples\/[^:]*):/.test(line));
    expect(owners.map((line) => line.split(':')[0])).toEqual(['package.json', 'test/install/stamp.test.ts']);
  });

  it('is the installer’s address in every document', () => {
    const lines = linesWith('/install.sh').filter((line) => /^(docs\/|examples\/|README)[^:]*:.*https:/.test(line));
    const address = new RegExp(`${releases.baseUrl.replaceAll('.', '\\.')}/(v\\d+\\.\\d+\\.\\d+/)?install\\.sh`);
    expect(lines.filter((line) => !address.test(line))).toEqual([]);
    expect(lines).not.toEqual([]);
  });
});

/** Returns `file:line` of every line in the repository with this text. */
function linesWith(text: string): readonly string[] {
  return execFileSync('git', ['grep', '--fixed-strings', text], { cwd: root, encoding: 'utf8' }).trim().split('\n');
}

describeWith('the installer, read by shellcheck', ['shellcheck'])('the script', () => {
  it('passes shellcheck', () => {
    const { stdout } = spawnSync('shellcheck', ['--shell=sh', 'scripts/install/install.sh'], {
      cwd: root,
      encoding: 'utf8',
    });
    expect(stdout).toBe('');
  });
  if (!isHere('shellcheck')) skipped('the installer by shellcheck', 'it is not installed');

  it('ends with the brace that makes a truncated script fail', () => {
    expect(template).toMatch(/\nmain "\$@" <\/dev\/null\nexit\n\}\n$/);
    const code = template.split('\n').findIndex((line) => line !== '' && !line.startsWith('#'));
    expect(template.split('\n')[code]).toMatch(/^\{/);
  });
});
