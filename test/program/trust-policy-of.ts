import { makeJob, subjectOf } from '../aws-simulator/semaphore-job.ts';

/** The issuer of the local STS's jobs, and their audience. */
export const issuer = 'https://acme.semaphoreci.com';

/** A trust policy that lets one subject in, with an audience that need not be right. */
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
