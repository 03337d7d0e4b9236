import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The releases' address; no other file names it. */
export const releases: { readonly baseUrl: string } = JSON.parse(
  readFileSync(join(import.meta.dirname, '..', '..', 'package.json'), 'utf8'),
).config;

/** The release data that is stamped into an installer. */
export interface StampedRelease {
  readonly version: string;
  /**
   * Release files are at `<base>/v<version>/<file>`, the newest installer at `<base>/install.sh`.
   * No trailing slash.
   */
  readonly baseUrl: string;
  /** SHA-256 in hex by file name: each executable, its archive (`.gz`), and the slim script. */
  readonly sums: Readonly<Record<string, string>>;
}

export function readInstallerTemplate(): string {
  return readFileSync(join(import.meta.dirname, 'install.sh'), 'utf8');
}

/**
 * Returns the installer for a release. Throws if a value is unsafe in a shell, or if the template
 * lacks a placeholder.
 */
export function stampInstaller(template: string, { version, baseUrl, sums }: StampedRelease): string {
  const lines = Object.entries(sums).map(([name, sum]) => `${sum}  ${name}`);
  const stamped = [
    ['@VERSION@', version, /^\d+\.\d+\.\d+[\w.+-]*$/],
    ['@BASE_URL@', baseUrl, /^https:\/\/[\w.:/-]*[\w]$/],
    ['@SUMS@', lines.join('\n'), /^[0-9a-f]{64} {2}[\w.-]+(\n[0-9a-f]{64} {2}[\w.-]+)*$/],
  ] as const;
  return stamped.reduce((text, [placeholder, value, safe]) => {
    if (!safe.test(value)) throw new Error(`${placeholder} of the installer cannot be ${JSON.stringify(value)}`);
    if (!text.includes(`'${placeholder}'`)) throw new Error(`The installer has no ${placeholder}`);
    return text.replaceAll(placeholder, value);
  }, template);
}

/** Returns the checksums of these files in a directory, for the installer to check. */
export function installerSums(directory: string, names: readonly string[]): Readonly<Record<string, string>> {
  const sumOf = (name: string) =>
    createHash('sha256')
      .update(readFileSync(join(directory, name)))
      .digest('hex');
  return Object.fromEntries(names.map((name) => [name, sumOf(name)]));
}
