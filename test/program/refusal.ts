import { expect } from 'vitest';
import type { Run } from './job-run.ts';

/** How a login that fails is told. */
export interface Refusal {
  readonly exitCode: number;
  /** What the first line says after the program's name. */
  readonly headline: string | RegExp;
  /** What else must be said, wherever lines break. */
  readonly says?: readonly (string | RegExp)[];
}

/** A refused login says what, why and what to do; gives `source` a path that is none; and leaves everything as it stood. */
export function expectRefusal(run: Run, { exitCode, headline, says = [] }: Refusal): void {
  const told = unwrapped(run.stderr);
  expect(told).toMatch(/^sem-aws-login: /);
  const text = told.slice('sem-aws-login: '.length);
  if (typeof headline === 'string') expect(text.slice(0, headline.length)).toBe(headline);
  else expect(text).toMatch(headline);
  for (const part of says) expect(text).toMatch(part);
  expect(run.stderr, 'a way out is shown').toMatch(/^ {2}→ /m);
  expect(run.exitCode).toBe(exitCode);
  expect(run.stdout).toBe(
    `/sem-aws-login: LOGIN FAILED (exit ${exitCode}), see the lines above; ignore the rest of this one\n`,
  );
  expect(run.written, 'nothing was written').toEqual({});
}

/** The text without the line breaks and indents of the layout. */
export function unwrapped(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
