import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { readInstallerTemplate, stampInstaller } from '../../scripts/install/stamp.ts';
import { obstaclesTo, uploadsOf } from '../../scripts/release/plan.ts';
import { type Publication, release } from '../../scripts/release/publication.ts';
import { signSums, verifySums } from '../../scripts/release/signature.ts';
import { textOf } from '../install/sample-release.ts';
import { describeWith } from '../needed-programs.ts';

const describeSigned = describeWith('releases', ['ssh-keygen']);

const installerOf = (baseUrl: string, version = '1.2.3') =>
  stampInstaller(readInstallerTemplate(), { version, baseUrl, sums: { 'sem-aws-login.cjs': 'a'.repeat(64) } });
const facts = {
  version: '1.2.3',
  tag: 'v1.2.3',
  changelog: '# Changelog\n\n## 1.2.3 - 2026-01-01\n\n- News\n',
  installer: installerOf('https://releases.test/of/it'),
  files: ['install.sh', 'sem-aws-login.cjs'],
};

/**
 * Creates a release, a key, and an `aws` that logs its arguments and exits with this code for `ls`.
 */
function prepare(lsExitCode: number) {
  const directory = mkdtempSync(join(tmpdir(), 'release-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const files = join(directory, 'release');
  const bin = join(directory, 'bin');
  const log = join(directory, 'log');
  const key = join(directory, 'key');
  for (const path of [files, bin]) mkdirSync(path);
  const contents = { 'install.sh': facts.installer, 'sem-aws-login.cjs': 'console.log(1)\n' };
  const sums = Object.entries(contents).map(([name, content]) => {
    writeFileSync(join(files, name), content);
    return `${createHash('sha256').update(content).digest('hex')}  ${name}\n`;
  });
  writeFileSync(join(files, 'SHA256SUMS'), sums.join(''));
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', key]);
  const signers = join(directory, 'signers');
  writeFileSync(signers, `release@sem-aws-login ${readFileSync(`${key}.pub`, 'utf8')}`);
  const aws = `#!/bin/sh\necho "$@" >>'${log}'\nif [ $2 = ls ]; then exit ${lsExitCode}; fi\n`;
  writeFileSync(join(bin, 'aws'), aws, { mode: 0o755 });
  const said: string[] = [];
  const publication: Publication = {
    ...facts,
    directory: files,
    key,
    signers,
    store: 's3://bucket/of/it',
    publish: true,
    environment: { PATH: `${bin}:/usr/bin:/bin` },
    say: (line) => said.push(line),
  };
  return { publication, said, asked: () => textOf(log).split('\n').filter(Boolean) };
}
const nothingThere = 1;

describeSigned('a release', () => {
  it('is signed and published, the newest installer last', () => {
    const { publication, asked } = prepare(nothingThere);
    expect(release(publication)).toBe(true);
    const copy = (file: string, to: string) =>
      `s3 cp --no-progress ${publication.directory}/${file} s3://bucket/of/it/${to}`;
    expect(asked()).toEqual([
      's3 ls s3://bucket/of/it/v1.2.3/',
      copy('install.sh', 'v1.2.3/install.sh'),
      copy('sem-aws-login.cjs', 'v1.2.3/sem-aws-login.cjs'),
      copy('SHA256SUMS', 'v1.2.3/SHA256SUMS'),
      copy('SHA256SUMS.sig', 'v1.2.3/SHA256SUMS.sig'),
      copy('install.sh', 'install.sh'),
    ]);
  });

  it('is only reported without --publish', () => {
    const { publication, said, asked } = prepare(nothingThere);
    expect(release({ ...publication, publish: false })).toBe(true);
    expect(asked()).toEqual([]);
    expect(said).toEqual([
      'Signed, and verified',
      'Would be published: install.sh → s3://bucket/of/it/v1.2.3/install.sh',
      'Would be published: sem-aws-login.cjs → s3://bucket/of/it/v1.2.3/sem-aws-login.cjs',
      'Would be published: SHA256SUMS → s3://bucket/of/it/v1.2.3/SHA256SUMS',
      'Would be published: SHA256SUMS.sig → s3://bucket/of/it/v1.2.3/SHA256SUMS.sig',
      'Would be published: install.sh → s3://bucket/of/it/install.sh',
    ]);
  });

  it('does not replace a published release', () => {
    const { publication, said, asked } = prepare(0);
    expect(release(publication)).toBe(false);
    expect(said.at(-1)).toBe('Not published: s3://bucket/of/it/v1.2.3/ is there already.');
    expect(asked()).toHaveLength(1);
  });

  it('is not published if the store cannot be listed', () => {
    const { publication, asked } = prepare(254);
    expect(() => release(publication)).toThrow();
    expect(asked()).toHaveLength(1);
  });

  it.for([
    ['no key', { key: undefined }, 'There is no RELEASE_SIGNING_KEY.'],
    ['no store', { store: undefined }, 'There is no RELEASE_STORE.'],
    ['no list of signers', { signers: '/none' }, 'There is no /none, which names those who may sign.'],
  ] as const)('is not published with %s', ([, missing, obstacle]) => {
    const { publication, said, asked } = prepare(nothingThere);
    expect(release({ ...publication, ...missing })).toBe(false);
    expect(said).toContain(`Not published: ${obstacle}`);
    expect(asked().filter((line) => line.startsWith('s3 cp'))).toEqual([]);
  });

  it.for([
    ['a changed file', (at: string) => writeFileSync(join(at, 'sem-aws-login.cjs'), 'x'), /has the sum/],
    ['an extra file', (at: string) => writeFileSync(join(at, 'more'), 'x'), /does not name more/],
    ['a missing file', (at: string) => rmSync(join(at, 'sem-aws-login.cjs')), /is not there/],
    ['an invalid line in the checksums', (at: string) => writeFileSync(join(at, 'SHA256SUMS'), 'x  ../y\n'), /no sum/],
  ] as const)('is rejected with %s', ([, spoil, message]) => {
    const { publication, asked } = prepare(nothingThere);
    spoil(publication.directory);
    expect(() => release(publication)).toThrow(message);
    expect(asked()).toEqual([]);
  });
});

describeSigned('the signature', () => {
  it('is valid only for these checksums, this purpose and this key', () => {
    const { publication } = prepare(nothingThere);
    const { directory, key, signers } = publication;
    if (key === undefined) throw new Error('A key was to be made');
    signSums(directory, key);
    expect(() => verifySums(directory, signers)).not.toThrow();
    // The command in the documentation.
    const check = `ssh-keygen -Y verify -f '${signers}' -I release@sem-aws-login -n sem-aws-login -s SHA256SUMS.sig <SHA256SUMS`;
    expect(execFileSync('sh', ['-c', check], { cwd: directory, encoding: 'utf8' })).toContain(
      'Good "sem-aws-login" signature',
    );
    expect(textOf(join(import.meta.dirname, '../../docs/install.md'))).toContain(
      'ssh-keygen -Y verify -f release-signers -I release@sem-aws-login -n sem-aws-login -s SHA256SUMS.sig <SHA256SUMS',
    );

    const sums = join(directory, 'SHA256SUMS');
    const honest = readFileSync(sums, 'utf8');
    writeFileSync(sums, `${honest}${'b'.repeat(64)}  more\n`);
    expect(() => verifySums(directory, signers)).toThrow();
    writeFileSync(sums, honest);

    const { publication: another } = prepare(nothingThere);
    expect(() => verifySums(directory, another.signers)).toThrow();

    rmSync(`${sums}.sig`);
    execFileSync('ssh-keygen', ['-Y', 'sign', '-q', '-f', key, '-n', 'file', sums], { stdio: 'pipe' });
    expect(() => verifySums(directory, signers)).toThrow();
  });
});

describeSigned('reasons not to publish', () => {
  it.for([
    ['nothing', {}, []],
    ['no tag', { tag: undefined }, ['The tag is none, not v1.2.3, the version in package.json.']],
    ['another tag', { tag: 'v1.2.4' }, ['The tag is v1.2.4, not v1.2.3, the version in package.json.']],
    ['no changelog entry', { changelog: '## 1.2.30\n' }, ['CHANGELOG.md has no heading "## 1.2.3".']],
    ['no installer', { installer: '' }, ['The release has no install.sh of version 1.2.3: run npm run package.']],
    [
      'the installer of another version',
      { installer: installerOf('https://releases.test', '1.2.2') },
      ['The release has no install.sh of version 1.2.3: run npm run package.'],
    ],
    [
      'a placeholder address',
      { installer: installerOf('https://any.example/releases') },
      ['https://any.example/releases is a placeholder: nobody could install from it.'],
    ],
  ] as const)('%s', ([, changes, expected]) => {
    expect(obstaclesTo({ ...facts, ...changes })).toEqual(expected);
  });

  it('a pre-release does not become the newest', () => {
    const addresses = uploadsOf({ ...facts, version: '1.2.3-rc.1' }, 's3://b').map(({ address }) => address);
    expect(addresses).toContain('s3://b/v1.2.3-rc.1/install.sh');
    expect(addresses).not.toContain('s3://b/install.sh');
  });
});
