import { Failure } from '../failure.ts';
import type { SetupFormat } from '../request/setup-request.ts';
import { makeAwsCli } from './aws-cli.ts';
import { makeCloudFormation } from './cloudformation.ts';
import { makeJson } from './json.ts';
import type { SetupPlan } from './plan.ts';
import { makeTerraform } from './terraform.ts';

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
