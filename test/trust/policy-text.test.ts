import { describe, expect, it } from 'vitest';
import { parseTrustPolicy, policyTextOf } from '../../src/trust/policy-parser.ts';
import { AUD, ISSUER, MAIN, policyText, statement } from './semaphore-policy.ts';

describe('a policy document', () => {
  const document = policyText(statement());
  const role = (policy: unknown) => ({
    Role: { Arn: 'arn:aws:iam::123456789012:role/deploy', AssumeRolePolicyDocument: policy },
  });
  const FORMS: readonly (readonly [name: string, raw: string, decoded: boolean, roleArn?: string])[] = [
    ['the document', document, false],
    ['with a byte order mark', `\uFEFF${document}`, false],
    ['aws iam get-role', JSON.stringify(role(JSON.parse(document)), null, 4), false, role('').Role.Arn],
    ['aws iam get-role --query Role', JSON.stringify(role(JSON.parse(document)).Role), false, role('').Role.Arn],
    ['get-role with an encoded document', JSON.stringify(role(encodeURIComponent(document))), true, role('').Role.Arn],
    ['URL-encoded', encodeURIComponent(document), true],
    ['URL-encoded in small letters', encodeURIComponent(document).replace('%7B', '%7b'), true],
    ...['%20', '%0A', '%0D', '%09', '%0d%0a'].map(
      (blank) => [`URL-encoded with ${blank} before it`, blank + encodeURIComponent(document), true] as const,
    ),
    ['URL-encoded with white space around', `\n${encodeURIComponent(` ${document}`)}\n`, true],
    ['a JSON string', JSON.stringify(document), true],
    ['a JSON string, URL-encoded', JSON.stringify(encodeURIComponent(document)), true],
  ];
  const forms = FORMS.map(([name, raw, decoded, roleArn]) => ({ name, raw, decoded, roleArn }));
  it.each(forms)('is found in this form: $name', ({ raw, decoded, roleArn }) => {
    const found = policyTextOf(raw);
    const { policy, faults } = parseTrustPolicy(found.text);
    expect(faults).toEqual([]);
    expect(policy?.statements[0]?.conditions.map((condition) => condition.values[0]?.text)).toEqual([ISSUER, MAIN]);
    expect(found).toMatchObject({ decoded, ...(roleArn && { roleArn }) });
  });

  it.each([
    ['no JSON', '{'],
    ['a list', '[1]'],
    ['an object of another kind', '{"Role":{"Arn":"x"}}'],
    ['an invalid role', '{"Role":1}'],
    ['an invalid escape', '%7B%ZZ'],
  ])('is not found in %s, which is returned unchanged', (_what, raw) => {
    expect(policyTextOf(raw)).toMatchObject({ text: raw });
    expect(policyTextOf(raw)).not.toHaveProperty('roleArn');
  });

  it.each([
    ['a role without an ARN', JSON.stringify({ AssumeRolePolicyDocument: {} })],
    ['a role whose ARN is not a string', JSON.stringify({ Arn: 1, AssumeRolePolicyDocument: {} })],
  ])('is found without a role’s ARN in %s', (_what, raw) => {
    const found = policyTextOf(raw);
    expect(found).not.toHaveProperty('roleArn');
    expect(found.text.trim()).toBe('{}');
  });

  it.each([
    ['on one line', (whole: object) => JSON.stringify(whole)],
    ['on many', (whole: object) => JSON.stringify(whole, null, 4)],
  ])('keeps its columns in a file %s', (_what, write) => {
    const raw = write(role({ Statement: 1 }));
    expect(policyTextOf(raw).text.indexOf('"Statement"')).toBe(raw.indexOf('"Statement"'));
    expect(policyTextOf(raw).text.split('\n')).toHaveLength(raw.split('\n').length - (raw.includes('\n') ? 2 : 0));
  });

  it('keeps a byte order mark that is part of a text, and lines before an encoded one', () => {
    expect(policyTextOf('{"Sid":"\uFEFF"}').text).toBe('{"Sid":"\uFEFF"}');
    expect(policyTextOf('\n%7B%7D\n').text).toBe('\n{}\n');
  });

  it('is taken from a JSON string only if the string has one', () => {
    expect(policyTextOf('"50% %7B"')).toEqual({ text: '50% %7B', decoded: true });
    expect(policyTextOf('"%7B"')).toEqual({ text: '{', decoded: true });
  });

  it('keeps the line numbers of the file around the document', () => {
    const raw = JSON.stringify(role(JSON.parse(document)), null, 4);
    const condition = parseTrustPolicy(policyTextOf(raw).text).policy?.statements[0]?.conditions[0];
    expect(raw.split('\n')[(condition?.at.line ?? 0) - 1]?.slice((condition?.at.column ?? 0) - 1)).toBe(
      `"${AUD}": "${ISSUER}",`,
    );
  });
});
