import { describe, test } from 'vitest';
import { combinations } from './combinations.ts';
import { expectDoctorRight, testedClients, useClients } from './compared-with-clients.ts';

// A few in which the clients differ; test/long has all of them.
const selected = [
  'only [default]',
  'keys against AWS_PROFILE',
  'the web-identity variables against [default]',
  'the web-identity variables against AWS_PROFILE',
  'static keys for [default] in the credentials file',
  'AWS_REGION against the profile',
];

const clients = testedClients('precedence');
useClients();

describe('doctor reports of each client what the client itself does', () => {
  test.each(combinations.filter(({ name }) => selected.includes(name)).map((one) => [one.name, one] as const))(
    '%s',
    async (_, combination) => await expectDoctorRight(combination, clients),
  );
});
