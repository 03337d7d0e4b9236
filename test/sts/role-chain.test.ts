import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isPlain, lastHopOf, makePlainHop, parseRoleChain } from '../../src/sts/role-chain.ts';
import type { RoleChain, RoleHop } from '../../src/world/sts.ts';

const first = makePlainHop('arn:aws:iam::123456789012:role/deploy', 'job');
const next = makePlainHop('arn:aws:iam::210987654321:role/audit', 'job');

describe('a web-identity profile can express the chain', () => {
  test.each<[string, RoleChain, boolean]>([
    ['for one plain role', { first, further: [] }, true],
    ['but no duration', { first: { ...first, durationSeconds: 900 }, further: [] }, false],
    ['no session policy', { first: { ...first, policy: '{}' }, further: [] }, false],
    ['no managed session policies', { first: { ...first, policyArns: ['arn'] }, further: [] }, false],
    ['and no chain', { first, further: [next] }, false],
  ])('%s', (_title, chain, expected) => {
    expect(isPlain(chain)).toBe(expected);
  });
});

test.each<[RoleChain, RoleHop]>([
  [{ first, further: [] }, first],
  [{ first, further: [next] }, next],
  [{ first, further: [first, next] }, next],
])('the last role’s credentials are the result (%#)', (chain, expected) => {
  expect(lastHopOf(chain)).toBe(expected);
});

const text = fc.string({ unit: 'binary' });
const hop: fc.Arbitrary<RoleHop> = fc.record({
  roleArn: text,
  sessionName: text,
  durationSeconds: fc.option(fc.integer({ min: 900, max: 43_200 }), { nil: undefined }),
  policy: fc.option(text, { nil: undefined }),
  policyArns: fc.array(text, { maxLength: 3 }),
  externalId: fc.option(text, { nil: undefined }),
  sourceIdentity: fc.option(text, { nil: undefined }),
  tags: fc.array(fc.tuple(text, text), { maxLength: 3 }),
  transitiveTags: fc.array(text, { maxLength: 3 }),
});

describe('a stored chain', () => {
  test('always parses to the same chain', () => {
    fc.assert(
      fc.property(fc.record({ first: hop, further: fc.array(hop, { maxLength: 3 }) }), (chain) => {
        expect(parseRoleChain(JSON.parse(JSON.stringify(chain)))).toEqual(chain);
      }),
    );
  });

  test.each([
    [undefined],
    [null],
    ['text'],
    [{}],
    [{ first }],
    [{ first, further: {} }],
    [{ first: { roleArn: 'arn' }, further: [] }],
    [{ first, further: [{ sessionName: 'job' }] }],
    [{ further: [first] }],
  ])('%j is not a chain', (value) => {
    expect(parseRoleChain(value)).toBeUndefined();
  });
});
