/** Input of AssumeRoleWithWebIdentity. The adapter adds proxy and trusted certificates. */
export interface WebIdentityRequest extends SessionRequest {
  readonly token: string;
}

/** Input of AssumeRole, with the keys of the session that calls it. */
export interface ChainedRequest extends SessionRequest {
  readonly keys: SessionKeys;
}

export interface SessionRequest {
  readonly hop: RoleHop;
  readonly endpoint: StsEndpoint;
  /** Limit of this attempt, in milliseconds. */
  readonly timeout: number;
}

export interface StsEndpoint {
  readonly url: string;
  /** The region that requests are signed for; the partition's default if the user set none. */
  readonly signingRegion: string;
  /** Whether the host belongs to AWS. */
  readonly isAws: boolean;
}

/** Secret: written to private files only. */
export interface SessionKeys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  readonly expiration: Date;
}

export interface AssumedSession {
  readonly keys: SessionKeys;
  /** `arn:aws:sts::ACCOUNT:assumed-role/ROLE/SESSION`. */
  readonly assumedRoleArn: string;
}

/** `serverTime` is the response's Date header, for measuring clock skew. */
export type StsAttempt<T> =
  | { readonly kind: 'granted'; readonly value: T; readonly serverTime: Date | undefined }
  | { readonly kind: 'refused'; readonly refusal: StsRefusal; readonly serverTime: Date | undefined }
  | { readonly kind: 'unreachable'; readonly fault: NetworkFault };

/** An error response of STS. `code` is the XML's `Code`, such as `AccessDenied`. */
export interface StsRefusal {
  readonly code: string;
  readonly message: string;
  readonly status: number;
  readonly requestId: string | undefined;
}

/**
 * Why there is no usable response. `at`: DNS (`name`), TCP (`connect`), an untrusted certificate
 * (`tls`), a `proxy` that is unreachable or refuses, a `timeout`, a connection `broken-off`, a
 * response `not-sts` sent, a limit of the `local` machine, or `unknown`.
 */
export interface NetworkFault {
  readonly at: 'name' | 'connect' | 'tls' | 'proxy' | 'timeout' | 'broken-off' | 'not-sts' | 'local' | 'unknown';
  /**
   * The network layer's message (`ECONNREFUSED 127.0.0.1:443`), without request or response body.
   */
  readonly detail: string;
  /** The error code of the system, Node or OpenSSL, such as `SELF_SIGNED_CERT_IN_CHAIN`. */
  readonly code: string | undefined;
  /** The HTTP status of a proxy's response, or of one that STS did not send. */
  readonly status: number | undefined;
}

/** One role of a chain, with the options of its session. */
export interface RoleHop {
  readonly roleArn: string;
  readonly sessionName: string;
  /** Undefined: STS's default, one hour. */
  readonly durationSeconds: number | undefined;
  /** The session policy's JSON, as given. */
  readonly policy: string | undefined;
  readonly policyArns: readonly string[];
  /** From here on, for AssumeRole only. */
  readonly externalId: string | undefined;
  readonly sourceIdentity: string | undefined;
  readonly tags: readonly (readonly [key: string, value: string])[];
  readonly transitiveTags: readonly string[];
}

/** Roles to assume in order: the first with the token, each later one with the previous session. */
export interface RoleChain {
  readonly first: RoleHop;
  readonly further: readonly RoleHop[];
}
