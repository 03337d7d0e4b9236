import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Failure } from '../failure.ts';
import type { CaBundleProblem } from '../failures/file.ts';
import type { NetworkFault } from '../world/sts.ts';
import type { Environment } from '../world/world.ts';
import { systemCodeOf } from './system-error.ts';

/** Variables that name a CA file: one replaces Node's built-in roots, the other adds to them. */
type CaVariable = 'AWS_CA_BUNDLE' | 'NODE_EXTRA_CA_CERTS';

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

function contentOf(variable: CaVariable, path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    const problem = { code: systemCodeOf(error) ?? 'unknown' };
    throw new Failure({ kind: 'ca-bundle-unusable', variable, path, problem });
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
