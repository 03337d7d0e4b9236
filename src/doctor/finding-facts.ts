import type { FailureFacts } from '../failure.ts';
import type { ClientChoice } from '../precedence/client-choice.ts';
import type { DefectKind } from '../profile/config-file.ts';
import type { NetworkFault, StsEndpoint } from '../sts/answer.ts';
import type { TokenClaims } from '../token/job-token.ts';
import type { TrustDecision } from '../trust/evaluation.ts';
import type { TrustMistake } from '../trust/mistake.ts';
import type { PolicyFault } from '../trust/trust-policy.ts';
import type { JobContext } from './job-context.ts';

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
  | { readonly kind: 'sts-unreachable-now'; readonly url: string; readonly fault: NetworkFault }
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
