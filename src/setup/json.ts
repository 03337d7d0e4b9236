import { Failure } from '../failure.ts';
import { jsonText } from '../text/json.ts';
import { providerArnOf, type SetupPlan } from './plan.ts';
import { makeTrustDocument } from './trust-document.ts';

/**
 * Returns the parameters of IAM's calls, by the names of the calls. The trust policy is a string, as the AWS CLI and the SDKs
 * require. Throws `setup-incomplete` without an account.
 */
export function makeJson(plan: SetupPlan): string {
  const { roleName, policies } = plan;
  return jsonText({
    ...(!plan.existingProvider && { CreateOpenIDConnectProvider: providerParameters(plan) }),
    CreateRole: roleParameters(plan),
    ...(policies.length > 0 && {
      AttachRolePolicy: policies.map(({ text }) => ({ RoleName: roleName, PolicyArn: text })),
    }),
  });
}

/** A file of a setup that is written to a directory. */
export interface SetupFile {
  readonly name: string;
  /** Without a newline at its end. */
  readonly text: string;
}

/** The names of the files of `makeJsonFiles`. */
export const jsonFileNames = {
  provider: 'create-open-id-connect-provider.json',
  role: 'create-role.json',
  policy: 'trust-policy.json',
} as const;

/**
 * Returns one file per call, for `--cli-input-json` of the AWS CLI, and the trust policy in a file of its own, to read or to
 * paste. Throws `setup-incomplete` without an account.
 */
export function makeJsonFiles(plan: SetupPlan): SetupFile[] {
  return [
    ...(plan.existingProvider ? [] : [{ name: jsonFileNames.provider, text: jsonText(providerParameters(plan)) }]),
    { name: jsonFileNames.role, text: jsonText(roleParameters(plan)) },
    { name: jsonFileNames.policy, text: jsonText(trustPolicyOf(plan)) },
  ];
}

function providerParameters({ jobs, thumbprints }: SetupPlan) {
  return {
    Url: jobs.issuer.url,
    ClientIDList: [jobs.audience],
    ...(thumbprints.length > 0 && { ThumbprintList: thumbprints }),
  };
}

function roleParameters(plan: SetupPlan) {
  const { roleName, maxSessionDuration } = plan;
  return {
    RoleName: roleName,
    AssumeRolePolicyDocument: JSON.stringify(trustPolicyOf(plan)),
    ...(maxSessionDuration !== undefined && { MaxSessionDuration: maxSessionDuration }),
  };
}

function trustPolicyOf(plan: SetupPlan) {
  if (plan.account === undefined) throw new Failure({ kind: 'setup-incomplete', missing: ['account'], token: false });
  return makeTrustDocument(plan.jobs, providerArnOf(plan, plan.account));
}
