import { randomBytes } from 'node:crypto';
import type { Accounts, Role } from '../aws-simulator/account.ts';
import { providerArnOf } from '../aws-simulator/arn.ts';
import { startLoopbackServer } from '../aws-simulator/loopback.ts';

/** The part of IAM that the script of `setup` uses, with the accounts of a local STS. */
export interface LocalIam {
  readonly url: string;
  /** The names of the calls so far. */
  readonly calls: readonly string[];
  /** The ARNs of attached policies. */
  readonly attached: readonly string[];
  /** Of the newest provider; IAM's own choice if the call has none. */
  readonly thumbprints: readonly string[];
  close(): Promise<void>;
}

type Parameters = URLSearchParams;

class IamError extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** Starts IAM for one account. It accepts any keys. */
export async function startIam(accounts: Accounts, account: string, partition = 'aws'): Promise<LocalIam> {
  const calls: string[] = [];
  const attached: string[] = [];
  const thumbprints: string[] = [];
  const roleArnOf = (parameters: Parameters) => `arn:${partition}:iam::${account}:role/${parameters.get('RoleName')}`;
  const roleOf = (parameters: Parameters): Role => {
    const role = accounts.roles.find(({ arn }) => arn === roleArnOf(parameters));
    if (role !== undefined) return role;
    throw new IamError('NoSuchEntity', `The role with name ${parameters.get('RoleName')} cannot be found.`);
  };
  const replaceRole = (original: Role, changes: Partial<Role>) => {
    accounts.roles.splice(accounts.roles.indexOf(original), 1, { ...original, ...changes });
  };
  const providerOf = (arn: string | null) => {
    const provider = accounts.providers.find(({ issuer }) => providerArnOf(issuer, account, partition) === arn);
    if (provider !== undefined) return provider;
    throw new IamError('NoSuchEntity', `OpenIDConnect Provider not found for arn ${arn}`);
  };

  const actions: Readonly<Record<string, (parameters: Parameters) => string>> = {
    GetCallerIdentity: () => `<Account>${account}</Account><UserId>AIDA</UserId><Arn>arn:aws:iam::1:user/x</Arn>`,
    ListOpenIDConnectProviders: () =>
      `<OpenIDConnectProviderList>${accounts.providers
        .map(({ issuer }) => `<member><Arn>${providerArnOf(issuer, account, partition)}</Arn></member>`)
        .join('')}</OpenIDConnectProviderList>`,
    GetOpenIDConnectProvider: (parameters) => {
      const { audiences } = providerOf(parameters.get('OpenIDConnectProviderArn'));
      const host = parameters.get('OpenIDConnectProviderArn')?.replace(/^.*:oidc-provider\//, '');
      return `<Url>${host}</Url>${listXml('ClientIDList', audiences)}${listXml('ThumbprintList', thumbprints)}<CreateDate>2026-11-22T20:15:00Z</CreateDate>`;
    },
    CreateOpenIDConnectProvider: (parameters) => {
      const issuer = parameters.get('Url') ?? '';
      if (accounts.providers.some((provider) => provider.issuer === issuer))
        throw new IamError('EntityAlreadyExists', `Provider with url ${issuer} already exists.`);
      accounts.providers.push({ account, issuer, audiences: membersOf(parameters, 'ClientIDList') });
      thumbprints.splice(0, thumbprints.length, ...membersOf(parameters, 'ThumbprintList'));
      return `<OpenIDConnectProviderArn>${providerArnOf(issuer, account, partition)}</OpenIDConnectProviderArn>`;
    },
    AddClientIDToOpenIDConnectProvider: (parameters) => {
      const original = providerOf(parameters.get('OpenIDConnectProviderArn'));
      const audiences = [...original.audiences, parameters.get('ClientID') ?? ''];
      accounts.providers.splice(accounts.providers.indexOf(original), 1, { ...original, audiences });
      return '';
    },
    GetRole: (parameters) => roleXml(roleOf(parameters)),
    CreateRole: (parameters) => {
      const role = {
        arn: roleArnOf(parameters),
        trustPolicy: JSON.parse(parameters.get('AssumeRolePolicyDocument') ?? ''),
        maxSessionDuration: Number(parameters.get('MaxSessionDuration') ?? 3600),
      };
      accounts.roles.push(role);
      return roleXml(role);
    },
    UpdateAssumeRolePolicy: (parameters) => {
      replaceRole(roleOf(parameters), { trustPolicy: JSON.parse(parameters.get('PolicyDocument') ?? '') });
      return '';
    },
    UpdateRole: (parameters) => {
      replaceRole(roleOf(parameters), { maxSessionDuration: Number(parameters.get('MaxSessionDuration')) });
      return '';
    },
    ListAttachedRolePolicies: (parameters) => {
      roleOf(parameters);
      const members = attached.map(
        (arn) => `<member><PolicyName>${arn.split('/').at(-1)}</PolicyName><PolicyArn>${arn}</PolicyArn></member>`,
      );
      return `<AttachedPolicies>${members.join('')}</AttachedPolicies><IsTruncated>false</IsTruncated>`;
    },
    AttachRolePolicy: (parameters) => {
      roleOf(parameters);
      attached.push(parameters.get('PolicyArn') ?? '');
      return '';
    },
  };

  const { url, close } = await startLoopbackServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const parameters = new URLSearchParams(Buffer.concat(chunks).toString());
    const name = parameters.get('Action') ?? '';
    calls.push(name);
    try {
      const result = actions[name]?.(parameters);
      if (result === undefined) throw new IamError('InvalidAction', `no ${name} here`);
      response.writeHead(200, { 'content-type': 'text/xml' });
      response.end(`<${name}Response><${name}Result>${result}</${name}Result></${name}Response>`);
    } catch (error) {
      if (!(error instanceof IamError)) throw error;
      response.writeHead(error.code === 'NoSuchEntity' ? 404 : 400, { 'content-type': 'text/xml' });
      response.end(
        `<ErrorResponse><Error><Type>Sender</Type><Code>${error.code}</Code><Message>${error.message}</Message></Error></ErrorResponse>`,
      );
    }
  });
  return { url, calls, attached, thumbprints, close };
}

function membersOf(parameters: Parameters, name: string): string[] {
  return [...parameters].filter(([key]) => key.startsWith(`${name}.member.`)).map(([, value]) => value);
}

function listXml(name: string, values: readonly string[]): string {
  return `<${name}>${values.map((value) => `<member>${value}</member>`).join('')}</${name}>`;
}

// IAM returns the document URL-encoded.
function roleXml({ arn, trustPolicy, maxSessionDuration }: Role): string {
  const id = `AROA${randomBytes(8).toString('hex').toUpperCase()}`;
  const document = encodeURIComponent(JSON.stringify(trustPolicy));
  return `<Role><Path>/</Path><RoleName>${arn.split('/').at(-1)}</RoleName><RoleId>${id}</RoleId><Arn>${arn}</Arn><CreateDate>2026-11-22T20:15:00Z</CreateDate><AssumeRolePolicyDocument>${document}</AssumeRolePolicyDocument><MaxSessionDuration>${maxSessionDuration}</MaxSessionDuration></Role>`;
}
