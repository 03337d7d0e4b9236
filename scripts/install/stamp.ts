import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What package.json says of releases: the one place that names their address. */
export const releases: { readonly baseUrl: string } = JSON.parse(
  readFileSync(join(import.meta.dirname, '..', '..', 'package.json'), 'utf8'),
).config;

/** What an installer knows of its release. */
export interface StampedRelease {
  readonly version: string;
  /** Where releases are published: `<base>/v<version>/<file>`, and the newest installer at `<base>/install.sh`. No slash at the end. */
  readonly baseUrl: string;
  /** SHA-256 in hex, by the name of the file: of each executable, of its archive (`.gz`), and of the slim script. */
  readonly sums: Readonly<Record<string, string>>;
}

/** The template beside this file. */
export function readInstallerTemplate(): string {
  return readFileSync(join(import.meta.dirname, 'install.sh'), 'utf8');
}

/**
 * Writes a release into the installer's template. Throws where a value could mean something to a shell, or where the template
 * lacks a place for it.
 */
export function stampInstaller(template: string, { version, baseUrl, sums }: StampedRelease): string {
  const lines = Object.entries(sums).map(([name, sum]) => `${sum}  ${name}`);
  const stamped = [
    ['@VERSION@', version, /^\d+\.\d+\.\d+[\w.+-]*$/],
    ['@BASE_URL@', baseUrl, /^https:\/\/[\w.:/-]*[\w]$/],
    ['@SUMS@', lines.join('\n'), /^[0-9a-f]{64} {2}[\w.-]+(\n[0-9a-f]{64} {2}[\w.-]+)*$/],
  ] as const;
  return stamped.reduce((text, [place, value, safe]) => {
    if (!safe.test(value)) throw new Error(`${place} of the installer cannot be ${JSON.stringify(value)}`);
    if (!text.includes(`'${place}'`)) throw new Error(`The installer has no ${place}`);
    return text.replaceAll(place, value);
  }, template);
}

/** The sums of a release that its installer checks, from the directory that holds the files. */
export function installerSums(directory: string, names: readonly string[]): Readonly<Record<string, string>> {
  const sumOf = (name: string) =>
    createHash('sha256')
      .update(readFileSync(join(directory, name)))
      .digest('hex');
  return Object.fromEntries(names.map((name) => [name, sumOf(name)]));
}
