import type { SetupFormat } from '../cli/setup-options.ts';
import { makeAwsCli } from './aws-cli.ts';
import { makeCloudFormation } from './cloudformation.ts';
import { makeJson } from './json.ts';
import type { SetupPlan } from './plan.ts';
import { makeTerraform } from './terraform.ts';

/** A format of provider and role. */
interface Format {
  /** Returns the document, without a newline at its end. Throws `setup-incomplete` if the plan lacks what the format needs. */
  readonly make: (plan: SetupPlan) => string;
  /** Returns the next step after writing: the command for the file, whose name is quoted for a shell. */
  readonly nextStep: (file: string, plan: SetupPlan) => string;
}

/** The formats by their names on the command line. */
export const formats = {
  cloudformation: {
    make: makeCloudFormation,
    nextStep: (file, { roleName }) =>
      `aws cloudformation deploy --capabilities CAPABILITY_NAMED_IAM --stack-name ${stackNameOf(roleName)} --template-file ${file}`,
  },
  terraform: { make: makeTerraform, nextStep: () => 'terraform apply' },
  'aws-cli': { make: makeAwsCli, nextStep: (file) => `sh ${file}` },
  json: {
    make: makeJson,
    nextStep: () => 'the members are the calls of IAM by name; the trust policy can be pasted into the console',
  },
} satisfies Record<SetupFormat, Format>;

// A stack's name begins with a letter, and has only letters, digits and dashes.
function stackNameOf(roleName: string): string {
  const name = roleName.replace(/[^A-Za-z0-9-]+/g, '-');
  return /^[A-Za-z]/.test(name) ? name : `role-${name}`;
}
