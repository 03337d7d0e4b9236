/** Where a client finds its credentials; never a key itself. */
export type CredentialSource =
  | { readonly kind: 'environment-keys' }
  | { readonly kind: 'profile-keys'; readonly profile: string; readonly file: 'config' | 'credentials' }
  | WebIdentitySource
  /** A role assumed with other credentials: another profile's, or those of `credential_source`. */
  | {
      readonly kind: 'role';
      readonly profile: string;
      readonly roleArn: string;
      readonly sessionName: string | undefined;
      readonly with: string;
    }
  | { readonly kind: 'process'; readonly profile: string }
  | { readonly kind: 'sso'; readonly profile: string }
  /** The machine's own role, if it has one, from a container's or the instance's endpoint. */
  | { readonly kind: 'machine'; readonly by: 'container' | 'instance' }
  | { readonly kind: 'none' }
  | { readonly kind: 'error'; readonly problem: SourceProblem; readonly subject: string };

/** `mixed`: partly from the environment, partly from the profile; only Python's clients do that. */
export interface WebIdentitySource {
  readonly kind: 'web-identity';
  readonly from: 'environment' | 'profile' | 'mixed';
  readonly profile: string | undefined;
  readonly roleArn: string;
  readonly tokenFile: string;
  readonly sessionName: string | undefined;
}

/** Why a client would fail; `subject` is the profile, file, variable or region that causes it. */
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

/** The region that a client would use, and where it finds it; both undefined for none. */
export interface RegionChoice {
  readonly region: string | undefined;
  /** A variable's name, or "the profile NAME". */
  readonly from: string | undefined;
  /** The client never looks for a region: each program sets it in code. */
  readonly inCode?: true;
}
