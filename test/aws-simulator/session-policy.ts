import { membersOf, type Parameters } from './parameters.ts';
import { StsError, validationError } from './sts-error.ts';

function checkDocument(policy: string): void {
  let document: unknown;
  try {
    document = JSON.parse(policy);
  } catch (error) {
    throw new StsError('MalformedPolicyDocument', 400, 'This policy contains invalid Json', String(error));
  }
  const isPolicy = typeof document === 'object' && document !== null && 'Statement' in document;
  if (!isPolicy) throw new StsError('MalformedPolicyDocument', 400, 'Syntax errors in policy.', 'it has no Statement');
}

/**
 * Checks session policies and tags and returns `PackedPolicySize`, in percent of the limit, if
 * there are any. AWS does not publish its packing: the limit here is 2048 characters in total.
 */
export function packedPolicySizeOf(parameters: Parameters, tags: ReadonlyMap<string, string>): number | undefined {
  const policy = parameters.get('Policy');
  const arns = membersOf(parameters, 'PolicyArns', '.arn');
  if (policy === undefined && arns.length === 0 && tags.size === 0) return undefined;
  if (policy !== undefined) checkDocument(policy);
  if (arns.length > 10) {
    throw validationError(
      `1 validation error detected: Value at 'policyArns' failed to satisfy constraint: Member must have length less than or equal to 10`,
    );
  }
  const malformed = arns.find((arn) => !/^arn:[\w-]+:iam::(\d{12}|aws):policy\/.+$/.test(arn));
  if (malformed !== undefined) throw validationError(`ARN ${malformed} is not valid.`);
  const room = [policy ?? '', ...arns, ...[...tags].flat()].join('').length;
  const size = Math.ceil((room * 100) / 2048);
  if (size > 100) {
    const message = `Packed policy consumes ${size}% of allotted space, please use smaller policy.`;
    throw new StsError('PackedPolicyTooLarge', 400, message);
  }
  return size;
}
