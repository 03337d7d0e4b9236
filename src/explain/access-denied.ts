import { makeProviderArn, nameInResource, splitArn } from '../aws/arn.ts';
import type { StsRequestContext } from '../failures/aws.ts';
import { parseSubject } from '../semaphore/subject.ts';
import type { Explanation, Paste } from '../text/explanation.ts';
import { printable, quote } from '../text/quote.ts';
import { inSingleQuotes } from '../text/shell-words.ts';
import { issuerHostOf } from '../trust/condition-evaluation.ts';
import {
  conditionLines,
  escapesNoteFor,
  makeTrustCondition,
  makeWiderCondition,
  statementLines,
  type TrustCondition,
} from '../trust/trust-condition.ts';
import type { StsRefusal } from '../world/sts.ts';
import { tagAdvice, unacceptedTagOf } from './sts-request.ts';

type Words = Pick<Explanation, 'cause' | 'causes' | 'steps' | 'remedies'>;

/** Returns the likely causes and the fix for AccessDenied, of which STS never says which condition failed. */
export function describeAccessDenied({ message }: StsRefusal, context: StsRequestContext): Words {
  const condition = makeTrustCondition(context.token);
  const says = message === '' ? 'STS gives no reason.' : `STS says only ${quote(message)}.`;
  if (condition === undefined)
    return {
      cause: `${says} The token has no issuer or no audience, and AWS accepts no such token.`,
      remedies: ['Ask the administrators of this Semaphore installation.'],
    };
  const lacksTagSession = message.includes('sts:TagSession');
  return {
    ...(lacksTagSession
      ? { cause: `STS says ${quote(message)}. The token carries tags, so the trust policy must allow that too.` }
      : { cause: says, causes: causesOf(condition.pins, context) }),
    steps: [
      ...(unacceptedTagOf(context.token) === undefined ? [] : [{ intro: tagAdvice, lines: [] }]),
      ...statementSteps(condition, context),
      policyCheck(context),
    ],
    remedies: [],
  };
}

function causesOf(pins: TrustCondition['pins'], context: StsRequestContext): string[] {
  const { token, roleArn } = context;
  const host = issuerHostOf(token) ?? '';
  const organization = token.sub === undefined ? undefined : parseSubject(token.sub)?.organization;
  const tag = unacceptedTagOf(token);
  return [
    ...(tag === undefined
      ? []
      : [`STS does not accept the value of the token's tag ${printable(tag.key)}: ${quote(tag.value)}.`]),
    ...(organization === undefined || organization === host.split('.')[0]
      ? []
      : [`The policy names another issuer than ${printable(host)}, whose name is not the organization's.`]),
    context.fork === undefined
      ? policyCause[pins]
      : 'The policy does not allow pull requests. For one of a fork, keep it so.',
    ...(token.tags === undefined ? [] : ['The token carries tags, and the policy does not allow sts:TagSession.']),
    `Account ${accountOf(roleArn)} has no role ${roleNameOf(roleArn)}, or it is new: retry with --wait 60`,
    'An AWS organization policy (SCP or RCP) blocks the login.',
  ];
}

const policyCause: Readonly<Record<TrustCondition['pins'], string>> = {
  branch: "The role's trust policy does not allow this branch.",
  tag: "The role's trust policy allows branches or other tags, but not this tag.",
  'pull-request': "The role's trust policy does not allow pull requests, often on purpose.",
  project: 'The policy names a branch, but a debug session of a project has none.',
  subject: "The role's trust policy does not allow this subject.",
  organization: 'The policy names a subject, and this token has none.',
};

const addStatement = "add this statement to the role's trust policy:";

function statementSteps(exact: TrustCondition, context: StsRequestContext): Paste[] {
  const { token, fork } = context;
  const wider = makeWiderCondition(token);
  const statement = ({ condition }: { condition: Parameters<typeof statementLines>[2] }, intro: string): Paste => ({
    intro: [escapesNoteFor(condition), intro].join(' ').trim(),
    lines: statementLines(providerOf(context), exact.actions, condition),
  });
  if (wider !== undefined && exact.pins === 'pull-request' && (exact.onlyThisCommit || fork !== undefined)) {
    const who = fork === undefined ? '' : 'If all authors of pull requests are allowed to use the role, ';
    return [
      ...(fork === undefined ? [] : [keepOut]),
      statement(
        wider,
        fork === undefined
          ? `This ref never comes again: each push makes a new merge commit. To allow all pull requests, forks' too, ${addStatement}`
          : `${who}${addStatement}`,
      ),
    ];
  }
  const step = statement(exact, `${exactIntro[exact.pins]}, ${addStatement}`);
  if (wider === undefined || exact.pins !== 'tag') return [step];
  return [
    step,
    {
      intro: `To allow all tags ${printable(wider.refs)} (by anyone who can push them), use this Condition:`,
      lines: conditionLines(wider.condition),
    },
  ];
}

const exactIntro: Readonly<Record<TrustCondition['pins'], string>> = {
  branch: 'To allow this branch',
  tag: 'To allow this tag',
  'pull-request': 'To allow this pull request',
  project: 'To allow its debug sessions',
  subject: 'To allow this subject',
  organization: 'To allow all jobs of the organization, since without a subject it cannot be narrower',
};

// `.+`, not `.*`: the value is empty where there is no pull request.
const keepOut: Paste = {
  intro: "To keep forks out, leave the role as it is and add this to the block's YAML:",
  lines: [`run: { when: "pull_request !~ '.+'" }`],
};

/** The command that names the failed condition, where someone can read the role. */
function policyCheck({ roleArn, token }: StsRequestContext): Paste {
  const name = roleNameOf(roleArn);
  const audiences = [token.aud ?? []].flat();
  const audience = audiences.find((one) => one === token.iss) ?? audiences[0] ?? '';
  const values = [['--sub', token.sub] as const, ['--aud', audience] as const].flatMap(([option, value]) =>
    value === undefined ? [] : [`${option} ${inSingleQuotes(value)}`],
  );
  const command = `aws iam get-role --role-name ${name} | sem-aws-login doctor --trust-policy - ${values.join(' ')}`;
  const intro = `To see which condition fails, run this with access to account ${accountOf(roleArn)}:`;
  // A value that cannot be printed as it is would make another command.
  return printable(command, 2000) === command
    ? { intro, lines: [command] }
    : {
        intro: 'To see which condition fails, run this in the job:',
        lines: ['sem-aws-login doctor --trust-policy FILE'],
      };
}

/** Returns the ARN of the identity provider that the role's account needs for this token. */
export function providerOf({ roleArn, token }: StsRequestContext): string {
  const partition = splitArn(roleArn)?.partition ?? 'aws';
  return makeProviderArn({ partition, account: accountOf(roleArn), host: issuerHostOf(token) ?? '' });
}

/** Returns the account in a role's ARN. */
export function accountOf(roleArn: string): string {
  return splitArn(roleArn)?.account ?? '';
}

/** Returns the name in a role's ARN, without its path, safe to print. */
export function roleNameOf(roleArn: string): string {
  return printable(nameInResource(splitArn(roleArn)?.resource ?? ''));
}
