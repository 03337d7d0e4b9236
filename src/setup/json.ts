import { Failure } from '../failure.ts';
import { jsonText } from '../text/json.ts';
import { providerArnOf, type SetupPlan } from './plan.ts';
import { makeTrustDocument } from './trust-document.ts';

/**
 * Returns the parameters of IAM's calls by the calls' names, with the trust policy as an object: for programs, and for the
 * console. Throws `setup-incomplete` without an account.
 */
export function makeJson(plan: SetupPlan): string {
  if (plan.account === undefined) throw new Failure({ kind: 'setup-incomplete', missing: ['account'], token: false });
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
      AssumeRolePolicyDocument: makeTrustDocument(jobs, providerArnOf(plan, plan.account)),
      ...(maxSessionDuration !== undefined && { MaxSessionDuration: maxSessionDuration }),
    },
    ...(policies.length > 0 && {
      AttachRolePolicy: policies.map(({ text }) => ({ RoleName: roleName, PolicyArn: text })),
    }),
  };
  return jsonText(setup);
}
