import { makeJob, subjectOf } from '../aws-simulator/semaphore-job.ts';

/** The issuer of the local STS's jobs, which is also their audience. */
export const issuer = 'https://acme.semaphoreci.com';

/** Returns a trust policy that allows one subject, with any audience. */
export const policyFor = (subject: string, audience = issuer) =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Federated: 'arn:aws:iam::123456789012:oidc-provider/acme.semaphoreci.com' },
        Action: 'sts:AssumeRoleWithWebIdentity',
        Condition: { StringEquals: { 'acme.semaphoreci.com:aud': audience, 'acme.semaphoreci.com:sub': subject } },
      },
    ],
  });

/** The subject of a job on branch main. */
export const main = subjectOf(makeJob('branch'));
