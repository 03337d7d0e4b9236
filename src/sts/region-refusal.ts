import { Failure } from '../failure.ts';
import type { GivenValue } from '../request/given-value.ts';
import type { RoleArn } from '../request/role-arn.ts';
import type { Environment } from '../world.ts';
import { hasOwnAddress } from './endpoint.ts';
import { knownPartitionNamed, knownPartitionOfRegion } from './partition.ts';

/**
 * Throws `Failure` `region-foreign` for a region of another partition than the role's: its STS knows no such role, and says no more than
 * that. An address of the user's own is not judged, nor a region or partition that the table does not know.
 */
export function refuseForeignRegion(role: RoleArn, region: GivenValue | undefined, environment: Environment): void {
  if (region === undefined) return;
  const home = knownPartitionNamed(role.partition);
  const asked = knownPartitionOfRegion(region.value);
  if (home === undefined || asked === undefined || home === asked || hasOwnAddress(environment)) return;
  throw new Failure({
    kind: 'region-foreign',
    roleArn: role.text,
    partition: home.name,
    region,
    regionPartition: asked.name,
    fitting: { prefixes: home.regionPrefixes, example: home.defaultRegion },
  });
}
