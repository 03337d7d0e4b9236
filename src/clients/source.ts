/** Where a client finds credentials. Never contains a key. */
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
  /** A console session of `aws login` (AWS CLI v2), in the profile's `login_session`. */
  | { readonly kind: 'login-session'; readonly profile: string }
  /** The machine's role, if it has one, from the endpoint of the container or the instance. */
  | { readonly kind: 'machine'; readonly by: 'container' | 'instance' }
  | { readonly kind: 'none' }
  | { readonly kind: 'error'; readonly problem: SourceProblem; readonly subject: string };

/** `mixed`: some values from the environment, some from the profile. Only Python's clients do that. */
export interface WebIdentitySource {
  readonly kind: 'web-identity';
  readonly from: 'environment' | 'profile' | 'mixed';
  readonly profile: string | undefined;
  readonly roleArn: string;
  readonly tokenFile: string;
  readonly sessionName: string | undefined;
}

/** Why a client fails. The `subject` is the profile, file, variable or region that causes it. */
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

/** The region that a client uses, and where it finds the region. Both are undefined for none. */
export interface RegionChoice {
  readonly region: string | undefined;
  /** A variable's name, or `profile "NAME"`. */
  readonly from: string | undefined;
  /** The client never looks for a region: each program sets one in its code. */
  readonly inCode?: true;
}
