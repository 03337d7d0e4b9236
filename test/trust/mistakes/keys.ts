import { AUD, HOST, ISSUER, loginOfMain, MAIN, PROVIDER, SUB, statement } from '../semaphore-policy.ts';
import { type Case, keyCase, none, RTX } from './cases.ts';

/** The key of a condition. */
export const KEYS: readonly Case[] = [
  none(
    'the host in capitals',
    statement({ Condition: { StringEquals: { [AUD.toUpperCase()]: ISSUER, [SUB]: MAIN } } }),
  ),
  keyCase('https://', `https://${AUD}`, 'key-with-scheme'),
  keyCase('a slash', `${HOST}/:aud`, 'key-with-slash'),
  keyCase('another organization', `${RTX}:aud`, 'key-of-other-organization'),
  keyCase('all of it', `https://${RTX}/:aud`, 'key-with-scheme', 'key-with-slash', 'key-of-other-organization'),
  {
    name: 'key and value at once, fixed at once',
    statements: statement({ Condition: { StringEquals: { [`https://${AUD}`]: `${ISSUER}/`, [SUB]: MAIN } } }),
    mistakes: [
      ['key-with-scheme', `"https://${AUD}": "${ISSUER}/"`, `"${AUD}": "${ISSUER}"`],
      ['audience-with-slash', `"https://${AUD}": "${ISSUER}/"`, `"${AUD}": "${ISSUER}"`],
    ],
  },

  keyCase('http://', `http://${AUD}`, 'key-with-scheme'),
  keyCase('two slashes', `${HOST}//:aud`, 'key-with-slash'),
  keyCase('another organization, in capitals', `${RTX}:AUD`, 'key-of-other-organization'),
  none(
    'a key of AWS’s own, or of another claim',
    statement({
      Condition: {
        StringEquals: { [SUB]: MAIN },
        StringLike: { 'aws:sub': 'x', [`${RTX}:amr`]: 'x', [`${RTX}:subject`]: 'x', [`x:${RTX}:aud`]: 'x' },
      },
    }),
  ),
  {
    name: 'a list under a key of another organization',
    statements: statement({ Condition: { StringEquals: { [`${RTX}:sub`]: [MAIN, 'x'] } } }),
    mistakes: [['key-of-other-organization', `"${RTX}:sub": ["${MAIN}", "x"]`, `"${SUB}": ["${MAIN}", "x"]`]],
  },
  {
    name: 'no slash, where the issuer ends in one',
    statements: statement({
      Principal: { Federated: `${PROVIDER}/` },
      Condition: { StringEquals: { [AUD]: ISSUER, [`${HOST}/:sub`]: MAIN } },
    }),
    login: loginOfMain({ iss: `${ISSUER}/` }),
    mistakes: [['key-of-other-organization', `"${AUD}": "${ISSUER}"`, `"${HOST}/:aud": "${ISSUER}"`]],
  },

  {
    name: 'a key in capitals keeps them while its value is fixed',
    statements: statement({ Condition: { StringEquals: { [AUD.toUpperCase()]: HOST, [SUB]: MAIN } } }),
    mistakes: [['audience-without-scheme', `"${AUD.toUpperCase()}": "${HOST}"`, `"${AUD.toUpperCase()}": "${ISSUER}"`]],
  },
  none(
    'a token without an issuer, and a statement for everyone',
    { ...statement({ Condition: { StringEquals: { [`${RTX}:aud`]: 'x*' } } }), Principal: '*' },
    loginOfMain({ iss: undefined }),
  ),
];
