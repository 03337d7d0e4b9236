import { describe, expect, test } from 'vitest';
import { combinations } from '../clients/combinations.ts';
import { expectDoctorRight, testedClients, useClients } from '../clients/compared-with-clients.ts';

const clients = testedClients('precedence, all combinations');
useClients();

describe('doctor reports for each client what the client does', () => {
  test.each(combinations.map((one) => [one.name, one] as const))(
    '%s',
    async (_, combination) => await expectDoctorRight(combination, clients),
  );

  test('the combinations have different names', () => {
    const names = combinations.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });
});
