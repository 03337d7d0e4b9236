import { Failure } from '../failure.ts';
import type { GivenValue } from './given-value.ts';

/** Takes the SHA-1 of a certificate as 40 hexadecimal digits, colons or not; gives it as IAM writes it. Throws `value-invalid`. */
export function parseThumbprint(given: GivenValue): string {
  const digits = given.value.replaceAll(':', '').toLowerCase();
  if (/^[0-9a-f]{40}$/.test(digits)) return digits;
  throw new Failure({
    kind: 'value-invalid',
    ...given,
    problem: 'a thumbprint is the SHA-1 of a certificate, 40 hexadecimal digits',
    remedy: 'take it from: openssl x509 -in CA.pem -fingerprint -sha1 -noout',
  });
}
