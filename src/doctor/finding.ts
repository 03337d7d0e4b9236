import type { ClientChoice } from '../clients/choice.ts';
import type { DefectKind } from '../config-file/model.ts';
import type { ExitCode, FailureFacts } from '../failure.ts';
import type { TokenClaims } from '../semaphore/claims.ts';
import type { Explanation, Paste } from '../text/explanation.ts';
import type { TrustDecision } from '../trust/evaluation.ts';
import type { TrustMistake } from '../trust/mistake.ts';
import type { PolicyFault } from '../trust/trust-policy.ts';
import type { NetworkFault, StsEndpoint } from '../world/sts.ts';

/** What is looked at, in the order of the report. */
export const checkNames = [
  'token',
  'context',
  'trust-policy',
  'role',
  'issuer',
  'sts',
  'clock',
  'config',
  'token-file',
  'leftovers',
  'cache',
  'clients',
] as const;
/** One of the checks. */
export type CheckName = (typeof checkNames)[number];

/** `warn`: worth knowing, and nothing that keeps a login from working. */
export type Status = 'ok' | 'warn' | 'fail';

/** What one check found, as data; the words are in `explain/`. Never the token or a key. */
export interface Finding {
  readonly check: CheckName;
  readonly status: Status;
  /** How the program ends if this is the first failure; 0 for what is none. */
  readonly exitCode: ExitCode;
  readonly facts: FindingFacts;
}

/** All is well with this. */
export function ok(check: CheckName, facts: FindingFacts): Finding {
  return { check, status: 'ok', exitCode: 0, facts };
}

/** Worth a look. */
export function warn(check: CheckName, facts: FindingFacts): Finding {
  return { check, status: 'warn', exitCode: 0, facts };
}

/** This keeps something from working. */
export function fail(check: CheckName, exitCode: Exclude<ExitCode, 0>, facts: FindingFacts): Finding {
  return { check, status: 'fail', exitCode, facts };
}

/** A check that ended in one of the failures that a login ends in, too. */
export function failed(check: CheckName, exitCode: ExitCode, failure: FailureFacts): Finding {
  return { check, status: 'fail', exitCode, facts: { kind: 'failure', failure } };
}

/** What a check may find; plain data, so that the report in JSON can carry it as it is. */
export type FindingFacts =
  | { readonly kind: 'failure'; readonly failure: FailureFacts }
  // token
  | {
      readonly kind: 'token-good' | 'token-ends-soon';
      readonly source: string;
      readonly claims: TokenClaims;
      readonly now: Date;
    }
  // context
  | {
      readonly kind: 'context';
      readonly context: JobContext;
      readonly claims: TokenClaims;
      readonly fork: string | undefined;
    }
  // trust policy
  | { readonly kind: 'policy-unjudged'; readonly source: string }
  | {
      readonly kind: 'policy-faulty';
      readonly source: string;
      readonly decoded: boolean;
      readonly faults: readonly PolicyFault[];
    }
  | {
      readonly kind: 'policy-decision';
      readonly source: string;
      /** Lines and columns are those of the decoded text. */
      readonly decoded: boolean;
      readonly faults: readonly PolicyFault[];
      readonly decision: TrustDecision;
      readonly mistakes: readonly TrustMistake[];
    }
  // role
  | { readonly kind: 'role-granted'; readonly roleArn: string; readonly assumedRoleArn: string; readonly ends: Date }
  // issuer
  | { readonly kind: 'issuer-holds-key'; readonly issuer: string; readonly keyId: string | undefined }
  | { readonly kind: 'issuer-missing' }
  | { readonly kind: 'issuer-not-https'; readonly issuer: string }
  | { readonly kind: 'issuer-unreachable'; readonly url: string; readonly fault: NetworkFault }
  | { readonly kind: 'issuer-wrong-answer'; readonly url: string; readonly problem: IssuerProblem }
  | {
      readonly kind: 'issuer-lacks-key';
      readonly url: string;
      readonly keyId: string | undefined;
      readonly keyIds: readonly string[];
    }
  // STS and the clock
  | { readonly kind: 'sts-reachable'; readonly endpoint: StsEndpoint }
  | {
      readonly kind: 'sts-unreachable-now';
      readonly url: string;
      readonly fault: NetworkFault;
      /** Milliseconds that the request was allowed to take. */
      readonly timeout: number;
    }
  | { readonly kind: 'clock-right' | 'clock-wrong'; readonly skew: number }
  | { readonly kind: 'clock-unknown' }
  // files
  | {
      readonly kind: 'config-good';
      readonly path: string;
      readonly profile: string;
      readonly line: number;
      readonly job: string | undefined;
    }
  | { readonly kind: 'config-absent'; readonly path: string | undefined }
  | { readonly kind: 'config-without-profile'; readonly path: string; readonly profile: string }
  | {
      readonly kind: 'profile-missing';
      readonly profile: string;
      readonly variable: string;
      readonly paths: readonly string[];
    }
  | { readonly kind: 'file-defect'; readonly path: string; readonly line: number; readonly why: DefectKind }
  | { readonly kind: 'config-read-only'; readonly path: string }
  | { readonly kind: 'open-to-all'; readonly path: string; readonly holds: 'keys' | 'a token' }
  | { readonly kind: 'token-file-good'; readonly path: string; readonly source: string }
  | { readonly kind: 'token-file-gone'; readonly path: string; readonly source: string }
  | { readonly kind: 'no-leftovers' }
  | { readonly kind: 'leftover-directories'; readonly paths: readonly string[] }
  | {
      readonly kind: 'foreign-section';
      readonly path: string;
      readonly profile: string;
      readonly line: number;
      readonly job: string | undefined;
    }
  // clients
  | {
      readonly kind: ClientsKind;
      readonly choices: readonly ClientChoice[];
    }
  // cache
  | { readonly kind: 'cache-elsewhere'; readonly backend: string | undefined }
  | { readonly kind: 'cache-has-profile'; readonly profile: string }
  | { readonly kind: 'cache-lacks-profile'; readonly profile: string }
  | { readonly kind: 'cache-uses-default' };

/** How the AWS clients' choices compare: `outrank` where something comes before this job's login. */
export type ClientsKind =
  | 'clients-agree'
  | 'clients-regions'
  | 'clients-differ'
  | 'clients-outrank'
  | 'clients-nobody'
  | 'clients-fail';

/** What is wrong with an answer of the issuer's. */
export type IssuerProblem =
  | { readonly kind: 'status'; readonly status: number }
  | { readonly kind: 'not-json' }
  | { readonly kind: 'other-issuer'; readonly issuer: string | undefined }
  | { readonly kind: 'no-keys-address' }
  | { readonly kind: 'no-keys' };

/** The facts of one kind of finding. */
export type FactsOfFinding<K extends FindingFacts['kind']> = FactsWith<FindingFacts, K>;

// Some facts serve several kinds, which `Extract` would not find.
type FactsWith<F extends FindingFacts, K> = F extends unknown ? (K extends F['kind'] ? F : never) : never;

/** The situations that a job's subject can tell apart; `unknown` for one that this program has not heard of. */
export type JobContext = 'branch' | 'tag' | 'pull-request' | 'fork' | 'project-debug' | 'no-subject' | 'unknown';

/** A finding in words. Only a headline where all is well. */
export interface FindingText {
  readonly headline: string;
  readonly cause?: string;
  /** Labels and values. */
  readonly known?: readonly (readonly [label: string, value: string])[];
  /** What the finding is made of, where that is several things. */
  readonly details?: readonly Explanation[];
  readonly paste?: Paste;
  readonly remedies?: readonly string[];
}

/** The words for some kinds of findings; the catalogue proves that none is missing. */
export type FindingTextsOf<K extends FindingFacts['kind']> = {
  readonly [Kind in K]: (facts: FactsOfFinding<Kind>) => FindingText;
};
