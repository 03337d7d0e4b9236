import type { Role } from './account.ts';
import { makeStandardRole, standardRoleArn } from './aws.ts';

/** Roles in addition to the standard one, which here allows up to twelve hours. */
export const furtherRoles = {
  /** Like the standard role, with at most an hour. */
  staging: 'arn:aws:iam::123456789012:role/staging',
  /** Trusts the standard role with the external id `the-id`. */
  audit: 'arn:aws:iam::210987654321:role/audit',
  /** Trusts `open`. */
  last: 'arn:aws:iam::345678901234:role/last',
  /** Trusts the standard role. */
  open: 'arn:aws:iam::210987654321:role/open',
} as const;

/** Returns the roles for `startAws`, the standard role first. */
export function makeFurtherRoles(): readonly Role[] {
  const standard = { ...makeStandardRole(), maxSessionDuration: 43_200 };
  return [
    standard,
    { ...makeStandardRole(), arn: furtherRoles.staging },
    {
      arn: furtherRoles.audit,
      trustPolicy: trustIn(standardRoleArn, { StringEquals: { 'sts:ExternalId': 'the-id' } }),
    },
    { arn: furtherRoles.open, trustPolicy: trustIn(standardRoleArn) },
    { arn: furtherRoles.last, trustPolicy: trustIn(furtherRoles.open) },
  ];
}

function trustIn(roleArn: string, condition?: Record<string, Record<string, string>>): Role['trustPolicy'] {
  return {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { AWS: roleArn },
        Action: ['sts:AssumeRole', 'sts:TagSession', 'sts:SetSourceIdentity'],
        ...(condition === undefined ? {} : { Condition: condition }),
      },
    ],
  };
}
