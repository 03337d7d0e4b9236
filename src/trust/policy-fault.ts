import type { Explanation } from '../text/explanation.ts';
import { printable, quote } from '../text/quote.ts';
import type { PolicyFault } from './trust-policy.ts';

/** Explains why IAM would not accept a text as a trust policy, with line and column. */
export function explainPolicyFault(fault: PolicyFault): Explanation {
  const { headline, ...rest } = words(fault);
  return { headline: `${headline} (line ${fault.line}, column ${fault.column})`, ...rest };
}

const iamRefuses = 'IAM refuses to save such a policy, so this is not what the role has.';

function words(fault: PolicyFault): Explanation {
  switch (fault.kind) {
    case 'trailing-comma':
      return {
        headline: 'A comma stands before a closing bracket',
        cause:
          "JSON has none after the last element. Examples in Semaphore's guide have had them. The rest was read as if it were not there.",
        remedies: ['Take the comma out.'],
      };
    case 'syntax':
      return {
        headline: fault.found === '' ? 'The text ends too early' : `The text is not JSON from ${quote(fault.found)} on`,
        cause: 'A trust policy is strict JSON: double quotes, commas between elements, no comments.',
        remedies: ['Compare with what AWS has: aws iam get-role --role-name NAME'],
      };
    case 'too-deep':
      return {
        headline: 'The text is nested too deeply for a policy',
        cause: 'No policy needs more than ten levels.',
        remedies: ['Check whether this is the right file.'],
      };
    case 'duplicate-key':
      return {
        headline: `${quote(fault.name)} stands twice in one object`,
        cause: `${iamRefuses} Which of the two would count is not documented.`,
        remedies: ['Put both into one: several keys under one operator, or several values in a list.'],
      };
    case 'not-a-policy':
      return {
        headline: 'This is no trust policy: it has no Statement',
        cause: 'Understood are the policy itself and the answer of aws iam get-role.',
        remedies: ['Take it from AWS: aws iam get-role --role-name NAME'],
      };
    default:
      return elementWords(fault);
  }
}

type ElementFault = Extract<PolicyFault, { readonly element: string }>;

function elementWords(fault: ElementFault): Explanation {
  const element = quote(fault.element);
  switch (fault.kind) {
    case 'missing-element':
      return { headline: `${element} is missing`, cause: iamRefuses, remedies: [`Add ${element}.`] };
    case 'wrong-type':
      return { headline: `${element} must be ${fault.wanted}`, cause: iamRefuses, remedies: ['Write it so.'] };
    case 'wrong-value':
      return {
        headline: `${element} cannot be ${printable(fault.found)}`,
        cause: `${iamRefuses} Case counts.`,
        remedies: [fault.element === 'Version' ? 'Write "2012-10-17".' : 'Write "Allow" or "Deny".'],
      };
    case 'unknown-element':
      return {
        headline: `${element} is nothing that a policy has here`,
        cause: `${iamRefuses} Case counts.`,
        remedies: ['Check the spelling.'],
      };
    case 'prohibited-element':
      return {
        headline: `${element} has no place in a trust policy`,
        cause: `The role itself is the resource. ${iamRefuses}`,
        remedies: ['Take it out.'],
      };
    case 'contradicting-element':
      return {
        headline: `${element} stands beside its opposite`,
        cause: `A statement has one of the two. ${iamRefuses}`,
        remedies: ['Take one of them out.'],
      };
  }
}
