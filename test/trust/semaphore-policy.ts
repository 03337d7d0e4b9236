import type { TokenClaims } from '../../src/semaphore/claims.ts';
import type { WebIdentityLogin } from '../../src/trust/condition-evaluation.ts';
import type { DecidingPart, TrustDecision } from '../../src/trust/evaluation.ts';
import { type PolicyReading, parseTrustPolicy } from '../../src/trust/policy-parser.ts';
import type { TrustPolicy } from '../../src/trust/trust-policy.ts';

export const HOST = 'acme.semaphoreci.com';
export const ISSUER = `https://${HOST}`;
export const AUD = `${HOST}:aud`;
export const SUB = `${HOST}:sub`;
const PROJECT = '936a5312-a3b8-4921-8b3f-2cec8baac574';
const ROLE = { partition: 'aws', account: '123456789012' } as const;
export const PROVIDER = `arn:aws:iam::123456789012:oidc-provider/${HOST}`;

/** The subject of a job of acme's project and repository `web`. */
export function subjectOf(refType: string, ref: string): string {
  return `org:acme:project:${PROJECT}:repo:web:ref_type:${refType}:ref:${ref}`;
}

export const MAIN = subjectOf('branch', 'refs/heads/main');

/** The claims of a job on the branch main, as Semaphore makes them, with changes. */
export function claimsOfMain(changes: Partial<TokenClaims> = {}): TokenClaims {
  const names = ['exp', 'iat', 'nbf', 'iss', 'aud', 'jti', 'sub', 'org', 'prj', 'prj_id', 'repo', 'branch', 'ref'];
  return { iss: ISSUER, aud: ISSUER, sub: MAIN, names, ...changes };
}

/** The session tags that Semaphore puts into a token of the branch main, with changes. */
export function tagsOfMain(changes: Record<string, readonly string[]> = {}) {
  const tags: Record<string, readonly string[]> = {
    prj_id: [PROJECT],
    repo: ['web'],
    branch: ['main'],
    ref_type: ['branch'],
    job_type: ['pipeline_job'],
    pr_branch: [''],
    repo_slug: ['acme/web'],
    trg: ['hook'],
    ...changes,
  };
  return { tags, transitiveTagKeys: Object.keys(tags) };
}

export function loginOfMain(changes: Partial<TokenClaims> = {}): WebIdentityLogin {
  return { claims: claimsOfMain(changes), role: ROLE, sessionName: 'job-1' };
}

/** A statement that trusts acme's provider, with changes. */
export function statement(changes: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    Effect: 'Allow',
    Principal: { Federated: PROVIDER },
    Action: 'sts:AssumeRoleWithWebIdentity',
    Condition: { StringEquals: { [AUD]: ISSUER, [SUB]: MAIN } },
    ...changes,
  };
}

export function policyText(statements: unknown, version: string | undefined = '2012-10-17'): string {
  return JSON.stringify({ ...(version && { Version: version }), Statement: statements }, null, 2);
}

/** Parses a policy that must have no fault. */
export function policyOf(text: string): TrustPolicy {
  const reading: PolicyReading = parseTrustPolicy(text);
  if (!reading.policy || reading.faults.length > 0) throw new Error(JSON.stringify(reading.faults));
  return reading.policy;
}

/** What determines a decision, as short text: `#1` a whole statement, `#0 StringEquals KEY` a condition. */
export function decidingOf(decision: TrustDecision): string[] {
  const parts = decision.actions
    .filter((action) => action.outcome === decision.outcome)
    .flatMap((action) => action.deciding.map((part) => textOf(decision, part)));
  return [...new Set(parts)];
}

function textOf(decision: TrustDecision, part: DecidingPart): string {
  if (part.part === 'statement') return `#${part.statement}`;
  if (part.part !== 'condition') return `#${part.statement} ${part.part}`;
  const condition = decision.statements[part.statement]?.conditions[part.condition];
  return `#${part.statement} ${condition?.operator} ${condition?.key}`;
}
