import { describe, expect, it } from 'vitest';
import { explanationLines } from '../../src/text/explanation.ts';
import { explainPolicyFault } from '../../src/trust/policy-fault.ts';
import { parseTrustPolicy } from '../../src/trust/policy-parser.ts';
import { conditionPaste, makeTrustCondition } from '../../src/trust/trust-condition.ts';
import { explainTrustMistake, trustMistakesOf } from '../../src/trust/trust-mistakes.ts';
import { claimsOfMain, loginOfMain, policyOf, policyText, SUB, statement, subjectOf } from './semaphore-policy.ts';

describe('a trust policy, in words', () => {
  it('a mistake has its line, the wrong text and the corrected text', () => {
    const policy = policyOf(
      policyText(statement({ Condition: { StringEquals: { [SUB]: 'org:acme:project:web:*' } } })),
    );
    const text = trustMistakesOf(policy, loginOfMain()).flatMap((one) => explanationLines(explainTrustMistake(one)));
    expect(text).toEqual([
      'sem-aws-login: A wildcard stands where AWS compares exactly (line 11)',
      '  Only StringLike and its kin take * and ? for wildcards; elsewhere they stand',
      '  for themselves, and no ref contains them.',
      '    found  "StringEquals": { "acme.semaphoreci.com:sub":',
      '           "org:acme:project:web:*" }',
      '  Put this in its place:',
      '    "StringLike": { "acme.semaphoreci.com:sub": "org:acme:project:936a5312-a3b8-4921-8b3f-2cec8baac574:*" }',
      "sem-aws-login: The subject has a project's name in place of its id (line 11)",
      '  A subject reads org:NAME:project:ID:repo:NAME:ref_type:TYPE:ref:REF. Semaphore',
      "  puts the project's UUID there, since names can change.",
      '    found  "acme.semaphoreci.com:sub": "org:acme:project:web:*"',
      '  Put this in its place:',
      '    "acme.semaphoreci.com:sub": "org:acme:project:936a5312-a3b8-4921-8b3f-2cec8baac574:*"',
    ]);
  });

  it('what is missing is shown as an addition', () => {
    const policy = policyOf(policyText(statement({ Condition: {} })));
    const [mistake] = trustMistakesOf(policy, loginOfMain());
    const explanation = mistake && explainTrustMistake(mistake);
    expect(explanation).toMatchObject({ paste: { intro: "Add this to the statement's Condition:" } });
    expect(explanation).not.toHaveProperty('known');
  });

  it.each([
    ['{ "Statement": [], }', 'There is a comma before a closing bracket (line 1, column 18)'],
    ['{', 'The text ends too early (line 1, column 2)'],
    ['{ x }', 'The text is not JSON from "x" on (line 1, column 3)'],
    ['{}', 'This is not a trust policy: it has no Statement (line 1, column 1)'],
    ['{ "Statement": { "Effect": "allow" } }', '"Effect" cannot be "allow" (line 1, column 28)'],
  ])('the fault in %s has its place', (text, headline) => {
    const headlines = parseTrustPolicy(text).faults.map((fault) => explainPolicyFault(fault).headline);
    expect(headlines).toContain(headline);
  });
});

// https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateAssumeRolePolicy.html: a policy's text has no character beyond U+00FF.
describe('the condition to paste is ASCII, whatever the branch is called', () => {
  const pasteFor = (branch: string) => {
    const wanted = makeTrustCondition(claimsOfMain({ sub: subjectOf('branch', `refs/heads/${branch}`) }));
    if (wanted === undefined) throw new Error('these claims have an issuer and an audience');
    return { wanted, ...conditionPaste(wanted, undefined) };
  };

  it.each([
    ['brücke', 'br\\u00fccke'],
    ['Łódź', '\\u0141\\u00f3d\\u017a'],
    ['修正', '\\u4fee\\u6b63'],
    ['🚀', '\\ud83d\\ude80'],
    ['a\u202eb', 'a\\u202eb'],
  ])('%j', (branch, escaped) => {
    const { lines, intro, wanted } = pasteFor(branch);
    const text = lines.join('\n');
    expect(text).toMatch(/^[\n\x20-\x7e]*$/);
    expect(text).toContain(`refs/heads/${escaped}"`);
    expect(JSON.parse(`{ ${text} }`)).toEqual({ Condition: wanted.condition });
    expect(intro).toContain('IAM accepts no character beyond U+00FF');
  });

  it('and nothing is said of that where it is ASCII from the start', () => {
    expect(pasteFor('main').intro).not.toContain('U+00FF');
  });
});
