import type { SetupFormat } from '../cli/setup-options.ts';
import { Failure } from '../failure.ts';
import { makeAwsCli } from './aws-cli.ts';
import { makeCloudFormation } from './cloudformation.ts';
import { providerArnOf, type SetupPlan } from './plan.ts';
import { makeTerraform } from './terraform.ts';
import { makeTrustDocument } from './trust-document.ts';

/** Provider and role in one of the formats, without a newline at its end. Throws `setup-incomplete` for JSON without an account. */
export function makeSetupDocument(plan: SetupPlan, format: SetupFormat): string {
  switch (format) {
    case 'cloudformation':
      return makeCloudFormation(plan);
    case 'terraform':
      return makeTerraform(plan);
    case 'aws-cli':
      return makeAwsCli(plan);
    case 'json':
      if (plan.account === undefined)
        throw new Failure({ kind: 'setup-incomplete', missing: ['account'], token: false });
      return makeJson(plan, plan.account);
  }
}

/** What IAM's calls take, by the calls' own names, with the trust policy as an object: for programs, and for the console. */
function makeJson(plan: SetupPlan, account: string): string {
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
