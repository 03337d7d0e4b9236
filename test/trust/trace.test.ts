import { describe, expect, it } from 'vitest';
import type { ConditionUnknown, KeyState, WebIdentityLogin } from '../../src/trust/condition-evaluation.ts';
import { applies, evaluateTrustPolicy } from '../../src/trust/evaluation.ts';
import {
  AUD,
  claimsOfMain,
  HOST,
  ISSUER,
  loginOfMain,
  MAIN,
  PROVIDER,
  policyOf,
  policyText,
  SUB,
  statement,
  tagsOfMain,
} from './semaphore-policy.ts';

const TAGGED = loginOfMain(tagsOfMain());

/** The trace of a policy's one condition. */
function traceOf(Condition: Record<string, Record<string, unknown>>, login: WebIdentityLogin = loginOfMain()) {
  const decision = evaluateTrustPolicy(policyOf(policyText(statement({ Condition }))), login);
  return decision.statements[0]?.conditions[0] ?? expect.fail('there is a condition');
}

describe('the trace of a condition', () => {
  const present = (...values: string[]): KeyState => ({ state: 'present', values, many: false });

  it('shows what the policy wants, what the request has, and the location', () => {
    const at = { pointer: `/Statement/Condition/StringLike/${SUB}`, line: 11, column: 9 };
    const trace = { operator: 'StringLike', key: SUB, wants: ['org:*', 'x'], has: present(MAIN), at };
    expect(traceOf({ StringLike: { [SUB]: ['org:*', 'x'] } })).toEqual({ ...trace, held: 'yes' });
    expect(traceOf({ StringLike: { [SUB]: ['rtx:*', 'x'] } })).toEqual({
      ...trace,
      wants: ['rtx:*', 'x'],
      held: 'no',
    });
  });

  const KEYS: readonly (readonly [key: string, has: KeyState, login?: WebIdentityLogin])[] = [
    [AUD, present(ISSUER)],
    ['aws:SecureTransport', present('true')],
    ['aws:RequestTag/branch', present('main'), TAGGED],
    ['aws:TagKeys', { state: 'present', values: Object.keys(tagsOfMain().tags), many: true }, TAGGED],
    ['aws:TagKeys', { state: 'absent' }],
    ['sts:RoleSessionName', present('job-1')],
    ['sts:ExternalId', { state: 'absent' }],
    ['sts:DurationSeconds', { state: 'absent' }],
    ['sts:AWSServiceName', { state: 'absent' }],
    ['sts:SourceIdentity', { state: 'absent' }],
    ['sts:TransitiveTagKeys', { state: 'absent' }],
    [`${HOST}:email`, { state: 'absent' }],
    ['rtx.semaphoreci.com:aud', { state: 'absent' }],
  ];
  it.each(KEYS.map(([key, has, login]) => ({ key, has, login })))('$key is $has.state', ({ key, has, login }) => {
    expect(traceOf({ StringEquals: { [key]: 'x' } }, login).has).toEqual(has);
  });

  const { names: _, ...unnamed } = claimsOfMain();
  const { iss: __, ...withoutIssuer } = claimsOfMain();
  const UNKNOWN: readonly (readonly [
    why: ConditionUnknown,
    operator: string,
    key: string,
    value: unknown,
    login?: WebIdentityLogin,
  ])[] = [
    ['only-aws-knows', 'StringEquals', 'aws:SourceIp', 'x'],
    ['only-aws-knows', 'StringEquals', 'sts:Unheard', 'x'],
    ['only-aws-knows', 'StringEquals', 'iam:ResourceTag/x', 'x'],
    ['only-aws-knows', 'StringEquals', 'sub', 'x'],
    ['only-aws-knows', 'StringEquals', 'x:sub.y', 'x'],
    ['undocumented-claim', 'StringEquals', `${HOST}:branch`, 'main'],
    ['undocumented-claim', 'StringEquals', `${HOST}:email`, 'x', loginOfMain({ names: ['Email'] })],
    ['undocumented-claim', 'StringEquals', `${HOST}:branch`, 'main', loginOfMain({ amr: ['main'] })],
    ['undocumented-claim', 'StringEquals', `${HOST}:oaud`, ISSUER],
    ['undocumented-claim', 'StringEquals', `${HOST}:amr`, 'x', { claims: unnamed }],
    ['not-given', 'StringEquals', 'sts:RoleSessionName', 'x', { claims: claimsOfMain() }],
    ['not-given', 'StringEquals', 'sts:SourceIdentity', 'x', { claims: unnamed }],
    ['not-given', 'StringEquals', SUB, 'x', { claims: withoutIssuer }],
    [
      'not-given',
      'ForAnyValue:StringEquals',
      'sts:TransitiveTagKeys',
      'x',
      loginOfMain({ ...tagsOfMain(), transitiveTagKeys: undefined }),
    ],
    ['ambiguous', 'StringEquals', AUD, 'x', loginOfMain({ aud: ['x', 'y'] })],
    ['ambiguous', 'StringEquals', AUD, 'x', loginOfMain({ aud: [] })],
    ['ambiguous', 'StringEquals', AUD, 'x', loginOfMain({ azp: 'x' })],
    ['ambiguous', 'StringEquals', AUD, 'x', loginOfMain({ aud: undefined, azp: 'x' })],
    ['ambiguous', 'StringEquals', 'aws:RequestTag/a', 'x', loginOfMain(tagsOfMain({ a: ['x', 'y'] }))],
    ['ambiguous', 'StringEquals', 'aws:RequestTag/a', 'x', loginOfMain(tagsOfMain({ a: [] }))],
    ['ambiguous', 'StringEquals', 'aws:RequestTag/a', 'x', loginOfMain(tagsOfMain({ a: ['x'], A: ['x'] }))],
    ['unsupported-operator', 'ArnLike', SUB, '*'],
    ['unsupported-operator', 'ArnLike', 'aws:SourceArn', '*'],
    ['policy-variable', 'StringEquals', SUB, '${aws:userid}'],
    ['policy-variable', 'StringEquals', SUB, [MAIN, '${aws:userid}']],
    ['policy-variable', 'StringEqualsIgnoreCase', SUB, '${aws:userid}'],
    ['policy-variable', 'Bool', 'aws:SecureTransport', '${aws:userid}'],
    ['list-without-set-operator', 'StringEquals', 'aws:TagKeys', 'repo', TAGGED],
    ['undocumented', 'Bool', SUB, 'true'],
    ['undocumented', 'Bool', 'aws:SecureTransport', ['true', 'yes']],
    ['undocumented', 'Bool', 'aws:SecureTransport', 'untrue'],
    ['undocumented', 'Bool', 'aws:SecureTransport', 'trues'],
    ['undocumented', 'StringEquals', SUB, []],
    ['undocumented', 'Null', SUB, ['false', 'maybe']],
    ['undocumented', 'Null', SUB, 'unfalse'],
    ['undocumented', 'Null', SUB, 'falsely'],
    ['undocumented', 'StringNotEqualsIgnoreCase', SUB, MAIN.replace('main', 'straße')],
    ['undocumented', 'Null', SUB, 'maybe'],
    ['undocumented', 'Null', 'aws:RequestTag/pr_branch', 'false', TAGGED],
    ['undocumented', 'NullIfExists', SUB, 'false'],
    ['undocumented', 'ForAllValues:Null', 'aws:TagKeys', 'false', TAGGED],
    ['undocumented', 'ForAnyValue:StringNotEquals', 'aws:TagKeys', 'x'],
    ['undocumented', 'ForAnyValue:StringEqualsIfExists', 'aws:TagKeys', 'x'],
    ['undocumented', 'StringEqualsIgnoreCase', SUB, MAIN.replace('main', 'straße')],
    ['undocumented', 'ForAnyValue:Bool', 'aws:TagKeys', 'true', TAGGED],
  ];
  const unknown = UNKNOWN.map(([why, operator, key, value, login]) => ({ why, operator, key, value, login }));
  it.each(unknown)('is not known: $why for $operator $key $value', ({ why, operator, key, value, login }) => {
    expect(traceOf({ [operator]: { [key]: value } }, login)).toMatchObject({ held: 'unknown', why });
  });
});

describe('the trace of a statement', () => {
  const parts = { pointer: '/Statement/0', line: 4, column: 5 };
  const decide = (changes: Record<string, unknown>, login: WebIdentityLogin = loginOfMain()) =>
    evaluateTrustPolicy(policyOf(policyText([statement({ Condition: {}, ...changes })])), login);

  it('shows its provider and the token’s, its actions, and their locations', () => {
    const action = 'sts:AssumeRoleWithWebIdentity' as const;
    expect(decide({ Sid: 'Main' })).toEqual({
      outcome: 'allowed',
      actions: [{ action, outcome: 'allowed', deciding: [{ statement: 0, part: 'statement' }] }],
      statements: [
        {
          index: 0,
          sid: 'Main',
          effect: 'Allow',
          principal: {
            wants: [PROVIDER],
            has: PROVIDER,
            held: 'yes',
            at: { pointer: '/Statement/0/Principal', line: 6, column: 7 },
          },
          actions: [{ action, held: 'yes' }],
          actionAt: { pointer: '/Statement/0/Action', line: 9, column: 7 },
          conditions: [],
          at: parts,
        },
      ],
    });
  });

  const unknownRole = { claims: claimsOfMain() };
  it.each<readonly [what: string, Principal: unknown, login: WebIdentityLogin, principal: object]>([
    ['everyone', '*', loginOfMain(), { wants: ['*'], has: PROVIDER, held: 'yes' }],
    ['an account', { AWS: '1' }, loginOfMain(), { wants: ['1'], held: 'no' }],
    ['another provider', { Federated: 'x' }, loginOfMain(), { wants: ['x'], held: 'no' }],
    ['any service', { Service: '*' }, loginOfMain(), { held: 'no' }],
    ['any account', { AWS: '*' }, loginOfMain(), { held: 'unknown' }],
    ['any provider', { Federated: '*' }, loginOfMain(), { held: 'unknown' }],
    ['without a role, the host', { Federated: PROVIDER }, unknownRole, { has: HOST, held: 'yes' }],
    ['in another partition', { Federated: PROVIDER.replace('aws', 'aws-cn') }, unknownRole, { held: 'yes' }],
    ['in another case', { Federated: PROVIDER.replace('acme', 'Acme') }, unknownRole, { held: 'unknown' }],
    ['of another host', { Federated: PROVIDER.replace('acme', 'rtx') }, unknownRole, { held: 'no' }],
    ['of another kind', { Federated: PROVIDER.replace('oidc', 'saml') }, unknownRole, { held: 'no' }],
    ['with text before it', { Federated: `x${PROVIDER}` }, unknownRole, { held: 'no' }],
    [
      'without an issuer',
      { Federated: PROVIDER },
      loginOfMain({ iss: undefined }),
      { has: undefined, held: 'unknown' },
    ],
  ])('wants and has a provider: %s', (_what, Principal, login, principal) => {
    expect(decide({ Principal }, login).statements[0]?.principal).toMatchObject(principal);
  });

  it('does not apply to an action that was not asked for', () => {
    const [trace] = decide({}).statements;
    expect(trace && applies(trace, 'sts:AssumeRoleWithWebIdentity')).toBe('yes');
    expect(trace && applies(trace, 'sts:TagSession')).toBe('no');
  });

  const ip = { IpAddress: { 'aws:SourceIp': '203.0.113.0/24' } };
  it.each([
    ['an explicit deny', { Effect: 'Deny' }, 'refused', 'statement'],
    ['no allow', { Action: 's3:*' }, 'refused', 'action'],
    ['unknown', { Condition: ip }, 'unknown', 'condition'],
    ['an allow', {}, 'allowed', 'statement'],
  ])('decides: %s', (_what, changes, outcome, part) => {
    expect(decide(changes).actions).toMatchObject([{ outcome, deciding: [{ part }] }]);
  });

  it('decides for each action that the token needs', () => {
    const names = ['https://aws.amazon.com/source_identity'];
    const { outcome, actions } = decide({ Action: 'sts:AssumeRole*' }, loginOfMain({ ...tagsOfMain(), names }));
    expect(outcome).toBe('refused');
    expect(actions.map(({ action, outcome: one, deciding }) => [action, one, deciding[0]?.part])).toEqual([
      ['sts:AssumeRoleWithWebIdentity', 'allowed', 'statement'],
      ['sts:TagSession', 'refused', 'action'],
      ['sts:SetSourceIdentity', 'refused', 'action'],
    ]);
  });
});
