/** The claims this program speaks of; each may be absent, since an organization can switch claims off. */
export interface TokenClaims {
  readonly iss: string | undefined;
  readonly aud: string | readonly string[] | undefined;
  readonly sub: string | undefined;
  /** Seconds since the epoch, like `iat` and `nbf`. */
  readonly exp: number | undefined;
  readonly iat: number | undefined;
  readonly nbf: number | undefined;
  readonly jobId: string | undefined;
  readonly jti: string | undefined;
  /** Session tags the token carries for AWS; a role must then allow `sts:TagSession`. */
  readonly tags: Readonly<Record<string, readonly string[]>> | undefined;
  /** `kid` of the JWT's header: which of the issuer's keys signed it. */
  readonly kid: string | undefined;
}

/** A token as read, before AWS has judged it. `text` is secret. */
export interface JobToken {
  readonly text: string;
  readonly claims: TokenClaims;
  /** Where it came from: a variable's name, or a file that is used where it lies. */
  readonly source: { readonly variable: string } | { readonly file: string };
}
