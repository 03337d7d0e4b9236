/** Where a client would take its credentials from. Never a key itself. */
export type CredentialSource =
  | { readonly kind: 'environment-keys' }
  | { readonly kind: 'profile-keys'; readonly profile: string; readonly file: 'config' | 'credentials' }
  | WebIdentitySource
  /** A role that is assumed with other credentials: another profile's, or those of `credential_source`. */
  | {
      readonly kind: 'role';
      readonly profile: string;
      readonly roleArn: string;
      readonly sessionName: string | undefined;
      readonly with: string;
    }
  | { readonly kind: 'process'; readonly profile: string }
  | { readonly kind: 'sso'; readonly profile: string }
  /** The machine's own role: by a container's endpoint, or by the instance's, where there is one. */
  | { readonly kind: 'machine'; readonly by: 'container' | 'instance' }
  | { readonly kind: 'none' }
  | { readonly kind: 'error'; readonly problem: SourceProblem; readonly subject: string };

/** `mixed`: parts of it from the environment, parts from the profile, as only Python's clients do. */
export interface WebIdentitySource {
  readonly kind: 'web-identity';
  readonly from: 'environment' | 'profile' | 'mixed';
  readonly profile: string | undefined;
  readonly roleArn: string;
  readonly tokenFile: string;
  readonly sessionName: string | undefined;
}

/** Why a client would end with an error instead; `subject` is the profile, the file, the variable or the region in question. */
export type SourceProblem =
  | 'profile-missing'
  | 'profile-empty'
  | 'role-missing'
  | 'file-unreadable'
  | 'source-profile-missing'
  | 'source-missing'
  | 'contradiction'
  | 'keys-incomplete'
  | 'region-malformed';

/** The region a client would use, and what it is read from; both undefined for none. */
export interface RegionChoice {
  readonly region: string | undefined;
  /** A variable's name, or "the profile NAME". */
  readonly from: string | undefined;
  /** The client finds none by itself: each program names it in its code. */
  readonly inCode?: true;
}
