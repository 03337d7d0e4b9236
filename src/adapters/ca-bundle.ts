import { X509Certificate } from 'node:crypto';
import { closeSync, constants, fstatSync, openSync, readFileSync, statSync } from 'node:fs';
import { Failure } from '../failure.ts';
import type { CaBundleProblem } from '../failures/file.ts';
import type { NetworkFault } from '../world/sts.ts';
import type { Environment } from '../world/world.ts';
import { systemCodeOf } from './system-error.ts';

/** One variable replaces Node's built-in roots, the other adds to them. */
type CaVariable = 'AWS_CA_BUNDLE' | 'NODE_EXTRA_CA_CERTS';

/** In bytes. Linux distributions have the largest files in use: 250 kB. */
const largestBundle = 8_000_000;

/**
 * Reads the PEM file that a variable names; undefined if it is unset. Throws `ca-bundle-unusable`
 * if the first certificate is invalid: Node silently stops reading there, and would trust nothing.
 */
export function readCaBundle(environment: Environment, variable: CaVariable): string | undefined {
  const path = environment[variable];
  if (path === undefined || path === '') return undefined;
  const content = contentOf(variable, path);
  const problem = problemOf(content);
  if (problem !== undefined) throw new Failure({ kind: 'ca-bundle-unusable', variable, path, problem });
  return content.toString('latin1');
}

/**
 * Throws `ca-bundle-unusable` if a certificate was not trusted and the file of
 * `NODE_EXTRA_CA_CERTS` is invalid. Checked only then: many images set that variable for a file
 * that no request needs.
 */
export function checkExtraRoots(environment: Environment, fault: NetworkFault): void {
  if (/^(UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_)/.test(fault.code ?? '') && !environment['AWS_CA_BUNDLE'])
    readCaBundle(environment, 'NODE_EXTRA_CA_CERTS');
}

/**
 * Throws `ca-bundle-unusable` if `NODE_EXTRA_CA_CERTS` is a named pipe or a device. Node reads that
 * file in its first TLS connection, and would wait there for ever, even for a signal.
 */
export function rejectExtraRootsThatBlock(environment: Environment): void {
  const variable = 'NODE_EXTRA_CA_CERTS';
  const path = environment[variable];
  if (path === undefined || path === '' || path === '/dev/null') return;
  if (!isPipeOrDevice(path)) return;
  throw new Failure({ kind: 'ca-bundle-unusable', variable, path, problem: 'not-a-file' });
}

function isPipeOrDevice(path: string): boolean {
  try {
    const stats = statSync(path);
    return !stats.isFile() && !stats.isDirectory();
  } catch {
    return false;
  }
}

function contentOf(variable: CaVariable, path: string): Buffer {
  const fail = (problem: CaBundleProblem) => new Failure({ kind: 'ca-bundle-unusable', variable, path, problem });
  try {
    // Opening a named pipe would wait for a writer. Windows has no such flag.
    const descriptor = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    try {
      const stats = fstatSync(descriptor);
      if (!stats.isFile() && !stats.isDirectory()) throw fail('not-a-file');
      if (stats.size > largestBundle) throw fail('too-large');
      return readFileSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    if (error instanceof Failure) throw error;
    throw fail({ code: systemCodeOf(error) ?? 'unknown' });
  }
}

function problemOf(content: Buffer): CaBundleProblem | undefined {
  if (content.length === 0) return 'empty';
  const isPem = /-----BEGIN (?:TRUSTED |X509 )?CERTIFICATE-----/.test(content.toString('latin1'));
  if (isCertificate(content)) return isPem ? undefined : 'der';
  return isPem ? 'damaged' : 'no-certificate';
}

function isCertificate(content: Buffer): boolean {
  try {
    return new X509Certificate(content).raw.length > 0;
  } catch {
    return false;
  }
}
