import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { writeScripts } from './build/assets.ts';
import {
  type Bundle,
  bundleAssetScripts,
  bundleExecutableMain,
  bundleSlimScript,
  project,
  root,
} from './build/bundle.ts';
import { makeExecutable } from './build/executable.ts';
import { installerSums, readInstallerTemplate, releases, stampInstaller } from './install/stamp.ts';
import { type BaseNode, baseNodeOf } from './package/base-node.ts';
import { makeBillOfMaterials } from './package/bill-of-materials.ts';
import { makeLicences } from './package/licences.ts';
import { signAdHoc, verifySignature } from './package/mach-o.ts';
import { fileNameOf, nameOf, type ReleasePlatform, releasePlatforms } from './package/platforms.ts';
import { outputOf, type Runner, runnerOf } from './package/runner.ts';

// npm run package: builds all files of a release in dist/release/, on one Linux machine, with tools
// from npm and Debian only.

const release = join(root, 'dist', 'release');
const workDirectory = join(root, 'dist', 'package');

const [slim, main, assets] = await Promise.all([bundleSlimScript(), bundleExecutableMain(), bundleAssetScripts()]);
rmSync(release, { recursive: true, force: true });
mkdirSync(release, { recursive: true });

const bases = new Map<string, BaseNode>();
for (const platform of releasePlatforms) {
  const base = baseNodeOf(platform, join(workDirectory, 'node'));
  bases.set(nameOf(platform), base);
  await makeFor(platform, base);
}
writeFileSync(join(release, 'sem-aws-login.cjs'), slim.text, { mode: 0o755 });
writeFileSync(join(release, 'sbom.cdx.json'), makeBillOfMaterials(releasePlatforms));
const bundles: readonly Bundle[] = [slim, main, ...Object.values(assets)];
const nodeDirectory = bases.get('linux-x64')?.directory ?? '';
writeFileSync(join(release, 'THIRD-PARTY-LICENCES.txt'), makeLicences(bundles, nodeDirectory));
await compressExecutables();
writeInstaller();
writeSums();

async function makeFor(platform: ReleasePlatform, base: BaseNode): Promise<void> {
  const name = nameOf(platform);
  const directory = join(workDirectory, name);
  const runner = runnerOf(platform, workDirectory);
  const node = runner && { command: [...runner.prefix, base.original], environment: runner.environment };
  const scripts = writeScripts(main, assets, directory, node);
  const output = join(release, fileNameOf(platform));
  await makeExecutable({ platform, node: base.prepared, ...scripts, output, workDirectory: directory });
  if (platform.os === 'darwin') sign(output);
  chmodSync(output, 0o755);
  if (runner !== undefined) expectVersion(output, runner);
  console.log(
    `made: ${fileNameOf(platform)}, ${runner === undefined ? 'not run here, without a code cache' : 'run here'}`,
  );
}

function sign(path: string): void {
  const signed = signAdHoc(readFileSync(path), 'sem-aws-login');
  const { wrongPages, uncovered } = verifySignature(signed);
  if (wrongPages > 0 || uncovered > 0) throw new Error(`The signature of ${path} is invalid`);
  writeFileSync(path, signed);
}

function expectVersion(path: string, runner: Runner): void {
  const output = outputOf(runner, path, ['--version']).trim();
  if (output !== `sem-aws-login ${project.version}`) throw new Error(`${path} --version says ${output}`);
}

async function compressExecutables(): Promise<void> {
  // gzip's result is 3 % smaller than that of Node's zlib. Without name and time it is
  // reproducible.
  const compress = promisify(execFile);
  const paths = releasePlatforms.map((platform) => join(release, fileNameOf(platform)));
  await Promise.all(paths.map((path) => compress('gzip', ['-9', '--no-name', '--keep', path])));
}

/**
 * The installer verifies an archive during its download, and an existing file by the file's own
 * sum.
 */
function writeInstaller(): void {
  const executables = releasePlatforms.map(fileNameOf);
  const names = [...executables.flatMap((name) => [name, `${name}.gz`]), 'sem-aws-login.cjs'];
  const sums = installerSums(release, names);
  const installer = stampInstaller(readInstallerTemplate(), {
    version: project.version,
    baseUrl: releases.baseUrl,
    sums,
  });
  writeFileSync(join(release, 'install.sh'), installer, { mode: 0o755 });
}

function writeSums(): void {
  const names = readdirSync(release).sort();
  const lines = names.map((name) => {
    const content = readFileSync(join(release, name));
    console.log(`${(content.length / 1e6).toFixed(1).padStart(6)} MB  ${name}`);
    return `${createHash('sha256').update(content).digest('hex')}  ${name}\n`;
  });
  writeFileSync(join(release, 'SHA256SUMS'), lines.join(''));
}
