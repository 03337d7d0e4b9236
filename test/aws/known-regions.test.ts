import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { knownRegions, regionsMeantBy, similarRegions } from '../../src/aws/known-regions.ts';
import { parseRegion } from '../../src/aws/region.ts';
import { failureOf } from '../failing.ts';

const given = (value: string) => ({ value, source: '--region' });

describe('the known regions', () => {
  it('are those of the AWS SDK', async () => {
    // By its path, since the package does not export this module.
    const directory = dirname(createRequire(import.meta.url).resolve('@aws-sdk/core/package.json'));
    const { partitionsInfo }: { partitionsInfo: SdkPartitions } = await import(
      join(directory, 'dist-es/submodules/client/util-endpoints/lib/aws/partitions.js')
    );
    const names = partitionsInfo.partitions.flatMap(({ regions }) => Object.keys(regions));
    expect(knownRegions.toSorted()).toEqual(names.filter((name) => !name.endsWith('-global')).toSorted());
  });

  it.each([...knownRegions])('%s is accepted', (region) => {
    expect(parseRegion(given(region))).toBe(region);
  });
});

interface SdkPartitions {
  readonly partitions: readonly { readonly regions: Readonly<Record<string, unknown>> }[];
}

describe('a misspelt region is rejected with the one that was meant', () => {
  it.each([
    ['eu-wets-1', 'eu-west-1'],
    ['eu-wst-1', 'eu-west-1'],
    ['eu-westt-2', 'eu-west-2'],
    ['eu-centrl-1', 'eu-central-1'],
    ['eu-centarl-1', 'eu-central-1'],
    ['us-wset-2', 'us-west-2'],
    ['us-gov-wset-1', 'us-gov-west-1'],
    ['ap-southest-2', 'ap-southeast-2'],
    ['EU-WEST-1', 'eu-west-1'],
    ['eu_west_1', 'eu-west-1'],
    ['euwest-1', 'eu-west-1'],
    ['euwest1', 'eu-west-1'],
    ['eu-west1', 'eu-west-1'],
    ['eu west 1', 'eu-west-1'],
    ['"eu-west-1"', 'eu-west-1'],
    ["'eu-west-1'", 'eu-west-1'],
    [' eu-west-1', 'eu-west-1'],
    ['eu-west-1\n', 'eu-west-1'],
    ['eu-west-1a', 'eu-west-1'],
  ])('%j: %s', (value, meant) => {
    expect(failureOf(() => parseRegion(given(value)))).toMatchObject({ kind: 'value-invalid', value, meant });
  });

  it.each([
    ['us-est-1', 'did you mean "us-east-1" or "us-west-1"?'],
    ['us-east', 'did you mean "us-east-1" or "us-east-2"?'],
  ])('%j, which can be several: %s', (value, remedy) => {
    const facts = failureOf(() => parseRegion(given(value)));
    expect(facts).toMatchObject({ kind: 'value-invalid', remedy });
    expect(facts).not.toHaveProperty('meant');
  });
});

describe('a region that can be new is accepted', () => {
  it.each([
    'eu-west-4',
    'us-east-12',
    'ap-southeast-8',
    'eu-east-1',
    'us-south-1',
    'nz-central-1',
    'th-north-1',
    'us-northcentral-1',
    'us-gov-central-1',
    'xx-nowhere-9',
  ])('%s', (region) => {
    expect(parseRegion(given(region))).toBe(region);
    expect(regionsMeantBy(region)).toEqual([]);
  });

  it('although a known one is similar', () => {
    expect(similarRegions('eu-west-4')).toEqual(['eu-west-1', 'eu-west-2', 'eu-west-3']);
    expect(similarRegions('xx-nowhere-9')).toEqual([]);
  });
});
