import { expect } from 'vitest';
import type { Run } from './job-run.ts';

/** The message of a failed login. */
export interface Refusal {
  readonly exitCode: number;
  /** The first line after the program's name. */
  readonly headline: string | RegExp;
  /** Further required texts, whatever the line breaks. */
  readonly says?: readonly (string | RegExp)[];
}

/**
 * Expects that a failed login says what failed and what to do, prints a path that no file has, and
 * writes nothing.
 */
export function expectRefusal(run: Run, { exitCode, headline, says = [] }: Refusal): void {
  const message = unwrapped(run.stderr);
  expect(message).toMatch(/^sem-aws-login: /);
  const text = message.slice('sem-aws-login: '.length);
  if (typeof headline === 'string') expect(text.slice(0, headline.length)).toBe(headline);
  else expect(text).toMatch(headline);
  for (const part of says) expect(text).toMatch(part);
  expect(run.stderr, 'a remedy is shown').toMatch(/^ {2}→ /m);
  expect(run.exitCode).toBe(exitCode);
  expect(run.stdout).toBe(
    `/sem-aws-login: LOGIN FAILED (exit ${exitCode}), see the lines above; add || return to stop here; ignore the rest of this one\n`,
  );
  expect(run.written, 'nothing was written').toEqual({});
}

/** Returns the text without the layout's line breaks and indents. */
export function unwrapped(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
