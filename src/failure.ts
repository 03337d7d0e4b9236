import type { TokenClaims } from './semaphore/claims.ts';
import type { PolicyFault } from './trust/trust-policy.ts';
import type { NetworkFault, StsEndpoint, StsRefusal } from './world/sts.ts';

/**
 * Every failure that is expected, with the facts its explanation needs; the words are in `explain/`.
 * No fact is ever the token or a key.
 */
export type FailureFacts =
  // usage
  | { readonly kind: 'unknown-flag'; readonly flag: string; readonly suggestion: string | undefined }
  | {
      readonly kind: 'unknown-command';
      readonly command: string;
      readonly suggestion: string | undefined;
      readonly commands: readonly string[];
    }
  | { readonly kind: 'flag-without-value'; readonly flag: string; readonly next: string | undefined }
  | { readonly kind: 'unexpected-argument'; readonly argument: string }
  | { readonly kind: 'usage'; readonly problem: string }
  | {
      readonly kind: 'value-invalid';
      readonly source: string;
      readonly value: string;
      readonly problem: string;
      readonly remedy: string;
    }
  | { readonly kind: 'role-missing' }
  | {
      readonly kind: 'flags-conflict';
      readonly flags: readonly [string, string];
      readonly why: string;
      /** Where there is a better way out than to leave one of them out. */
      readonly remedy?: string;
    }
  | { readonly kind: 'exports-need-capture'; readonly why: string; readonly line: string }
  | { readonly kind: 'environment-outranks'; readonly variables: readonly string[] }
  | {
      readonly kind: 'region-foreign';
      readonly roleArn: string;
      readonly partition: string;
      readonly region: GivenValue;
      readonly regionPartition: string;
      /** The regions of the role's partition. */
      readonly fitting: { readonly prefixes: readonly string[]; readonly example: string };
    }
  | { readonly kind: 'endpoint-insecure'; readonly variable: string; readonly url: string }
  | { readonly kind: 'token-on-command-line'; readonly flag: string }
  | { readonly kind: 'home-needed' }
  | { readonly kind: 'command-missing' }
  | { readonly kind: 'command-not-started'; readonly command: string; readonly reason: string }
  | { readonly kind: 'format-missing'; readonly formats: readonly string[] }
  | { readonly kind: 'setup-incomplete'; readonly missing: readonly SetupFact[]; readonly token: boolean }
  | { readonly kind: 'job-without-reference'; readonly refType: string }
  // token
  /** `inJob`: whether the variables that every Semaphore job has are there. */
  | { readonly kind: 'token-missing'; readonly variable: string; readonly inJob: boolean }
  | { readonly kind: 'token-malformed'; readonly source: string; readonly problem: string }
  | { readonly kind: 'token-file-newline'; readonly path: string }
  /** `code` is the system's, or "not a file". */
  | { readonly kind: 'token-file-unusable'; readonly path: string; readonly code: string }
  | { readonly kind: 'token-expired'; readonly expired: Date; readonly now: Date }
  | { readonly kind: 'token-without-subject'; readonly subject: string | undefined }
  | { readonly kind: 'token-not-yet-valid'; readonly validFrom: Date; readonly now: Date }
  // files
  | { readonly kind: 'file-unusable'; readonly path: string; readonly operation: FileOperation; readonly code: string }
  | { readonly kind: 'file-unsafe'; readonly path: string; readonly reason: UnsafeReason }
  | { readonly kind: 'stdout-unusable'; readonly code: string }
  | { readonly kind: 'file-locked'; readonly path: string; readonly lock: string; readonly seconds: number }
  | { readonly kind: 'file-exists'; readonly path: string }
  | { readonly kind: 'role-unreadable'; readonly source: string; readonly fault: PolicyFault }
  | { readonly kind: 'file-contested'; readonly path: string }
  | { readonly kind: 'profile-not-ours'; readonly path: string; readonly profile: string; readonly line: number }
  | {
      readonly kind: 'profile-unreadable';
      readonly path: string;
      readonly profile: string;
      readonly problem: 'stands-twice' | 'junk-line' | 'key-twice' | 'odd-header' | 'not-text';
      readonly line: number;
      readonly lineText: string;
    }
  | {
      readonly kind: 'ca-bundle-unusable';
      readonly variable: string;
      readonly path: string;
      readonly problem: CaBundleProblem;
    }
  | {
      readonly kind: 'profile-value-unwritable';
      readonly path: string;
      readonly profile: string;
      readonly key: string | undefined;
    }
  | { readonly kind: 'session-policy-invalid'; readonly path: string; readonly problem: string }
  | { readonly kind: 'profile-unknown'; readonly profile: string; readonly directory: string }
  | { readonly kind: 'secret-on-terminal' }
  | { readonly kind: 'program-path-unwritable'; readonly path: string }
  | { readonly kind: 'static-keys'; readonly path: string; readonly profile: string; readonly line: number }
  // AWS
  | { readonly kind: 'trust-differs'; readonly source: string; readonly misjudged: number }
  | { readonly kind: 'sts-refused'; readonly refusal: StsRefusal; readonly context: AskedOfSts }
  | {
      readonly kind: 'chain-refused';
      readonly refusal: StsRefusal;
      /** The session that asked. */
      readonly by: string;
      readonly context: AskedOfSts;
    }
  | { readonly kind: 'sts-busy'; readonly refusal: StsRefusal; readonly context: AskedOfSts }
  | { readonly kind: 'sts-unreachable'; readonly fault: NetworkFault; readonly context: AskedOfSts };

/** What a refusal's explanation reads: who asked for what, where, how often, and by which clocks. The token is here as claims only. */
export interface AskedOfSts {
  readonly roleArn: string;
  readonly sessionName: string;
  readonly endpoint: StsEndpoint;
  readonly token: TokenClaims;
  /** `owner/name` of the fork that this job's pull request comes from, where the environment shows one. */
  readonly fork: string | undefined;
  readonly attempts: number;
  /** Whole milliseconds spent asking. */
  readonly waited: number;
  readonly now: Date;
  readonly serverTime: Date | undefined;
}

/** What a setup has to know, from a token or from flags. */
export type SetupFact = 'organization' | 'project' | 'reference' | 'account';

/** What was tried with a file or directory, as it stands after "Cannot". */
export type FileOperation = 'read' | 'write' | 'keep the owner of' | 'make the directory' | 'remove' | 'lock' | 'list';

/** Why a path is not one to keep a token in; `not-a-file` is said of the user's files too. */
export type UnsafeReason = 'link' | 'foreign-owner' | 'writable-by-others' | 'not-a-file' | 'not-a-directory';

/** What is wrong with a file of certificates; `code` is the system's, for a file that it does not let us read. */
export type CaBundleProblem = { readonly code: string } | 'empty' | 'der' | 'damaged' | 'no-certificate';

/** The facts of one kind of failure. */
export type FactsOf<K extends FailureFacts['kind']> = Extract<FailureFacts, { kind: K }>;

/** An expected failure, thrown where it is found and worded once, by the report. */
export class Failure extends Error {
  readonly facts: FailureFacts;

  constructor(facts: FailureFacts) {
    super(facts.kind);
    this.name = 'Failure';
    this.facts = facts;
  }
}

/** The exit codes, as the documentation promises them. 130 is never used: Semaphore ends the whole job on it. */
export type ExitCode = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 143;

/** A value as it was given, and where: `--region`, or `SEM_AWS_LOGIN_REGION`. Errors quote both. */
export interface GivenValue {
  readonly value: string;
  readonly source: string;
}
