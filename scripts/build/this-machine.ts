import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Bundle, bundleAssetScripts, bundleExecutableMain, bundleSlimScript, project, root } from './bundle.ts';
import { hostPlatform, makeExecutable } from './executable.ts';

const dist = join(root, 'dist');
const workDirectory = join(dist, 'build');
const executable = join(dist, process.platform === 'win32' ? 'sem-aws-login.exe' : 'sem-aws-login');
const slimScript = join(dist, 'sem-aws-login.cjs');

/** Makes `dist/sem-aws-login` and `dist/sem-aws-login.cjs`, and runs both; makes nothing anew from what has not changed. */
export async function buildForThisMachine(): Promise<void> {
  const [slim, main, assets] = await Promise.all([bundleSlimScript(), bundleExecutableMain(), bundleAssetScripts()]);
  mkdirSync(workDirectory, { recursive: true });
  writeFileSync(slimScript, slim.text, { mode: 0o755 });
  const scripts = { main, ...assets };
  const stamp = stampOf(Object.values(scripts));
  const stampFile = join(workDirectory, 'stamp');
  const fresh = existsSync(executable) && existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp;
  if (!fresh) {
    rmSync(stampFile, { force: true });
    for (const [name, { text }] of Object.entries(scripts)) writeFileSync(join(workDirectory, `${name}.cjs`), text);
    await makeFrom(Object.keys(assets));
    writeFileSync(stampFile, stamp);
  }
  expectVersion(process.execPath, [slimScript]);
  report(executable, fresh ? 'unchanged' : 'made');
  report(slimScript, 'made');
}

async function makeFrom(assetScripts: readonly string[]): Promise<void> {
  const path = (name: string) => join(workDirectory, name);
  warmCaches();
  const assets = assetScripts.flatMap((name) => [`${name}.cjs`, `${name}.cache`]);
  await makeExecutable({
    platform: hostPlatform(),
    node: process.execPath,
    main: path('main.cjs'),
    assets: Object.fromEntries(assets.map((name) => [name, path(name)])),
    output: path('executable'),
    workDirectory,
  });
  expectVersion(path('executable'), []);
  // A running one cannot be written to, but replaced.
  renameSync(path('executable'), executable);
}

/** In an environment of nothing, so that whoever builds gets the same caches. */
function warmCaches(): void {
  const args = [join(import.meta.dirname, 'warm-caches.ts'), workDirectory];
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8', env: {} });
  if (status !== 0) throw new Error(`The program failed while its caches were made:\n${stderr}`);
}

/** What the executable depends on: the scripts, this build's own code and Node. */
function stampOf(scripts: readonly Bundle[]): string {
  const hash = createHash('sha256');
  const own = readdirSync(import.meta.dirname).map((name) => readFileSync(join(import.meta.dirname, name), 'utf8'));
  const { size, mtimeMs } = statSync(process.execPath);
  const texts = scripts.map((script) => script.text);
  for (const part of [...texts, ...own, process.version, `${size} ${mtimeMs}`]) hash.update(part).update('\0');
  return hash.digest('hex');
}

/** An injection that failed leaves a bare Node behind: only the program itself gives this answer. */
function expectVersion(command: string, args: readonly string[]): void {
  const expected = `sem-aws-login ${project.version}`;
  const said = execFileSync(command, [...args, '--version'], { encoding: 'utf8' }).trim();
  if (said !== expected) throw new Error(`${[command, ...args].join(' ')} --version says ${said}, not ${expected}`);
}

function report(path: string, what: string): void {
  const { size } = statSync(path);
  const text = size >= 1e6 ? `${(size / 1e6).toFixed(1)} MB` : `${(size / 1e3).toFixed(1)} kB`;
  console.log(`${what}: ${path.slice(root.length + 1)} (${text})`);
}
