import { Failure } from '../failure.ts';
import type { GivenValue } from './given-value.ts';

const regionShape = /^[a-z]{2,4}(?:-[a-z]+)+-\d{1,2}$/;
const zoneShape = /^([a-z]{2,4}(?:-[a-z]+)+-\d{1,2})[a-z]$/;

/** Whether a text has a region's shape. */
export function isRegion(value: string): boolean {
  return regionShape.test(value);
}

/** Takes a region's name by its shape only, since new regions come; throws a `value-invalid` failure. */
export function parseRegion(given: GivenValue): string {
  const { value, source } = given;
  if (isRegion(value)) return value;
  const zone = zoneShape.exec(value)?.[1];
  throw new Failure({
    kind: 'value-invalid',
    source,
    value,
    problem: zone === undefined ? 'no AWS region has a name of this shape' : 'it is an availability zone, not a region',
    remedy: zone === undefined ? 'give a region such as "eu-west-1"' : `give the region, "${zone}"`,
  });
}
