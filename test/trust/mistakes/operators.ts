import { AUD, ISSUER, MAIN, SUB, statement } from '../semaphore-policy.ts';
import { BRANCHES, type Case, none, wanting } from './cases.ts';

/** The operator. */
export const OPERATORS: readonly Case[] = [
  {
    name: 'StringEquals with *',
    statements: wanting(BRANCHES),
    mistakes: [
      [
        'wildcard-in-equals',
        `"StringEquals": { "${SUB}": "${BRANCHES}" }`,
        `"StringLike": { "${SUB}": "${BRANCHES}" }`,
      ],
    ],
  },
  {
    name: 'StringNotEqualsIfExists with *, in a list',
    statements: [
      statement(),
      statement({ Effect: 'Deny', Condition: { StringNotEqualsIfExists: { [SUB]: ['org:acme:*'] } } }),
    ],
    mistakes: [
      [
        'wildcard-in-equals',
        `"StringNotEqualsIfExists": { "${SUB}": ["org:acme:*"] }`,
        `"StringNotLikeIfExists": { "${SUB}": ["org:acme:*"] }`,
      ],
    ],
  },
  none('StringLike with *', wanting(BRANCHES, ISSUER, 'StringLike')),
  none('StringEquals with an escaped *', wanting(`${MAIN}\${*}`)),
  {
    name: 'ForAllValues in an Allow',
    statements: wanting(MAIN, ISSUER, 'ForAllValues:StringEquals'),
    mistakes: [
      [
        'for-all-values-in-allow',
        `"ForAllValues:StringEquals": { "${AUD}": "${ISSUER}" }`,
        `"StringEquals": { "${AUD}": "${ISSUER}" }`,
      ],
      [
        'for-all-values-in-allow',
        `"ForAllValues:StringEquals": { "${SUB}": "${MAIN}" }`,
        `"StringEquals": { "${SUB}": "${MAIN}" }`,
      ],
    ],
  },
  {
    name: 'ForAllValues in an Allow, on a list',
    statements: statement({
      Condition: { StringEquals: { [SUB]: MAIN }, 'ForAllValues:StringEquals': { 'aws:TagKeys': ['repo'] } },
    }),
    mistakes: [
      [
        'for-all-values-in-allow',
        '"ForAllValues:StringEquals": { "aws:TagKeys": ["repo"] }',
        '"ForAllValues:StringEquals": { "aws:TagKeys": ["repo"] }, "Null": { "aws:TagKeys": "false" }',
      ],
    ],
  },
  none(
    'ForAllValues beside a Null that asks for the key',
    statement({
      Condition: {
        StringEquals: { [SUB]: MAIN },
        'ForAllValues:StringEquals': { 'aws:TagKeys': ['repo'] },
        Null: { 'aws:TagKeys': 'false' },
      },
    }),
  ),
  none('ForAllValues in a Deny', [
    statement(),
    statement({ Effect: 'Deny', Condition: { 'ForAllValues:StringLike': { 'aws:TagKeys': 'x' } } }),
  ]),

  ...[
    ['StringEqualsIgnoreCase', 'StringLike'],
    ['stringequals', 'stringLike'],
    ['ForAnyValue:StringEquals', 'ForAnyValue:StringLike'],
  ].map(
    ([operator = '', like]): Case => ({
      name: `${operator} with *`,
      statements: wanting(MAIN, ISSUER, 'StringEquals', { [operator]: { 'aws:RequestTag/a': 'x*' } }),
      mistakes: [
        [
          'wildcard-in-equals',
          `"${operator}": { "aws:RequestTag/a": "x*" }`,
          `"${like}": { "aws:RequestTag/a": "x*" }`,
        ],
      ],
    }),
  ),
  {
    name: 'StringEquals with ?, fixed with the rest at once',
    statements: wanting(MAIN.replace('acme', 'rtx').replace('main', 'mai?')),
    mistakes: [
      [
        'wildcard-in-equals',
        `"StringEquals": { "${SUB}": "${MAIN.replace('acme', 'rtx').replace('main', 'mai?')}" }`,
        `"StringLike": { "${SUB}": "${MAIN.replace('main', 'mai?')}" }`,
      ],
      [
        'subject-of-other-organization',
        `"${SUB}": "${MAIN.replace('acme', 'rtx').replace('main', 'mai?')}"`,
        `"${SUB}": "${MAIN.replace('main', 'mai?')}"`,
      ],
    ],
  },
  none('Null and Bool with *', wanting(MAIN, ISSUER, 'StringEquals', { Bool: { 'aws:SecureTransport': '*' } })),
  ...(
    [
      ['false, in another case of the key', { 'AWS:tagkeys': 'false' }, false],
      ['false, in a list', { 'aws:TagKeys': ['false', 'FALSE'] }, false],
      ['true', { 'aws:TagKeys': 'true' }, true],
      ['false or true', { 'aws:TagKeys': ['false', 'true'] }, true],
      ['another key', { 'sts:TransitiveTagKeys': 'false' }, true],
    ] as const
  ).map(
    ([what, Null, mistaken]): Case => ({
      name: `ForAllValues beside a Null that asks for ${what}`,
      statements: wanting(MAIN, ISSUER, 'StringEquals', {
        'ForAllValues:StringEquals': { 'aws:TagKeys': 'repo' },
        Null,
      }),
      mistakes: mistaken
        ? [
            [
              'for-all-values-in-allow',
              '"ForAllValues:StringEquals": { "aws:TagKeys": "repo" }',
              '"ForAllValues:StringEquals": { "aws:TagKeys": "repo" }, "Null": { "aws:TagKeys": "false" }',
            ],
          ]
        : [],
    }),
  ),
  {
    name: 'ForAllValues in an Allow, on the other list',
    statements: wanting(MAIN, ISSUER, 'StringEquals', {
      'ForAllValues:StringEquals': { 'sts:TransitiveTagKeys': ['repo'] },
    }),
    mistakes: [
      [
        'for-all-values-in-allow',
        '"ForAllValues:StringEquals": { "sts:TransitiveTagKeys": ["repo"] }',
        '"ForAllValues:StringEquals": { "sts:TransitiveTagKeys": ["repo"] }, "Null": { "sts:TransitiveTagKeys": "false" }',
      ],
    ],
  },
  none(
    'ForAnyValue in an Allow',
    wanting(MAIN, ISSUER, 'StringEquals', { 'ForAnyValue:StringEquals': { 'aws:TagKeys': 'repo' } }),
  ),

  none('StringEquals with a * in the default of a variable', wanting(`${MAIN}\${aws:username, '*'}`)),
  {
    name: 'ForAllValues that wants what a Null would say',
    statements: wanting(MAIN, ISSUER, 'StringEquals', { 'ForAllValues:StringEquals': { 'aws:TagKeys': 'false' } }),
    mistakes: [
      [
        'for-all-values-in-allow',
        '"ForAllValues:StringEquals": { "aws:TagKeys": "false" }',
        '"ForAllValues:StringEquals": { "aws:TagKeys": "false" }, "Null": { "aws:TagKeys": "false" }',
      ],
    ],
  },
];
