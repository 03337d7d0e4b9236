import type { FailureFacts } from '../failure.ts';
import type { DefectKind } from '../profile/config-file.ts';
import type { StsEndpoint } from '../sts/answer.ts';
import type { IsolationCause } from './place.ts';

/** What a login did, for its summary. No secrets. */
export interface LoginReport {
  readonly roles: readonly ReportedRole[];
  readonly sessionName: string;
  readonly tokenEnds: Date | undefined;
  readonly now: Date;
  readonly region: string | undefined;
  readonly config: string;
  readonly home: string | undefined;
  readonly isolation: IsolationCause | undefined;
  readonly endpoint: StsEndpoint | undefined;
  /** Whether the env file holds session keys, which nothing renews. */
  readonly exportsKeys: boolean;
  /** Variables that were set before and are unset by the env file. */
  readonly unset: readonly string[];
  /** What an earlier login of this job stands to this one as. */
  readonly earlier: EarlierLogin | undefined;
  readonly warnings: readonly LoginWarning[];
}

/** A role that a profile now gives. */
export interface ReportedRole {
  readonly profile: string;
  readonly account: string;
  readonly roleName: string;
  /** ARNs of the roles on the way to it. */
  readonly by: readonly string[];
  /** Undefined when STS was not asked. */
  readonly sessionEnds: Date | undefined;
  /** Whether SDKs ask this program for keys, since no web-identity profile can say what was wanted. */
  readonly asksProgram: boolean;
}

/** `replaced`: the same profile was written again; `moved`: the job's identity was another profile until now. */
export type EarlierLogin = { readonly kind: 'replaced' } | { readonly kind: 'moved'; readonly from: string };

/** What a login warns of, as facts; a warning keeps nothing from working now. Lengths of time in milliseconds. */
export type LoginWarning =
  | { readonly kind: 'no-region' }
  | { readonly kind: 'not-verified' }
  | { readonly kind: 'session-name-shared'; readonly sessionName: string }
  | { readonly kind: 'token-ends-soon'; readonly left: number }
  | { readonly kind: 'cache-uses-role' }
  | { readonly kind: 'not-exported'; readonly variables: readonly string[] }
  | { readonly kind: 'static-keys'; readonly path: string; readonly profile: string }
  | { readonly kind: 'keys-removed'; readonly keys: readonly string[]; readonly path: string }
  | { readonly kind: 'file-has-fault'; readonly path: string; readonly line: number; readonly why: DefectKind }
  | { readonly kind: 'endpoint-kept'; readonly path: string; readonly line: number; readonly key: string }
  | {
      readonly kind: 'key-leaks-in';
      readonly path: string;
      readonly line: number;
      readonly key: string;
      readonly reader: 'Ruby' | 'boto3';
    }
  | { readonly kind: 'clock-skew'; readonly skew: number }
  | { readonly kind: 'config-not-copied'; readonly path: string }
  | { readonly kind: 'leftover-stays'; readonly path: string; readonly facts: FailureFacts };
