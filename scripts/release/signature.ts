import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { signatureFile, sumsFile } from './contents.ts';

/**
 * The purpose of the signature, so that it is not valid for anything else.
 * https://man.openbsd.org/ssh-keygen#Y
 */
const namespace = 'sem-aws-login';
/** The signer's name in the list of signers. */
const signer = 'release@sem-aws-login';

/**
 * Signs the checksums of a release with an OpenSSH private key and writes the signature beside
 * them.
 */
export function signSums(directory: string, key: string): void {
  // ssh-keygen would ask before it overwrites a file.
  rmSync(join(directory, signatureFile), { force: true });
  execFileSync('ssh-keygen', ['-Y', 'sign', '-q', '-f', key, '-n', namespace, join(directory, sumsFile)], {
    stdio: 'pipe',
  });
}

/**
 * Throws unless `release@sem-aws-login` signed the checksums with a key in the list of signers, a
 * file in OpenSSH's `allowed_signers` format.
 */
export function verifySums(directory: string, signers: string): void {
  const options = ['-f', signers, '-I', signer, '-n', namespace, '-s', join(directory, signatureFile)];
  execFileSync('ssh-keygen', ['-Y', 'verify', '-q', ...options], {
    input: readFileSync(join(directory, sumsFile)),
    stdio: 'pipe',
  });
}
