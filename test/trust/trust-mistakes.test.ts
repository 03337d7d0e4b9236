import { describe, expect, it } from 'vitest';
import { trustMistakesOf } from '../../src/trust/trust-mistakes.ts';
import { AUDIENCES } from './mistakes/audiences.ts';
import { wanting } from './mistakes/cases.ts';
import { KEYS } from './mistakes/keys.ts';
import { OPENNESS } from './mistakes/openness.ts';
import { OPERATORS } from './mistakes/operators.ts';
import { ACTIONS, PRINCIPALS } from './mistakes/statements.ts';
import { SUBJECTS } from './mistakes/subjects.ts';
import { loginOfMain, MAIN, policyOf, policyText, SUB, statement, tagsOfMain } from './semaphore-policy.ts';

describe('the usual mistakes, each with its corrected line', () => {
  describe.each([
    { what: 'audience', cases: AUDIENCES },
    { what: 'key', cases: KEYS },
    { what: 'subject', cases: SUBJECTS },
    { what: 'operator', cases: OPERATORS },
    { what: 'action', cases: ACTIONS },
    { what: 'principal', cases: PRINCIPALS },
    { what: 'openness', cases: OPENNESS },
  ])('$what', ({ cases }) => {
    it.each(cases)('$name', ({ statements, login = loginOfMain(), mistakes }) => {
      const found = trustMistakesOf(policyOf(policyText(statements)), login);
      expect(found.map(({ kind, found: line, corrected }) => [kind, line, corrected])).toEqual(mistakes);
    });
  });

  it('have a location', () => {
    const [mistake] = trustMistakesOf(policyOf(policyText([statement(), wanting([MAIN, `${MAIN}*`])])), loginOfMain());
    const at = { pointer: `/Statement/1/Condition/StringEquals/${SUB}`, line: 26, column: 11 };
    expect(mistake).toMatchObject({ at });
  });

  const all = { StringLike: { [SUB]: 'org:*' } };
  it.each([
    ['a condition that lets forks in', all, `/Statement/1/Condition/StringLike/${SUB}`],
    ['a statement that lets forks in', { StringEquals: { 'aws:RequestTag/branch': 'main' } }, '/Statement/1'],
    ['a statement without a subject', {}, '/Statement/1'],
  ])('have a location: %s', (_what, Condition, pointer) => {
    const policy = policyOf(policyText([statement(), statement({ Action: 'sts:*', Condition })]));
    expect(trustMistakesOf(policy, loginOfMain(tagsOfMain()))).toMatchObject([{ at: { pointer } }]);
  });
});
