import type { Reasons } from './reasons.ts';
import type { TrustDocument, TrustStatement } from './trust-document.ts';

/** What YAML and HCL both can say, before it is laid out in either: values, with comments on an object's members. */
export type Outline =
  | { readonly kind: 'text'; readonly text: string }
  /** Of the format's own: a reference, a call. */
  | { readonly kind: 'code'; readonly text: string }
  | { readonly kind: 'list'; readonly items: readonly Outline[] }
  | OutlineObject;

/** An object, its members in the order in which they are written. */
export interface OutlineObject {
  readonly kind: 'object';
  readonly members: readonly Member[];
}

/** A member of an object, and the comment above it. */
export interface Member {
  readonly key: string;
  readonly value: Outline;
  readonly comment: string | undefined;
}

/** A string, quoted as the format wants it. */
export const text = (value: string): Outline => ({ kind: 'text', text: value });

/** Text of the format's own, written as it is. */
export const code = (value: string): Outline => ({ kind: 'code', text: value });

/** A list, in this order. */
export const list = (items: readonly Outline[]): Outline => ({ kind: 'list', items });

/** An object of these members. */
export const object = (...members: readonly Member[]): OutlineObject => ({ kind: 'object', members });

/** A member of an object; a plain string is its text. */
export const member = (key: string, value: Outline | string, comment?: string): Member => ({
  key,
  value: typeof value === 'string' ? text(value) : value,
  comment,
});

/** A trust policy, with the reason beside each of its parts; what holds for every statement is told at the first. */
export function trustOutline(document: TrustDocument<Outline>, reasons: Reasons): OutlineObject {
  return object(
    member('Version', document.Version),
    member('Statement', list(document.Statement.map((one, index) => statementOutline(one, reasons, index === 0)))),
  );
}

function statementOutline(statement: TrustStatement<Outline>, reasons: Reasons, isFirst: boolean): Outline {
  const { Sid, Effect, Principal, Action, Condition } = statement;
  const operators = Object.entries(Condition).map(([operator, keys]) =>
    member(
      operator,
      object(
        ...Object.entries(keys).map(([key, wanted]: [string, string | readonly string[]]) => {
          const ofAudience = isFirst ? reasons.audience : undefined;
          return member(key, oneOrMore(wanted), key.endsWith(':aud') ? ofAudience : reasons.subject[Sid]);
        }),
      ),
    ),
  );
  return object(
    member('Sid', Sid),
    member('Effect', Effect),
    member('Principal', object(member('Federated', Principal.Federated))),
    member('Action', oneOrMore(Action), isFirst ? reasons.action : undefined),
    member('Condition', object(...operators)),
  );
}

function oneOrMore(values: string | readonly string[]): Outline {
  return typeof values === 'string' ? text(values) : list(values.map(text));
}
