import { type FactsOf, Failure } from '../failure.ts';
import type { GivenValue } from '../failures/usage.ts';
import { joinWords } from '../text/quote.ts';
import { regionsMeantBy, similarRegions } from './known-regions.ts';
import { unquoted, wrappingProblem } from './wrapped-value.ts';

const regionShape = /^[a-z]{2,4}(?:-[a-z]+)+-\d{1,2}$/;
const zoneShape = /^([a-z]{2,4}(?:-[a-z]+)+-\d{1,2})[a-z]$/;

/** Whether a text has a region's shape. */
export function isRegion(value: string): boolean {
  return regionShape.test(value);
}

/**
 * Parses a region's name. AWS adds regions, so an unknown one is accepted unless it is a known one
 * with a typing error. Throws `value-invalid`.
 */
export function parseRegion(given: GivenValue): string {
  const { value } = given;
  if (!isRegion(value)) throw new Failure({ kind: 'value-invalid', ...given, ...shapeProblem(value) });
  const similar = regionsMeantBy(value);
  if (similar.length === 0) return value;
  throw new Failure({
    kind: 'value-invalid',
    ...given,
    problem: 'AWS has no region with this name',
    ...meaning(similar),
  });
}

function shapeProblem(value: string): Pick<FactsOf<'value-invalid'>, 'problem' | 'remedy' | 'meant'> {
  const zone = zoneShape.exec(value)?.[1];
  if (zone !== undefined)
    return { problem: 'it is an availability zone, not a region', remedy: `give the region, "${zone}"`, meant: zone };
  const bare = unquoted(value);
  if (bare !== value && isRegion(bare)) return { ...wrappingProblem(value), meant: bare };
  const problem = 'no AWS region has a name in this form';
  const similar = similarRegions(bare);
  return similar.length === 0
    ? { problem, remedy: 'give a region such as "eu-west-1"' }
    : { problem, ...meaning(similar) };
}

function meaning(similar: readonly string[]): Pick<FactsOf<'value-invalid'>, 'remedy' | 'meant'> {
  const [only, ...others] = similar;
  const remedy = `did you mean ${joinWords(
    similar.map((name) => `"${name}"`),
    'or',
  )}?`;
  return only === undefined || others.length > 0 ? { remedy } : { remedy, meant: only };
}

export interface Partition {
  /** As in an ARN: `aws`, `aws-cn`, … */
  readonly name: string;
  readonly dnsSuffix: string;
  readonly dualStackDnsSuffix: string;
  /** The region to use if the user names none. */
  readonly defaultRegion: string;
  /** The beginnings of its regions' names; a name and a number follow. */
  readonly regionPrefixes: readonly string[];
}

const commercial: Partition = {
  name: 'aws',
  dnsSuffix: 'amazonaws.com',
  dualStackDnsSuffix: 'api.aws',
  defaultRegion: 'us-east-1',
  regionPrefixes: ['us-', 'eu-', 'ap-', 'sa-', 'ca-', 'me-', 'af-', 'il-', 'mx-'],
};

/** Every partition that the AWS SDK for JavaScript knows; a test compares the two. */
export const partitions: readonly Partition[] = [
  commercial,
  {
    name: 'aws-cn',
    dnsSuffix: 'amazonaws.com.cn',
    dualStackDnsSuffix: 'api.amazonwebservices.com.cn',
    defaultRegion: 'cn-northwest-1',
    regionPrefixes: ['cn-'],
  },
  {
    name: 'aws-us-gov',
    dnsSuffix: 'amazonaws.com',
    dualStackDnsSuffix: 'api.aws',
    defaultRegion: 'us-gov-west-1',
    regionPrefixes: ['us-gov-'],
  },
  {
    name: 'aws-eusc',
    dnsSuffix: 'amazonaws.eu',
    dualStackDnsSuffix: 'api.amazonwebservices.eu',
    defaultRegion: 'eusc-de-east-1',
    regionPrefixes: ['eusc-de-'],
  },
  {
    name: 'aws-iso',
    dnsSuffix: 'c2s.ic.gov',
    dualStackDnsSuffix: 'api.aws.ic.gov',
    defaultRegion: 'us-iso-east-1',
    regionPrefixes: ['us-iso-'],
  },
  {
    name: 'aws-iso-b',
    dnsSuffix: 'sc2s.sgov.gov',
    dualStackDnsSuffix: 'api.aws.scloud',
    defaultRegion: 'us-isob-east-1',
    regionPrefixes: ['us-isob-'],
  },
  {
    name: 'aws-iso-e',
    dnsSuffix: 'cloud.adc-e.uk',
    dualStackDnsSuffix: 'api.cloud-aws.adc-e.uk',
    defaultRegion: 'eu-isoe-west-1',
    regionPrefixes: ['eu-isoe-'],
  },
  {
    name: 'aws-iso-f',
    dnsSuffix: 'csp.hci.ic.gov',
    dualStackDnsSuffix: 'api.aws.hci.ic.gov',
    defaultRegion: 'us-isof-south-1',
    regionPrefixes: ['us-isof-'],
  },
];

/** Returns the partition of a region; the commercial one for an unknown shape, as SDKs do. */
export function partitionOfRegion(region: string): Partition {
  return knownPartitionOfRegion(region) ?? commercial;
}

/** Returns the partition of a region; undefined for an unknown shape. */
export function knownPartitionOfRegion(region: string): Partition | undefined {
  return partitions.find(({ regionPrefixes }) =>
    regionPrefixes.some((prefix) => region.startsWith(prefix) && /^\w+-\d+$/.test(region.slice(prefix.length))),
  );
}

/** Returns the partition with this name; the commercial one for an unknown name. */
export function partitionNamed(name: string): Partition {
  return knownPartitionNamed(name) ?? commercial;
}

/** Returns the partition with this name; undefined for an unknown name. */
export function knownPartitionNamed(name: string): Partition | undefined {
  return partitions.find((partition) => partition.name === name);
}
