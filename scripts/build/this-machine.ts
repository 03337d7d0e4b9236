import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ScriptFiles, writeScripts } from './assets.ts';
import { type Bundle, bundleAssetScripts, bundleExecutableMain, bundleSlimScript, project, root } from './bundle.ts';
import { hostPlatform, makeExecutable } from './executable.ts';

const dist = join(root, 'dist');
const workDirectory = join(dist, 'build');
const executable = join(dist, process.platform === 'win32' ? 'sem-aws-login.exe' : 'sem-aws-login');
const slimScript = join(dist, 'sem-aws-login.cjs');

/**
 * Builds `dist/sem-aws-login` and `dist/sem-aws-login.cjs` and runs both. Skips the executable if
 * its inputs have not changed.
 */
export async function buildForThisMachine(): Promise<void> {
  const [slim, main, assets] = await Promise.all([bundleSlimScript(), bundleExecutableMain(), bundleAssetScripts()]);
  mkdirSync(workDirectory, { recursive: true });
  writeFileSync(slimScript, slim.text, { mode: 0o755 });
  const stamp = stampOf([main, ...Object.values(assets)]);
  const stampFile = join(workDirectory, 'stamp');
  const fresh = existsSync(executable) && existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp;
  if (!fresh) {
    rmSync(stampFile, { force: true });
    const node = { command: [process.execPath], environment: {} };
    await makeFrom(writeScripts(main, assets, workDirectory, node));
    writeFileSync(stampFile, stamp);
  }
  expectVersion(process.execPath, [slimScript]);
  report(executable, fresh ? 'unchanged' : 'made');
  report(slimScript, 'made');
}

async function makeFrom(scripts: ScriptFiles): Promise<void> {
  const output = join(workDirectory, 'executable');
  await makeExecutable({ platform: hostPlatform(), node: process.execPath, ...scripts, output, workDirectory });
  expectVersion(output, []);
  // A running executable cannot be overwritten, but it can be replaced.
  renameSync(output, executable);
}

/** Returns a hash of everything the executable depends on: scripts, this build's code, and Node. */
function stampOf(scripts: readonly Bundle[]): string {
  const hash = createHash('sha256');
  const own = readdirSync(import.meta.dirname).map((name) => readFileSync(join(import.meta.dirname, name), 'utf8'));
  const { size, mtimeMs } = statSync(process.execPath);
  const texts = scripts.map((script) => script.text);
  for (const part of [...texts, ...own, process.version, `${size} ${mtimeMs}`]) hash.update(part).update('\0');
  return hash.digest('hex');
}

/** A failed injection leaves a bare Node, so only the program's own answer proves success. */
function expectVersion(command: string, args: readonly string[]): void {
  const expected = `sem-aws-login ${project.version}`;
  const output = execFileSync(command, [...args, '--version'], { encoding: 'utf8' }).trim();
  if (output !== expected) throw new Error(`${[command, ...args].join(' ')} --version says ${output}, not ${expected}`);
}

function report(path: string, what: string): void {
  const { size } = statSync(path);
  const text = size >= 1e6 ? `${(size / 1e6).toFixed(1)} MB` : `${(size / 1e3).toFixed(1)} kB`;
  console.log(`${what}: ${path.slice(root.length + 1)} (${text})`);
}
