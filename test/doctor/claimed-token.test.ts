import { describe, expect, test } from 'vitest';
import { claimsDescribedBy } from '../../src/doctor/described-claims.ts';
import { Failure } from '../../src/failure.ts';
import { parseClaims } from '../../src/semaphore/claims.ts';

const issuer = 'https://acme.semaphoreci.com';
const nothing = { subject: undefined, audience: undefined, file: undefined };
const token = parseClaims({ iss: issuer, aud: issuer, sub: 'own', job_id: '1' }, 'a1');

describe('claims instead of the job’s token', () => {
  test('an audience is the issuer too', () => {
    const claims = claimsDescribedBy({ ...nothing, subject: 's', audience: issuer }, undefined, undefined);
    expect(claims).toMatchObject({ iss: issuer, aud: issuer, sub: 's' });
  });

  test('a subject alone replaces the one of the job’s token', () => {
    expect(claimsDescribedBy({ ...nothing, subject: 's' }, undefined, token)).toMatchObject({ iss: issuer, sub: 's' });
  });

  test('a description can lack claims, so a missing claim means nothing', () => {
    expect(claimsDescribedBy({ ...nothing, subject: 's' }, undefined, token)).not.toHaveProperty('names');
    const whole = claimsDescribedBy({ ...nothing, file: 'f' }, JSON.stringify({ iss: issuer, sub: 's' }), undefined);
    expect(whole).toMatchObject({ names: ['iss', 'sub'], aud: issuer });
  });

  test('tags are read as AWS reads them', () => {
    const text = JSON.stringify({ aud: issuer, 'https://aws.amazon.com/tags': { principal_tags: { repo: ['web'] } } });
    expect(claimsDescribedBy({ ...nothing, file: 'f' }, text, undefined)).toMatchObject({
      iss: issuer,
      tags: { repo: ['web'] },
    });
  });

  test.each([
    ['no issuer', { ...nothing, subject: 's' }, undefined],
    ['a list', { ...nothing, file: 'f' }, '[]'],
    ['no JSON', { ...nothing, file: 'f' }, 'eyJ.eyJ.x'],
  ])('%s is rejected', (_, claimed, file) => {
    expect(() => claimsDescribedBy(claimed, file, undefined)).toThrow(Failure);
  });
});
