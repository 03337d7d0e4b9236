import { type Client, clients } from './client.ts';
import { type ClientInputs, type ClientView, clientViewOf } from './inputs.ts';
import type { ChosenProfile } from './providers.ts';
import type { CredentialSource, RegionChoice } from './source.ts';

export interface ClientChoice {
  readonly client: string;
  readonly basis: Client['basis'];
  readonly source: CredentialSource;
  /** The sources that it would use without the first, in its order. */
  readonly passedOver: readonly CredentialSource[];
  readonly region: RegionChoice;
}

/** Returns each client's choice for this environment and these files. */
export function clientChoices(inputs: ClientInputs): ClientChoice[] {
  return clients.map((client) => chooseForClient(client, clientViewOf(inputs, client.dialect)));
}

function chooseForClient(client: Client, view: ClientView): ClientChoice {
  const chosen = chooseProfile(client, view);
  const region = chooseRegion(client, view, chosen);
  const found = client.providers.map((provider) => provider(view, chosen)).filter((source) => source !== undefined);
  const [first = { kind: 'none' } as const, ...rest] = found;
  const source = first.kind === 'error' ? first : unlessRegionMalformed(first, region.region);
  const others = rest.filter((other) => other.kind !== 'machine' && other.kind !== 'error');
  const passedOver = source.kind === 'error' ? [] : others;
  return { client: client.name, basis: client.basis, source, passedOver, region };
}

// Clients build a host name from the region and fail. The usual cause is a comment read as part of the value.
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
    if (region) return { region, from: `the profile "${name}"` };
  }
  const inCode = client.regionVariables.length === 0 && client.regionFiles.length === 0;
  return { region: undefined, from: undefined, ...(inCode && { inCode }) };
}
