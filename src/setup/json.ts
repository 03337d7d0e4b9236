import { providerArnOf, type SetupPlan } from './plan.ts';
import { makeTrustDocument } from './trust-document.ts';

/** What IAM's calls take, by the calls' own names, with the trust policy as an object: for programs, and for the console. */
export function makeJson(plan: SetupPlan, account: string): string {
  const { jobs, existingProvider, thumbprints, roleName, maxSessionDuration, policies } = plan;
  const provider = {
    Url: jobs.issuer.url,
    ClientIDList: [jobs.audience],
    ...(thumbprints.length > 0 && { ThumbprintList: thumbprints }),
  };
  const setup = {
    ...(!existingProvider && { CreateOpenIDConnectProvider: provider }),
    CreateRole: {
      RoleName: roleName,
      AssumeRolePolicyDocument: makeTrustDocument(jobs, providerArnOf(plan, account)),
      ...(maxSessionDuration !== undefined && { MaxSessionDuration: maxSessionDuration }),
    },
    ...(policies.length > 0 && {
      AttachRolePolicy: policies.map(({ text }) => ({ RoleName: roleName, PolicyArn: text })),
    }),
  };
  return JSON.stringify(setup, null, 2);
}
