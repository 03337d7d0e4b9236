import { AUD, claimsOfMain, HOST, ISSUER, MAIN, SUB, tagsOfMain } from '../semaphore-policy.ts';
import { DEV, held, open, type Row, TAG_BRANCH, TAGGED, unmet } from './rows.ts';

/** The values of condition keys for a login with a token. */
export const KEYS: readonly Row[] = [
  held('keyCase', 'another case in a key', { StringEquals: { [SUB.toUpperCase()]: MAIN } }),
  unmet('keyCase', 'another case in a key, unmet', { StringEquals: { [SUB.toUpperCase()]: DEV } }),
  held('keyCase', 'another case in a tag’s key', { StringEquals: { 'AWS:requesttag/Branch': 'main' } }, TAGGED),
  held('oidcKeys', 'aud: the token’s audience', { StringEquals: { [AUD]: ISSUER } }),
  unmet('oidcKeys', 'aud: a trailing slash', { StringEquals: { [AUD]: `${ISSUER}/` } }),
  unmet('oidcKeys', 'aud: another organization', { StringEquals: { [AUD]: 'https://rtx.semaphoreci.com' } }),
  unmet('oidcKeys', 'aud: another organization in the key', { StringEquals: { 'rtx.semaphoreci.com:aud': ISSUER } }),
  unmet('oidcKeys', 'https:// in the key', { StringEquals: { [`https://${AUD}`]: ISSUER } }),
  unmet('oidcKeys', 'a trailing slash in the key', { StringEquals: { [`${HOST}/:aud`]: ISSUER } }),
  unmet('oidcKeys', 'a key of another provider', { StringLike: { 'token.actions.githubusercontent.com:sub': '*' } }),
  held('oidcKeys', 'aud: a list of one', { StringEquals: { [AUD]: 'x' } }, { claims: claimsOfMain({ aud: ['x'] }) }),
  held(
    'oidcKeys',
    'aud: a list of one twice',
    { StringEquals: { [AUD]: 'x' } },
    { claims: claimsOfMain({ aud: ['x', 'x'] }) },
  ),
  unmet(
    'oidcKeys',
    'aud: not in the token',
    { StringLike: { [AUD]: '*' } },
    { claims: claimsOfMain({ aud: undefined }) },
  ),
  open(
    'oidcKeys',
    'aud: a list of two',
    { StringEquals: { [AUD]: 'x' } },
    { claims: claimsOfMain({ aud: ['x', 'y'] }) },
  ),
  held(
    'oidcKeys',
    'aud: azp says the same',
    { StringEquals: { [AUD]: ISSUER } },
    { claims: claimsOfMain({ azp: ISSUER }) },
  ),
  open(
    'oidcKeys',
    'aud: azp says another',
    { StringEquals: { [AUD]: ISSUER } },
    { claims: claimsOfMain({ azp: 'x' }) },
  ),
  unmet('oidcKeys', 'amr: not in the token', { 'ForAnyValue:StringEquals': { [`${HOST}:amr`]: 'mfa' } }),
  held(
    'oidcKeys',
    'amr: in the token',
    { 'ForAnyValue:StringEquals': { [`${HOST}:amr`]: 'mfa' } },
    {
      claims: claimsOfMain({ amr: ['mfa', 'pwd'] }),
    },
  ),
  unmet('oidcKeys', 'a claim that the token lacks', { StringLike: { [`${HOST}:email`]: '*' } }),
  open('oidcKeys', 'oaud: documented for Google only', { StringEquals: { [`${HOST}:oaud`]: ISSUER } }),
  open(
    'oidcKeys',
    'a claim that the token can lack',
    { StringLike: { [`${HOST}:email`]: '*' } },
    { claims: claimsOfMain({ names: undefined }) },
  ),
  open('oidcKeys', 'a claim for which AWS documents no key', { StringEquals: { [`${HOST}:branch`]: 'main' } }),
  held('globalKeys', 'aws:RequestTag: the same', { StringEquals: { [TAG_BRANCH]: 'main' } }, TAGGED),
  unmet('globalKeys', 'aws:RequestTag: another', { StringEquals: { [TAG_BRANCH]: 'dev' } }, TAGGED),
  unmet('globalKeys', 'aws:RequestTag: a token without tags', { StringEquals: { [TAG_BRANCH]: 'main' } }),
  open(
    'globalKeys',
    'aws:RequestTag: two values',
    { StringEquals: { [TAG_BRANCH]: 'main' } },
    { claims: claimsOfMain(tagsOfMain({ branch: ['main', 'dev'] })) },
  ),
  unmet('globalKeys', 'aws:RequestTag: another tag', { StringLike: { 'aws:RequestTag/team': '*' } }, TAGGED),
  ...['aws:SourceIp', 'aws:PrincipalOrgID', 'aws:FederatedProvider', 'aws:PrincipalTag/team', 'iam:ResourceTag/x'].map(
    (key) => open('globalKeys', `${key}: only AWS knows`, { StringEquals: { [key]: 'x' } }),
  ),
  held('stsKeys', 'sts:RoleSessionName: fits', { StringLike: { 'sts:RoleSessionName': 'job-*' } }),
  unmet('stsKeys', 'sts:RoleSessionName: another', { StringEquals: { 'sts:RoleSessionName': 'x' } }),
  unmet('stsKeys', 'sts:ExternalId: a token has none', { StringEquals: { 'sts:ExternalId': 'x' } }),
  unmet('stsKeys', 'sts:SourceIdentity: not in the token', { StringLike: { 'sts:SourceIdentity': '*' } }),
  open(
    'stsKeys',
    'sts:SourceIdentity: claims not known',
    { StringLike: { 'sts:SourceIdentity': '*' } },
    { claims: claimsOfMain({ names: undefined }) },
  ),
  held('stsKeys', 'sts:TransitiveTagKeys: a token without tags', {
    'ForAllValues:StringEquals': { 'sts:TransitiveTagKeys': 'x' },
  }),
  open(
    'stsKeys',
    'sts:TransitiveTagKeys: not known',
    { 'ForAllValues:StringEquals': { 'sts:TransitiveTagKeys': 'x' } },
    { claims: claimsOfMain({ ...tagsOfMain(), transitiveTagKeys: undefined }) },
  ),
  held(
    'stsKeys',
    'sts:TransitiveTagKeys: all fit',
    { 'ForAllValues:StringLike': { 'sts:TransitiveTagKeys': '*' } },
    TAGGED,
  ),
  unmet(
    'stsKeys',
    'sts:TransitiveTagKeys: none fits',
    { 'ForAnyValue:StringEquals': { 'sts:TransitiveTagKeys': 'x' } },
    TAGGED,
  ),
];

/** Policy variables. */
export const VARIABLES: readonly Row[] = [
  open('variables', 'a variable', { StringEquals: { [SUB]: '${aws:userid}' } }),
  open('variables', 'a variable with a default', { StringEquals: { [SUB]: "${aws:userid, 'x'}" } }),
  open('variables', 'a variable that AWS cannot resolve voids the statement', {
    StringEquals: { [SUB]: [MAIN, '${aws:userid}'] },
  }),
  unmet('variables', 'a negated list that fails without its variable', {
    StringNotEquals: { [SUB]: [MAIN, '${aws:userid}'] },
  }),
  unmet('version', 'without a version ${…} is literal', { StringEquals: { [SUB]: '${aws:userid}' } }, { version: '' }),
  held(
    'version',
    'in 2008-10-17 ${…} is literal, and matches itself',
    { StringEquals: { [SUB]: '${aws:userid}' } },
    { version: '2008-10-17', claims: claimsOfMain({ sub: '${aws:userid}' }) },
  ),
  unmet('version', 'in 2008-10-17 ${…} is literal', { StringLike: { [SUB]: '${*}' } }, { version: '2008-10-17' }),
  held(
    'variables',
    '${*} is an asterisk',
    { StringLike: { [SUB]: 'a${*}*' } },
    { claims: claimsOfMain({ sub: 'a*b' }) },
  ),
  unmet('variables', '${*} is no wildcard', { StringLike: { [SUB]: 'org${*}' } }),
  held(
    'variables',
    '${?} is a question mark',
    { StringEquals: { [SUB]: 'a${?}' } },
    { claims: claimsOfMain({ sub: 'a?' }) },
  ),
  unmet(
    'variables',
    '${?} is no wildcard',
    { StringLike: { [SUB]: 'a${?}' } },
    { claims: claimsOfMain({ sub: 'ab' }) },
  ),
  held(
    'variables',
    '${$} is a dollar sign',
    { StringEquals: { [SUB]: 'a${$}{b}' } },
    { claims: claimsOfMain({ sub: 'a${b}' }) },
  ),
];
