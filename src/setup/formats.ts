import type { SetupFormat } from '../cli/setup-options.ts';
import type { Paste } from '../text/explanation.ts';
import { quoteForBash } from '../text/shell-words.ts';
import { makeAwsCli } from './aws-cli.ts';
import { makeCloudFormation } from './cloudformation.ts';
import { placeholderThumbprint } from './comments.ts';
import { jsonFileNames, makeJson, makeJsonFiles, type SetupFile } from './json.ts';
import type { SetupPlan } from './plan.ts';
import { makeTerraform } from './terraform.ts';

/** A format of provider and role. */
interface Format {
  /** Returns the document, without a newline at its end. Throws `setup-incomplete` if the plan lacks what the format needs. */
  readonly make: (plan: SetupPlan) => string;
  /** Returns the files for `--out`, if that names a directory for this format. */
  readonly makeFiles?: (plan: SetupPlan) => readonly SetupFile[];
  /** Returns the steps that apply what was written at a path, undefined for standard output. */
  readonly steps: (out: string | undefined, plan: SetupPlan) => readonly Paste[];
}

const applyIntro = 'Apply it with administrator keys of the AWS account:';

/** The formats by their names on the command line. */
export const formats: Readonly<Record<SetupFormat, Format>> = {
  cloudformation: {
    make: makeCloudFormation,
    steps: (out, { roleName }) => [
      {
        intro: applyIntro,
        lines: [
          `aws cloudformation deploy --capabilities CAPABILITY_NAMED_IAM --stack-name ${stackNameOf(roleName)} --template-file ${fileText(out)}`,
        ],
      },
    ],
  },
  terraform: { make: makeTerraform, steps: () => [{ intro: applyIntro, lines: ['terraform apply'] }] },
  'aws-cli': {
    make: makeAwsCli,
    steps: (out) => [{ intro: applyIntro, lines: [`sh ${fileText(out)}`] }],
  },
  json: { make: makeJson, makeFiles: makeJsonFiles, steps: jsonSteps },
};

function jsonSteps(out: string | undefined, plan: SetupPlan): Paste[] {
  const { existingProvider, thumbprints, policies, roleName } = plan;
  if (out === undefined)
    return [
      { intro: 'Each member has the parameters of one IAM call. In Python, with boto3:', lines: boto3Lines(plan) },
      { intro: 'For the AWS CLI, run setup with --out DIRECTORY: it writes one file per call.', lines: [] },
    ];
  const call = (name: string, file: string) =>
    `aws iam ${name} --cli-input-json ${quoteForBash(`file://${out.replace(/\/+$/, '')}/${file}`)}`;
  const createProvider = call('create-open-id-connect-provider', jsonFileNames.provider);
  return [
    {
      intro: applyIntro,
      lines: [
        ...(existingProvider ? [] : [createProvider]),
        call('create-role', jsonFileNames.role),
        ...policies.map(
          ({ text }) => `aws iam attach-role-policy --role-name ${roleName} --policy-arn ${quoteForBash(text)}`,
        ),
      ],
    },
    ...(existingProvider || thumbprints.length > 0
      ? []
      : [
          {
            intro: 'If the AWS CLI is from before November 2024 and reports that ThumbprintList is missing:',
            lines: [`${createProvider} --thumbprint-list ${placeholderThumbprint}`],
          },
        ]),
  ];
}

function boto3Lines({ existingProvider, policies }: SetupPlan): string[] {
  return [
    'calls = json.load(open("FILE"))',
    ...(existingProvider ? [] : ['iam.create_open_id_connect_provider(**calls["CreateOpenIDConnectProvider"])']),
    'iam.create_role(**calls["CreateRole"])',
    ...(policies.length > 0 ? ['for policy in calls["AttachRolePolicy"]: iam.attach_role_policy(**policy)'] : []),
  ];
}

// The written file in a command.
function fileText(out: string | undefined): string {
  return out === undefined ? 'FILE' : quoteForBash(out);
}

// A stack's name begins with a letter, and has only letters, digits and dashes.
function stackNameOf(roleName: string): string {
  const name = roleName.replace(/[^A-Za-z0-9-]+/g, '-');
  return /^[A-Za-z]/.test(name) ? name : `role-${name}`;
}
