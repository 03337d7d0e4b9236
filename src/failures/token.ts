/** Failures of the job's token, found before STS sees it. */
export type TokenFailure =
  | TokenMissing
  | TokenMalformed
  | TokenFileNewline
  | TokenFileUnusable
  | TokenExpired
  | TokenNotYetValid
  | TokenWithoutSubject;

/** How each of them ends the program. */
export const tokenExitCodes = {
  'token-missing': 3,
  'token-malformed': 3,
  'token-file-newline': 3,
  'token-file-unusable': 3,
  'token-expired': 3,
  'token-not-yet-valid': 3,
  'token-without-subject': 3,
} as const satisfies Record<TokenFailure['kind'], 3>;

/** The token's variable is unset or empty; `inJob` says whether this is a Semaphore job. */
interface TokenMissing {
  readonly kind: 'token-missing';
  readonly variable: string;
  readonly inJob: boolean;
}

/** The value is not a JWT; `problem` is a sentence without a full stop. */
interface TokenMalformed {
  readonly kind: 'token-malformed';
  readonly source: string;
  readonly problem: string;
}

/** The token file ends with a newline, which several SDKs send to STS. */
interface TokenFileNewline {
  readonly kind: 'token-file-newline';
  readonly path: string;
}

/** The token file cannot be read; `code` is the system's error code, "not a file", or "too large". */
interface TokenFileUnusable {
  readonly kind: 'token-file-unusable';
  readonly path: string;
  readonly code: string;
}

/** The token has expired by this machine's clock. */
interface TokenExpired {
  readonly kind: 'token-expired';
  readonly expired: Date;
  readonly now: Date;
}

/** The token is not valid yet by this machine's clock. */
interface TokenNotYetValid {
  readonly kind: 'token-not-yet-valid';
  readonly validFrom: Date;
  readonly now: Date;
}

/** `setup` cannot read a project from the token's subject; undefined where the token has none. */
interface TokenWithoutSubject {
  readonly kind: 'token-without-subject';
  readonly subject: string | undefined;
}
