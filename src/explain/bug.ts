import { readable } from './quote.ts';

/** An unexpected error, with its stack for the report, and where to send it. Takes anything that was thrown. */
export function bugLines(error: unknown, address: string): string[] {
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return [
    'sem-aws-login: This is a bug in sem-aws-login, not in your pipeline',
    ...stack.split('\n').map((line) => `  ${readable(line)}`),
    `  → Please report it, with these lines: ${address}`,
  ];
}
