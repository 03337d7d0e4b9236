import { expect, test } from 'vitest';
import { makeWaitProgress } from '../../src/sts/wait-progress.ts';

const refusal = { code: 'AccessDenied', message: 'no', status: 403, requestId: undefined };

/** Returns what is written for refusals after these seconds, then for the end. */
function shownFor(stderrColumns: number | undefined, seconds: readonly number[]): string[] {
  let time = 0;
  const shown: string[] = [];
  const output = {
    stdoutIsTerminal: false,
    stdoutIsDiscarded: false,
    stdoutColumns: undefined,
    stderrColumns,
    stdout: () => {},
    stderr: (line: string) => void shown.push(`line: ${line}`),
    rewriteLine: (text: string) => void shown.push(`rewritten: ${text}`),
  };
  const clock = { now: () => new Date(time), sleep: async () => {} };
  const progress = makeWaitProgress('arn:aws:iam::123456789012:role/a/deploy', { output, clock });
  for (const second of seconds) {
    time = second * 1000;
    progress.show(refusal, 60_000 - time);
  }
  progress.end();
  return shown;
}

const text = (left: string) => `sem-aws-login: STS denies role deploy (AccessDenied); retrying for ${left} (--wait)`;

test.each([undefined, 0])('a log (width %s) gets a line at once and every few seconds', (columns) => {
  expect(shownFor(columns, [0, 2, 4.9, 5, 8, 11])).toEqual([
    `line: ${text('60 s')}`,
    `line: ${text('55 s')}`,
    `line: ${text('49 s')}`,
  ]);
});

test('a terminal gets one line that is rewritten, and cleared at the end', () => {
  expect(shownFor(100, [0, 2])).toEqual([`rewritten: ${text('60 s')}`, `rewritten: ${text('58 s')}`, 'rewritten: ']);
});

test('a narrow terminal gets the part that fits on one line', () => {
  expect(shownFor(40, [0])[0]).toBe(`rewritten: ${text('60 s').slice(0, 39)}`);
});

test.each([undefined, 0, 80])('a login that does not wait shows nothing (width %s)', (columns) => {
  expect(shownFor(columns, [])).toEqual([]);
});
