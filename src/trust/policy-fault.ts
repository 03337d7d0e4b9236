import type { Explanation, Paste } from '../text/explanation.ts';
import { printable, quote } from '../text/quote.ts';
import type { PolicyFault } from './trust-policy.ts';

/** Explains why IAM would not accept a text as a trust policy, with line and column. */
export function explainPolicyFault(fault: PolicyFault): Explanation {
  const { headline, ...rest } = words(fault);
  return { headline: `${headline} (line ${fault.line}, column ${fault.column})`, ...rest };
}

const iamRefuses = 'IAM rejects such a policy, so this is not the policy of the role.';

function words(fault: PolicyFault): Explanation {
  switch (fault.kind) {
    case 'trailing-comma':
      return {
        headline: 'There is a comma before a closing bracket',
        cause:
          "JSON allows no comma after the last element. Some examples in Semaphore's guide have one. The rest is checked without it.",
        remedies: ['Remove the comma.'],
      };
    case 'syntax':
      return {
        headline: fault.found === '' ? 'The text ends too early' : `The text is not JSON from ${quote(fault.found)} on`,
        cause: 'A trust policy is strict JSON: double quotes, commas between elements, no comments.',
        remedies: [],
        steps: [currentPolicy('Compare with the policy in AWS:')],
      };
    case 'too-deep':
      return {
        headline: 'The text is nested too deeply for a policy',
        cause: 'No policy needs more than ten levels.',
        remedies: ['Check whether this is the right file.'],
      };
    case 'duplicate-key':
      return {
        headline: `${quote(fault.name)} is there twice in one object`,
        cause: `${iamRefuses} AWS does not document which of the two it would use.`,
        remedies: ['Put both into one: several keys under one operator, or several values in a list.'],
      };
    case 'not-a-policy':
      return {
        headline: 'This is not a trust policy: it has no Statement',
        cause: 'The file can contain the policy itself, or the answer of get-role.',
        remedies: [],
        steps: [currentPolicy('Get the policy from AWS:')],
      };
    default:
      return elementWords(fault);
  }
}

function currentPolicy(intro: string): Paste {
  return { intro, lines: ['aws iam get-role --role-name ROLE'] };
}

type ElementFault = Extract<PolicyFault, { readonly element: string }>;

function elementWords(fault: ElementFault): Explanation {
  const element = quote(fault.element);
  switch (fault.kind) {
    case 'missing-element':
      return { headline: `${element} is missing`, cause: iamRefuses, remedies: [`Add ${element}.`] };
    case 'wrong-type':
      return {
        headline: `${element} must be ${fault.wanted}`,
        cause: iamRefuses,
        remedies: [`Write it as ${fault.wanted}.`],
      };
    case 'wrong-value':
      return {
        headline: `${element} cannot be ${printable(fault.found)}`,
        cause: `${iamRefuses} Upper and lower case matter.`,
        remedies: [fault.element === 'Version' ? 'Write "2012-10-17".' : 'Write "Allow" or "Deny".'],
      };
    case 'unknown-element':
      return {
        headline: `${element} is not an element that a policy has here`,
        cause: `${iamRefuses} Upper and lower case matter.`,
        remedies: ['Check the spelling.'],
      };
    case 'prohibited-element':
      return {
        headline: `${element} is not allowed in a trust policy`,
        cause: `The role itself is the resource. ${iamRefuses}`,
        remedies: ['Remove it.'],
      };
    case 'contradicting-element':
      return {
        headline: `${element} is used together with its opposite`,
        cause: `A statement can have only one of the two. ${iamRefuses}`,
        remedies: ['Remove one of them.'],
      };
  }
}
