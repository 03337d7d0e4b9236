import { type Client, clients } from './client.ts';
import { type ClientInputs, type ClientView, clientViewOf } from './inputs.ts';
import type { ChosenProfile } from './providers.ts';
import type { CredentialSource, RegionChoice } from './source.ts';

/** The credentials and the region that one AWS client uses. */
export interface ClientChoice {
  readonly client: string;
  readonly basis: Client['basis'];
  readonly source: CredentialSource;
  /** The other sources that it finds and does not use, in its order. */
  readonly passedOver: readonly CredentialSource[];
  readonly region: RegionChoice;
}

/** Returns the choice of each client for this environment and these files. */
export function clientChoices(inputs: ClientInputs): ClientChoice[] {
  return clients.map((client) => chooseForClient(client, clientViewOf(inputs, client.dialect)));
}

function chooseForClient(client: Client, view: ClientView): ClientChoice {
  const chosen = chooseProfile(client, view);
  const region = chooseRegion(client, view, chosen);
  const found = client.providers.map((provider) => provider(view, chosen)).filter((source) => source !== undefined);
  const [first = { kind: 'none' } as const, ...rest] = found;
  const source = first.kind === 'error' ? first : unlessRegionMalformed(first, region.region);
  const passedOver = source.kind === 'error' ? [] : othersThan(source, rest);
  return { client: client.name, basis: client.basis, source, passedOver, region };
}

// A client can look into the same profile twice.
function othersThan(source: CredentialSource, found: readonly CredentialSource[]): CredentialSource[] {
  const others = new Map<string, CredentialSource>();
  for (const other of found)
    if (other.kind !== 'machine' && other.kind !== 'error') others.set(JSON.stringify(other), other);
  others.delete(JSON.stringify(source));
  return [...others.values()];
}

// Clients build a host name from the region and fail. The usual cause is a comment after the value.
function unlessRegionMalformed(source: CredentialSource, region: string | undefined): CredentialSource {
  if (region === undefined || /^[A-Za-z0-9-]+$/.test(region)) return source;
  return { kind: 'error', problem: 'region-malformed', subject: region };
}

function chooseProfile(client: Client, { environment }: ClientView): ChosenProfile {
  const isSet = (name: string) => (client.emptyProfileCounts ? environment[name] !== undefined : !!environment[name]);
  const variable = client.profileVariables.find(isSet);
  return { name: variable === undefined ? 'default' : (environment[variable] ?? ''), variable };
}

function chooseRegion(client: Client, view: ClientView, { name }: ChosenProfile): RegionChoice {
  const variable = client.regionVariables.find((one) => view.environment[one]);
  if (variable !== undefined) return { region: view.environment[variable], from: variable };
  for (const file of client.regionFiles) {
    const region = view.profileIn(file, name)?.get('region');
    if (region) return { region, from: `profile "${name}"` };
  }
  const inCode = client.regionVariables.length === 0 && client.regionFiles.length === 0;
  return { region: undefined, from: undefined, ...(inCode && { inCode }) };
}
