import type { RoleArn } from '../aws/arn.ts';
import {
  knownPartitionNamed,
  knownPartitionOfRegion,
  type Partition,
  partitionNamed,
  partitionOfRegion,
  partitions,
} from '../aws/region.ts';
import { Failure } from '../failure.ts';
import type { GivenValue } from '../failures/usage.ts';
import { redactAddress } from '../text/quote.ts';
import type { StsEndpoint } from '../world/sts.ts';
import type { Environment } from '../world/world.ts';

/** From the variables that all current SDKs read. */
interface EndpointSettings {
  readonly fips: boolean;
  readonly dualStack: boolean;
  readonly custom: { readonly variable: string; readonly url: URL } | undefined;
}

/**
 * Returns the STS endpoint by the rules of the AWS SDKs: the region's endpoint, or the partition's
 * default without a region. `AWS_ENDPOINT_URL_STS` takes precedence over `AWS_ENDPOINT_URL`;
 * `AWS_IGNORE_CONFIGURED_ENDPOINT_URLS` disables both. `AWS_USE_FIPS_ENDPOINT` and
 * `AWS_USE_DUALSTACK_ENDPOINT` apply.
 *
 * Throws `value-invalid` and `flags-conflict` for invalid variables, and `endpoint-insecure` for
 * http to another machine, which would send the token in clear text.
 */
export function stsEndpointOf(environment: Environment, region: string | undefined, partition: string): StsEndpoint {
  const settings = endpointSettingsOf(environment);
  const home = region === undefined ? partitionNamed(partition) : partitionOfRegion(region);
  const signingRegion = region ?? home.defaultRegion;
  if (settings.custom !== undefined) {
    const { url } = settings.custom;
    return { url: withoutTrailingSlash(url.href), signingRegion, isAws: isAwsStsHost(url.hostname) };
  }
  return { url: `https://${hostOf(settings, region, home)}`, signingRegion, isAws: true };
}

/**
 * A custom endpoint need not follow AWS's regions and partitions. Throws as `stsEndpointOf` does.
 */
function hasCustomEndpoint(environment: Environment): boolean {
  return endpointSettingsOf(environment).custom !== undefined;
}

function hostOf(settings: EndpointSettings, region: string | undefined, home: Partition): string {
  const { fips, dualStack } = settings;
  if (region === undefined && home.name === 'aws' && !fips && !dualStack) return 'sts.amazonaws.com';
  // GovCloud's regular endpoints are FIPS endpoints, without `sts-fips` names.
  const service = fips && !(home.name === 'aws-us-gov' && !dualStack) ? 'sts-fips' : 'sts';
  return `${service}.${region ?? home.defaultRegion}.${dualStack ? home.dualStackDnsSuffix : home.dnsSuffix}`;
}

function endpointSettingsOf(environment: Environment): EndpointSettings {
  const fips = booleanOf(environment, 'AWS_USE_FIPS_ENDPOINT');
  const dualStack = booleanOf(environment, 'AWS_USE_DUALSTACK_ENDPOINT');
  const custom = booleanOf(environment, 'AWS_IGNORE_CONFIGURED_ENDPOINT_URLS') ? undefined : customOf(environment);
  if (custom !== undefined && fips) throw conflict('AWS_USE_FIPS_ENDPOINT', custom.variable);
  if (custom !== undefined && dualStack) throw conflict('AWS_USE_DUALSTACK_ENDPOINT', custom.variable);
  return { fips, dualStack, custom };
}

function customOf(environment: Environment): EndpointSettings['custom'] {
  const variable = ['AWS_ENDPOINT_URL_STS', 'AWS_ENDPOINT_URL'].find((name) => environment[name]);
  if (variable === undefined) return undefined;
  const value = environment[variable] ?? '';
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (url === undefined || !['http:', 'https:'].includes(url.protocol)) {
    throw invalid(variable, value, 'it is not an http or https URL');
  }
  if (url.username !== '' || url.password !== '') {
    throw invalid(variable, value, 'it holds a user name or password');
  }
  if (url.search !== '' || url.hash !== '') throw invalid(variable, value, 'it has a query or a fragment');
  if (url.protocol === 'http:' && !isLoopback(url.hostname)) {
    throw new Failure({ kind: 'endpoint-insecure', variable, url: url.href });
  }
  return { variable, url };
}

function booleanOf(environment: Environment, variable: string): boolean {
  const value = environment[variable] ?? '';
  switch (value.toLowerCase()) {
    case 'true':
      return true;
    case '':
    case 'false':
      return false;
    default:
      throw new Failure({
        kind: 'value-invalid',
        source: variable,
        value,
        problem: 'it is neither "true" nor "false"',
        remedy: `set ${variable} to true or false, or unset it`,
      });
  }
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}

const awsSuffixes = [...new Set(partitions.flatMap((partition) => [partition.dnsSuffix, partition.dualStackDnsSuffix]))]
  .map((suffix) => suffix.replaceAll('.', '\\.'))
  .join('|');

/**
 * STS and its VPC endpoints. AWS's suffix alone is not enough: any load balancer or bucket has it.
 */
const awsStsHost = new RegExp(
  `^(?:sts(?:-fips)?(?:\\.[a-z0-9-]+)?|[a-z0-9-]+\\.sts(?:-fips)?\\.[a-z0-9-]+\\.vpce)\\.(?:${awsSuffixes})$`,
);

function isAwsStsHost(hostname: string): boolean {
  return awsStsHost.test(hostname);
}

function withoutTrailingSlash(url: string): string {
  return url.endsWith('/') ? url.slice(0, -1) : url;
}

function invalid(variable: string, value: string, problem: string): Failure {
  return new Failure({
    kind: 'value-invalid',
    source: variable,
    value: redactAddress(value),
    problem,
    remedy: `give ${variable} as https://host[:port][/path], or unset it`,
  });
}

function conflict(first: string, second: string): Failure {
  return new Failure({
    kind: 'flags-conflict',
    flags: [first, second],
    why: 'AWS has FIPS and dual-stack variants of its own endpoints only, not of a custom endpoint',
  });
}

/**
 * Throws `region-foreign` if region and role are in different partitions: STS would only say that
 * it does not know the role. Skips custom endpoints and what the table does not list.
 */
export function rejectForeignRegion(role: RoleArn, region: GivenValue | undefined, environment: Environment): void {
  if (region === undefined) return;
  const home = knownPartitionNamed(role.partition);
  const requested = knownPartitionOfRegion(region.value);
  if (home === undefined || requested === undefined || home === requested || hasCustomEndpoint(environment)) return;
  throw new Failure({
    kind: 'region-foreign',
    roleArn: role.text,
    partition: home.name,
    region,
    regionPartition: requested.name,
    fitting: { prefixes: home.regionPrefixes, example: home.defaultRegion },
  });
}
