import { Failure } from '../failure.ts';
import type { GivenValue } from './given-value.ts';

/** The issuer of a Semaphore organization's tokens. */
export interface Issuer {
  /** `https://` and the host, nothing after it: the token's `iss`, letter for letter. */
  readonly url: string;
  /** As IAM names the provider and its condition keys. */
  readonly host: string;
  /** The organization's name: the first label of the host. */
  readonly organization: string;
}

const label = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?';
const hostShape = new RegExp(`^${label}(?:\\.${label})+$`);
const labelShape = new RegExp(`^${label}$`);

/** Takes the organization's URL; IAM compares it letter for letter, so nothing is mended. Throws `value-invalid`. */
export function parseIssuer(given: GivenValue): Issuer {
  const { value } = given;
  const refuse = (problem: string, remedy: string): never => {
    throw new Failure({ kind: 'value-invalid', ...given, problem, remedy });
  };
  const usual = "give the organization's URL: https://acme.semaphoreci.com";
  if (!value.startsWith('https://')) return refuse('an issuer begins with "https://"', usual);
  const host = value.slice('https://'.length);
  if (host.endsWith('/'))
    return refuse('it ends with a slash, and no token has one there', `give it without: ${value.replace(/[/]+$/, '')}`);
  if (/[A-Z]/.test(host)) return refuse('it has capital letters, and no token has any there', usual);
  if (/[/?#@]/.test(host)) return refuse('it holds more than the host', usual);
  // https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateOpenIDConnectProvider.html
  if (host.includes(':')) return refuse('it has a port, which IAM does not take', usual);
  if (!hostShape.test(host) || value.length > 255) return refuse('no host can have this name', usual);
  return { url: value, host, organization: host.slice(0, host.indexOf('.')) };
}

/** Takes the name of an organization on Semaphore's cloud. Throws `value-invalid`. */
export function parseOrganization(given: GivenValue): Issuer {
  const { value } = given;
  if (labelShape.test(value))
    return { url: `https://${value}.semaphoreci.com`, host: `${value}.semaphoreci.com`, organization: value };
  throw new Failure({
    kind: 'value-invalid',
    ...given,
    problem: "it is not an organization's name as it stands in its URL",
    remedy: 'give the part before ".semaphoreci.com", or the whole URL with --issuer (Enterprise Edition)',
  });
}
