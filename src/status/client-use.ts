import { clientChoices } from '../clients/choice.ts';
import type { Client } from '../clients/client.ts';
import { type ClientInputs, clientViewOf, standardDialect } from '../clients/inputs.ts';
import type { CredentialSource, WebIdentitySource } from '../clients/source.ts';
import { keysHashOf } from '../login/exported-variables.ts';
import type { ExportedKeys, Recipe, RecordedProfile } from '../login/job-record.ts';
import { isPlain, lastHopOf, loginIdOf } from '../sts/role-chain.ts';
import { toByteText } from '../text/byte-text.ts';

/** Where an AWS client finds credentials in this shell, and which profile of the login they are. */
export interface ClientUse {
  readonly client: string;
  readonly basis: Client['basis'];
  readonly source: CredentialSource;
  /** Undefined if the credentials are not the login's. */
  readonly profile: string | undefined;
}

/** What a client can find of a login. */
export interface LoginSources {
  /** The profiles of one config file. */
  readonly profiles: readonly RecordedProfile[];
  readonly keys: ExportedKeys | undefined;
}

/** How the AWS clients use a login. Only clients with tested rules count. */
export type LoginUse =
  | { readonly kind: 'all'; readonly profile: string }
  /** Without a chosen profile they find no credentials; each profile works when it is chosen. */
  | { readonly kind: 'by-profile' }
  | { readonly kind: 'some' | 'none'; readonly others: readonly ClientUse[] };

/** Returns what each AWS client uses in this shell. */
export function clientUsesOf(inputs: ClientInputs, login: LoginSources): ClientUse[] {
  return clientChoices(inputs).map(({ client, basis, source }) => {
    return { client, basis, source, profile: profileBehind(source, inputs, login)?.profile };
  });
}

/** Returns how the clients use the login. `mustChoose`: no profile of the login is the shell's own. */
export function loginUseOf(inputs: ClientInputs, login: LoginSources, mustChoose: boolean): LoginUse {
  const uses = testedUsesOf(inputs, login);
  const [first] = uses;
  if (first?.profile !== undefined && uses.every(({ profile }) => profile === first.profile))
    return { kind: 'all', profile: first.profile };
  if (mustChoose && uses.every(({ source }) => isNothing(source)) && worksByProfile(inputs, login))
    return { kind: 'by-profile' };
  const others = uses.filter(({ profile }) => profile === undefined);
  // Clients that use different profiles of the login do not agree either.
  return { kind: others.length === uses.length ? 'none' : 'some', others: others.length === 0 ? uses : others };
}

/** Whether a source gives no credentials of a user: none, or those of the machine. */
export function isNothing({ kind }: CredentialSource): boolean {
  return kind === 'none' || kind === 'machine';
}

function testedUsesOf(inputs: ClientInputs, login: LoginSources): ClientUse[] {
  return clientUsesOf(inputs, login).filter(({ basis }) => basis === 'tested');
}

function worksByProfile(inputs: ClientInputs, login: LoginSources): boolean {
  return login.profiles.every(({ profile: chosen }) => {
    const environment = { ...inputs.environment, AWS_PROFILE: chosen, AWS_DEFAULT_PROFILE: undefined };
    return testedUsesOf({ ...inputs, environment }, login).every(({ profile }) => profile === chosen);
  });
}

function profileBehind(
  source: CredentialSource,
  inputs: ClientInputs,
  { profiles, keys }: LoginSources,
): RecordedProfile | undefined {
  switch (source.kind) {
    case 'web-identity': {
      const same = profiles.filter(({ recipe }) => isSameWebIdentity(source, recipe));
      return same.find(({ profile }) => profile === source.profile) ?? same.at(-1);
    }
    case 'process': {
      const command = clientViewOf(inputs, standardDialect).profile(source.profile)?.get('credential_process') ?? '';
      return profiles.find(
        ({ profile, recipe: { chain } }) => profile === source.profile && command.includes(loginIdOf(chain)),
      );
    }
    case 'environment-keys':
      // `--export static` is for one role: that of the latest login.
      return keys !== undefined && keysHashOf(inputs.environment) === keys.hash ? profiles.at(-1) : undefined;
    default:
      return undefined;
  }
}

function isSameWebIdentity(source: WebIdentitySource, { chain, tokenFile }: Recipe): boolean {
  const { roleArn, sessionName } = lastHopOf(chain);
  // Profiles are read as bytes.
  const isSameFile = source.tokenFile === tokenFile || source.tokenFile === toByteText(tokenFile);
  return isPlain(chain) && isSameFile && source.roleArn === roleArn && source.sessionName === sessionName;
}
