import type { DocumentComments } from './comments.ts';
import type { TrustDocument, TrustStatement } from './trust-document.ts';

/** A value that both YAML and HCL can express, with comments on an object's members. Each format lays it out itself. */
export type DocumentTree =
  | { readonly kind: 'text'; readonly text: string }
  /** Source text of the format: a reference, a call. */
  | { readonly kind: 'code'; readonly text: string }
  | { readonly kind: 'list'; readonly items: readonly DocumentTree[] }
  | TreeObject;

/** An object. Its members keep their order. */
export interface TreeObject {
  readonly kind: 'object';
  readonly members: readonly Member[];
}

/** A member of an object, with the comment above it. */
export interface Member {
  readonly key: string;
  readonly value: DocumentTree;
  readonly comment: string | undefined;
}

/** A string; the format adds the quotes that it needs. */
export const text = (value: string): DocumentTree => ({ kind: 'text', text: value });

/** Source text of the format, written as it is. */
export const code = (value: string): DocumentTree => ({ kind: 'code', text: value });

/** A list. */
export const list = (items: readonly DocumentTree[]): DocumentTree => ({ kind: 'list', items });

/** An object of these members. */
export const object = (...members: readonly Member[]): TreeObject => ({ kind: 'object', members });

/** A member of an object. A plain string becomes a text value. */
export const member = (key: string, value: DocumentTree | string, comment?: string): Member => ({
  key,
  value: typeof value === 'string' ? text(value) : value,
  comment,
});

/** A trust policy with its comments. Those that apply to every statement are in the first one only. */
export function trustTree(document: TrustDocument<DocumentTree>, comments: DocumentComments): TreeObject {
  return object(
    member('Version', document.Version),
    member('Statement', list(document.Statement.map((one, index) => statementTree(one, comments, index === 0)))),
  );
}

function statementTree(
  statement: TrustStatement<DocumentTree>,
  comments: DocumentComments,
  isFirst: boolean,
): DocumentTree {
  const { Sid, Effect, Principal, Action, Condition } = statement;
  const operators = Object.entries(Condition).map(([operator, keys]) =>
    member(
      operator,
      object(
        ...Object.entries(keys).map(([key, wanted]: [string, string | readonly string[]]) => {
          const audience = isFirst ? comments.audience : undefined;
          return member(key, oneOrMore(wanted), key.endsWith(':aud') ? audience : comments.subject[Sid]);
        }),
      ),
    ),
  );
  return object(
    member('Sid', Sid),
    member('Effect', Effect),
    member('Principal', object(member('Federated', Principal.Federated))),
    member('Action', oneOrMore(Action), isFirst ? comments.action : undefined),
    member('Condition', object(...operators)),
  );
}

function oneOrMore(values: string | readonly string[]): DocumentTree {
  return typeof values === 'string' ? text(values) : list(values.map(text));
}
