import { recordOf } from '../request/json-value.ts';

/**
 * A trust policy in lines for comparing: statements, keys and lists in one order, single values never in a list, no Sid.
 * Two policies with the same lines mean the same.
 */
export function policyLinesOf(document: unknown): string[] {
  const { Version, Statement } = recordOf(document);
  const statements = asList(Statement).map((statement) => {
    const { Sid: _, ...rest } = recordOf(statement);
    return ordered(rest);
  });
  const inOrder = statements.toSorted((a, b) => compare(JSON.stringify(a), JSON.stringify(b)));
  return JSON.stringify({ Version, Statement: inOrder }, null, 2).split('\n');
}

function ordered(value: unknown): unknown {
  if (Array.isArray(value)) {
    const [first, ...others] = value.map(ordered).toSorted((a, b) => compare(String(a), String(b)));
    return others.length === 0 ? first : [first, ...others];
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([a], [b]) => compare(a, b))
      .map(([key, one]) => [key, ordered(one)]),
  );
}

// By code units, so that the order is the same on every machine.
function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [value];
}
