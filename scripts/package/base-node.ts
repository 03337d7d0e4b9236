import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { project } from '../build/bundle.ts';
import type { ReleasePlatform } from './platforms.ts';
import { isCommand } from './runner.ts';

/** A platform's Node, as published and as the program is put into it. */
export interface BaseNode {
  readonly directory: string;
  readonly original: string;
  /** Without symbols, or without the signature that the injection would break. */
  readonly prepared: string;
}

/**
 * Downloads a platform's Node from npm unless it is there, and prepares it. Throws if a tool is
 * missing or the checksum differs from the pinned one, also for an existing file.
 */
export function baseNodeOf(platform: ReleasePlatform, directory: string): BaseNode {
  mkdirSync(directory, { recursive: true });
  const { node: version } = project.devDependencies;
  const archive = join(directory, `${platform.nodePackage}-${version}.tgz`);
  if (!existsSync(archive)) {
    const wanted = `${platform.nodePackage}@${version}`;
    execFileSync('npm', ['pack', '--silent', '--prefer-offline', '--pack-destination', directory, wanted], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
  }
  checkPinned(archive, platform.integrity);
  const unpacked = join(directory, platform.nodePackage);
  mkdirSync(unpacked, { recursive: true });
  execFileSync('tar', ['-xzf', archive, '-C', unpacked, '--strip-components=1']);
  const original = join(unpacked, platform.nodePath);
  const prepared = join(unpacked, 'prepared');
  prepare(platform, original, `${prepared}.new`);
  renameSync(`${prepared}.new`, prepared);
  return { directory: unpacked, original, prepared };
}

function checkPinned(archive: string, integrity: string): void {
  const sum = `sha512-${createHash('sha512').update(readFileSync(archive)).digest('base64')}`;
  if (sum !== integrity)
    throw new Error(`${archive} is ${sum}, not the pinned ${integrity}: remove it, and find out why`);
}

function prepare({ os }: ReleasePlatform, original: string, prepared: string): void {
  if (os === 'linux') run('llvm-strip', ['-o', prepared, original], 'llvm');
  else if (os === 'win') run('osslsigncode', ['remove-signature', '-in', original, '-out', prepared], 'osslsigncode');
  else copyFileSync(original, prepared);
}

function run(command: string, args: readonly string[], debianPackage: string): void {
  if (!isCommand(command)) throw new Error(`${command} is missing; Debian's package is ${debianPackage}`);
  execFileSync(command, args, { stdio: ['ignore', 'ignore', 'inherit'] });
}
