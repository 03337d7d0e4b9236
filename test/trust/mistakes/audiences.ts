import { AUD, HOST, ISSUER, loginOfMain, MAIN, PROVIDER, SUB, statement } from '../semaphore-policy.ts';
import { audienceCase, type Case, none, RTX, wanting } from './cases.ts';

// A statement whose one condition on the subject is right.
function withSubject(Condition: Record<string, Record<string, unknown>>) {
  return statement({ Condition: { ...Condition, StringEquals: { [SUB]: MAIN } } });
}

/** The audience. */
export const AUDIENCES: readonly Case[] = [
  none('the token’s own', statement()),
  audienceCase('a trailing slash', `${ISSUER}/`, 'audience-with-slash'),
  audienceCase('another organization', `https://${RTX}`, 'audience-of-other-organization'),
  audienceCase('both', `https://${RTX}/`, 'audience-with-slash', 'audience-of-other-organization'),
  audienceCase('no https://', HOST, 'audience-without-scheme'),
  audienceCase('another service, as with GitHub', 'sts.amazonaws.com', 'audience-of-other-service'),
  none('another that is denied', [
    statement(),
    statement({ Effect: 'Deny', Condition: { StringNotEquals: { [AUD]: `https://${RTX}` } } }),
  ]),
  {
    name: 'in a statement for everyone',
    statements: { ...wanting(MAIN, HOST), Principal: '*' },
    mistakes: [['audience-without-scheme', `"${AUD}": "${HOST}"`, `"${AUD}": "${ISSUER}"`]],
  },
  none('a list with the token’s own', wanting(MAIN, [ISSUER, `${ISSUER}/`, 'x'])),
  {
    name: 'a list without it',
    statements: wanting(MAIN, ['x', `${ISSUER}/`]),
    mistakes: [
      ['audience-of-other-service', '"x"', `"${ISSUER}"`],
      ['audience-with-slash', `"${ISSUER}/"`, `"${ISSUER}"`],
    ],
  },

  audienceCase('two trailing slashes', `${ISSUER}//`, 'audience-with-slash'),
  audienceCase('another organization, without TLS', `http://${RTX}`, 'audience-of-other-organization'),
  audienceCase('another organization’s host', RTX, 'audience-of-other-organization'),
  audienceCase('another organization’s host in capitals', RTX.toUpperCase(), 'audience-of-other-organization'),
  audienceCase('a longer host', `https://eu.${HOST}`, 'audience-of-other-service'),
  audienceCase('a word', 'sts', 'audience-of-other-service'),
  none('one of the token’s own', wanting(MAIN, 'x'), loginOfMain({ aud: [ISSUER, 'x'] })),
  none('a token without one', wanting(MAIN, 'x'), loginOfMain({ aud: undefined })),
  none('a pattern', wanting(MAIN, 'https://*', 'StringLike')),
  none('a pattern of single characters', wanting(MAIN, 'https://????.semaphoreci.com', 'StringLike')),
  none('a variable', wanting(MAIN, `\${aws:userid}`)),
  none('only asked for', withSubject({ Null: { [AUD]: 'false' }, Bool: { [AUD]: 'false' } })),
  none('compared as what it is not', withSubject({ ArnEquals: { [AUD]: 'arn:aws:iam::1:role/x' } })),
  {
    name: 'another, compared ignoring case',
    statements: wanting(MAIN, HOST, 'StringEqualsIgnoreCase'),
    mistakes: [['audience-without-scheme', `"${AUD}": "${HOST}"`, `"${AUD}": "${ISSUER}"`]],
  },
  {
    name: 'a slash that the token’s own has too',
    statements: wanting(MAIN, `https://${RTX}/`),
    login: loginOfMain({ aud: `${ISSUER}/` }),
    mistakes: [['audience-of-other-organization', `"${AUD}": "https://${RTX}/"`, `"${AUD}": "${ISSUER}/"`]],
  },
  {
    name: 'another, of an installation on one host',
    statements: statement({
      Principal: { Federated: PROVIDER.replace(HOST, 'semaphore') },
      Condition: { StringEquals: { 'semaphore:aud': 'other', 'semaphore:sub': MAIN } },
    }),
    login: loginOfMain({ iss: 'https://semaphore', aud: 'https://semaphore' }),
    mistakes: [['audience-of-other-service', '"semaphore:aud": "other"', '"semaphore:aud": "https://semaphore"']],
  },
];
