import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { signatureFile, sumsFile } from './contents.ts';

/** What the signature is good for, so that it cannot be taken for one of something else. https://man.openbsd.org/ssh-keygen#Y */
const namespace = 'sem-aws-login';
/** Who signs, as the list of signers names them. */
const signer = 'release@sem-aws-login';

/** Signs the sums of a release with an OpenSSH private key, beside them. */
export function signSums(directory: string, key: string): void {
  // ssh-keygen asks before it writes over an older one.
  rmSync(join(directory, signatureFile), { force: true });
  execFileSync('ssh-keygen', ['-Y', 'sign', '-q', '-f', key, '-n', namespace, join(directory, sumsFile)], {
    stdio: 'pipe',
  });
}

/**
 * Throws unless the sums were signed by one of those whom a file lists, in the form of OpenSSH's `allowed_signers`, under the name
 * `release@sem-aws-login`.
 */
export function verifySums(directory: string, signers: string): void {
  const options = ['-f', signers, '-I', signer, '-n', namespace, '-s', join(directory, signatureFile)];
  execFileSync('ssh-keygen', ['-Y', 'verify', '-q', ...options], {
    input: readFileSync(join(directory, sumsFile)),
    stdio: 'pipe',
  });
}
