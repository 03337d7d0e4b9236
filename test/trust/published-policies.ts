import { MAIN, subjectOf } from './semaphore-policy.ts';

/**
 * The conditions that Semaphore's guide has shown over the years, in its layout, for `acme`. The
 * guide shows only `Condition`; the rest of the policy is added here.
 * https://docs.semaphoreci.com/security/open-id-connect-aws/ (Classic), https://docs.semaphore.io/using-semaphore/openid
 */
export const EXAMPLES = [
  {
    name: 'Classic: another organization in the audience, and a trailing slash',
    condition: `"Condition": {
  "StringEquals": {
    "acme.semaphoreci.com:aud": "https://rtx.semaphoreci.com/",
    "acme.semaphoreci.com:sub": "${MAIN}"
  }
}`,
    faults: [],
    outcome: 'refused',
    deciding: ['#0 StringEquals acme.semaphoreci.com:aud'],
    mistakes: ['audience-with-slash', 'audience-of-other-organization'],
  },
  {
    name: 'Classic, later: a trailing slash in the audience',
    condition: `"Condition": {
  "StringEquals": {
    "acme.semaphoreci.com:aud": "https://acme.semaphoreci.com/",
    "acme.semaphoreci.com:sub": "${MAIN}"
  }
}`,
    faults: [],
    outcome: 'refused',
    deciding: ['#0 StringEquals acme.semaphoreci.com:aud'],
    mistakes: ['audience-with-slash'],
  },
  {
    name: 'Classic, latest: trailing commas, and "or" meant where a policy says "and"',
    condition: `"Condition": {
  "StringEquals": {
    "acme.semaphoreci.com:aud": "https://acme.semaphoreci.com",
    "acme.semaphoreci.com:sub": "${MAIN}"
  },
  "StringLike": {
    "acme.semaphoreci.com:sub":
    "${subjectOf('branch', 'refs/heads/*')}",
},
}`,
    faults: [
      { kind: 'trailing-comma', line: 12, column: 102 },
      { kind: 'trailing-comma', line: 13, column: 2 },
    ],
    outcome: 'allowed',
    deciding: ['#0'],
    mistakes: [],
  },
  {
    name: 'today, by the exact name: nothing wrong',
    condition: `"Condition": {
    "StringEquals": {
        "acme.semaphoreci.com:aud": "https://acme.semaphoreci.com",
        "acme.semaphoreci.com:sub": "${MAIN}"
 }
}`,
    faults: [],
    outcome: 'allowed',
    deciding: ['#0'],
    mistakes: [],
  },
  {
    name: 'today, by a pattern: trailing commas, and the URL asked for where the organization’s name belongs',
    condition: `"Condition": {
    "StringLike": {
        "https://acme.semaphoreci.com.semaphoreci.com:sub":
        "org:https://acme.semaphoreci.com:project:936a5312-a3b8-4921-8b3f-2cec8baac574:repo:web:ref_type:branch:ref:refs/heads/*",
 },
}`,
    faults: [
      { kind: 'trailing-comma', line: 8, column: 130 },
      { kind: 'trailing-comma', line: 9, column: 3 },
    ],
    outcome: 'refused',
    deciding: ['#0 StringLike https://acme.semaphoreci.com.semaphoreci.com:sub'],
    mistakes: ['key-with-scheme', 'key-of-other-organization', 'subject-of-other-organization'],
  },
] as const;

/** Returns a policy with this `Condition`. */
export function policyAround(condition: string): string {
  return `{ "Version": "2012-10-17", "Statement": [{
"Effect": "Allow",
"Principal": { "Federated": "arn:aws:iam::123456789012:oidc-provider/acme.semaphoreci.com" },
"Action": "sts:AssumeRoleWithWebIdentity",
${condition} }] }`;
}
