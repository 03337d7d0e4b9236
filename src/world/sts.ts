/** What AssumeRoleWithWebIdentity is asked; proxy and trusted certificates are the adapter's affair. */
export interface WebIdentityRequest extends SessionRequest {
  readonly token: string;
}

/** What AssumeRole is asked, with the keys of the session that asks. */
export interface ChainedRequest extends SessionRequest {
  readonly keys: SessionKeys;
}

/** What either call is asked. */
export interface SessionRequest {
  readonly hop: RoleHop;
  readonly endpoint: StsEndpoint;
  /** Milliseconds this attempt may take in all. */
  readonly timeout: number;
}

/** Where STS is asked: exactly one URL, worked out before, so that a report can name it. */
export interface StsEndpoint {
  readonly url: string;
  /** The region that requests are signed for; the partition's default where the user named none. */
  readonly signingRegion: string;
  /** Whether the host is one of AWS's own. */
  readonly isAws: boolean;
}

/** Keys of a session. Secret: only ever written into the files made for them. */
export interface SessionKeys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  readonly expiration: Date;
}

/** A session as STS granted it. */
export interface AssumedSession {
  readonly keys: SessionKeys;
  /** `arn:aws:sts::ACCOUNT:assumed-role/ROLE/SESSION`. */
  readonly assumedRoleArn: string;
}

/** How one request ended. `serverTime` is the answer's Date header, where one came, to measure clock skew by. */
export type StsAttempt<T> =
  | { readonly kind: 'granted'; readonly value: T; readonly serverTime: Date | undefined }
  | { readonly kind: 'refused'; readonly refusal: StsRefusal; readonly serverTime: Date | undefined }
  | { readonly kind: 'unreachable'; readonly fault: NetworkFault };

/** STS's own words. `code` is the error's name as in the XML, e.g. `AccessDenied`. */
export interface StsRefusal {
  readonly code: string;
  readonly message: string;
  readonly status: number;
  readonly requestId: string | undefined;
}

/**
 * Why no usable answer came: the host's `name` was not resolved, no `connect`ion, a certificate not trusted (`tls`), a `proxy` that is out of reach
 * or refused, a `timeout`, an answer `broken-off`, one that is `not-sts`'s, a limit of the `local` machine, or something `unknown`.
 */
export interface NetworkFault {
  readonly at: 'name' | 'connect' | 'tls' | 'proxy' | 'timeout' | 'broken-off' | 'not-sts' | 'local' | 'unknown';
  /** The cause in the network layer's words (`ECONNREFUSED 127.0.0.1:443`), without any of the request or the answer's body. */
  readonly detail: string;
  /** The operating system's, Node's or OpenSSL's name for it, e.g. `SELF_SIGNED_CERT_IN_CHAIN`, where there is one. */
  readonly code: string | undefined;
  /** The HTTP status with which a proxy, or something that is not STS, answered. */
  readonly status: number | undefined;
}

/** One role on the way, with what its session is asked to be. */
export interface RoleHop {
  readonly roleArn: string;
  readonly sessionName: string;
  /** Undefined: STS's own hour. */
  readonly durationSeconds: number | undefined;
  /** JSON that narrows the session, as it was given. */
  readonly policy: string | undefined;
  readonly policyArns: readonly string[];
  /** From here on only for a role that another role's session assumes. */
  readonly externalId: string | undefined;
  readonly sourceIdentity: string | undefined;
  readonly tags: readonly (readonly [key: string, value: string])[];
  readonly transitiveTags: readonly string[];
}

/** How credentials come about: the first role by the job's token, each further one by the session of the one before. */
export interface RoleChain {
  readonly first: RoleHop;
  readonly further: readonly RoleHop[];
}
