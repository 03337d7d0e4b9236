import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import { isIP, isIPv4 } from 'node:net';
import { createSecureContext, type SecureContext, type TlsOptions } from 'node:tls';
import {
  bitString,
  boolean,
  integer,
  nothing,
  objectIdentifier,
  octetString,
  sequence,
  setOf,
  tagged,
  utcTime,
  utf8String,
} from './der.ts';

/** A certificate and its private key, both PEM. */
export interface ServerCertificate {
  readonly cert: string;
  readonly key: string;
}

/** A certificate authority for one test run; no client trusts it by default. */
export interface CertificateAuthority {
  /** Its own certificate as PEM, for the file that `AWS_CA_BUNDLE` names. */
  readonly cert: string;
  /**
   * Issues a server certificate for host names (also wildcards) and IPv4 addresses, valid for a
   * day.
   */
  issue(hosts: readonly string[]): ServerCertificate;
}

interface Party {
  readonly name: string;
  readonly publicKey: KeyObject;
}

interface Signer extends Party {
  readonly privateKey: KeyObject;
}

const hour = 3_600_000;

function nameOf(party: Party): Buffer {
  return sequence(setOf(sequence(objectIdentifier('2.5.4.3'), utf8String(party.name))));
}

function subjectPublicKeyInfo(party: Party): Buffer {
  return party.publicKey.export({ type: 'spki', format: 'der' });
}

function keyIdentifier(party: Party): Buffer {
  return createHash('sha1').update(subjectPublicKeyInfo(party)).digest();
}

function signatureAlgorithm(signer: Signer): Buffer {
  return signer.privateKey.asymmetricKeyType === 'ec'
    ? sequence(objectIdentifier('1.2.840.10045.4.3.2'))
    : sequence(objectIdentifier('1.2.840.113549.1.1.11'), nothing());
}

function extension(identifier: string, critical: boolean, value: Buffer): Buffer {
  return sequence(objectIdentifier(identifier), ...(critical ? [boolean(true)] : []), octetString(value));
}

function identifiersOf(subject: Party, signer: Signer): readonly Buffer[] {
  return [
    extension('2.5.29.14', false, octetString(keyIdentifier(subject))),
    extension('2.5.29.35', false, sequence(tagged(0, keyIdentifier(signer), 'implicit'))),
  ];
}

function authorityExtensions(subject: Signer): readonly Buffer[] {
  return [
    extension('2.5.29.19', true, sequence(boolean(true))),
    // keyCertSign and cRLSign: bits 5 and 6.
    extension('2.5.29.15', true, bitString(Buffer.from([0b0000_0110]), 1)),
    ...identifiersOf(subject, subject),
  ];
}

function alternativeName(host: string): Buffer {
  if (!isIP(host)) return tagged(2, Buffer.from(host), 'implicit');
  if (!isIPv4(host)) throw new Error(`no certificate for an IPv6 address: ${host}`);
  return tagged(7, Buffer.from(host.split('.').map(Number)), 'implicit');
}

function serverExtensions(subject: Party, signer: Signer, hosts: readonly string[]): readonly Buffer[] {
  return [
    extension('2.5.29.19', true, sequence()),
    // digitalSignature: bit 0.
    extension('2.5.29.15', true, bitString(Buffer.from([0b1000_0000]), 7)),
    extension('2.5.29.37', false, sequence(objectIdentifier('1.3.6.1.5.5.7.3.1'))),
    extension('2.5.29.17', false, sequence(...hosts.map(alternativeName))),
    ...identifiersOf(subject, signer),
  ];
}

/** X.509 v3, DER: https://www.rfc-editor.org/rfc/rfc5280#section-4.1 */
function makeCertificate(subject: Party, signer: Signer, extensions: readonly Buffer[]): Buffer {
  const serial = Buffer.concat([Buffer.from([1]), randomBytes(15)]);
  const tbs = sequence(
    tagged(0, integer(Buffer.from([2])), 'explicit'),
    integer(serial),
    signatureAlgorithm(signer),
    nameOf(signer),
    sequence(utcTime(new Date(Date.now() - hour)), utcTime(new Date(Date.now() + 24 * hour))),
    nameOf(subject),
    subjectPublicKeyInfo(subject),
    tagged(3, sequence(...extensions), 'explicit'),
  );
  return sequence(tbs, signatureAlgorithm(signer), bitString(sign('sha256', tbs, signer.privateKey)));
}

function toPem(der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}

export function makeCertificateAuthority(name: string): CertificateAuthority {
  const authority: Signer = { name, ...generateKeyPairSync('ec', { namedCurve: 'P-256' }) };
  return {
    cert: toPem(makeCertificate(authority, authority, authorityExtensions(authority))),
    issue: (hosts) => {
      const server: Signer = { name: hosts[0] ?? 'server', ...generateKeyPairSync('ec', { namedCurve: 'P-256' }) };
      return {
        cert: toPem(makeCertificate(server, authority, serverExtensions(server, authority, hosts))),
        key: server.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
      };
    },
  };
}

/**
 * Returns TLS options for a server that accepts any host: for a name in the client's hello, it
 * issues a certificate on the spot.
 */
export function makeTlsOptions(authority: CertificateAuthority): TlsOptions {
  const contexts = new Map<string, SecureContext>();
  return {
    ...authority.issue(['localhost', '127.0.0.1']),
    SNICallback: (host, done) => {
      const context = contexts.get(host) ?? createSecureContext({ ...authority.issue([host]) });
      contexts.set(host, context);
      done(null, context);
    },
  };
}

/** Returns a self-signed certificate as DER, for an issuer's `x5c`. */
export function makeSelfSigned(signer: Signer): Buffer {
  return makeCertificate(signer, signer, authorityExtensions(signer));
}
