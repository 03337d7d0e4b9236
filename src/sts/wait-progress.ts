import { nameInResource, splitArn } from '../aws/arn.ts';
import { durationText, printable } from '../text/quote.ts';
import type { StsRefusal } from '../world/sts.ts';
import type { World } from '../world/world.ts';

/** Shows that a login waits for a new role or provider. */
export interface WaitProgress {
  /** `left` is the rest of the time to wait, in milliseconds. */
  show(refusal: StsRefusal, left: number): void;
  /** Removes the line from a terminal. */
  end(): void;
}

/** Milliseconds between two lines of a log. */
const pauseBetweenLines = 5_000;

/**
 * Returns a progress that rewrites one line on a terminal. Anywhere else it adds a line every few
 * seconds, also on the terminal of Semaphore's agent: it has no size, and its output is a log.
 */
export function makeWaitProgress(roleArn: string, { output, clock }: Pick<World, 'output' | 'clock'>): WaitProgress {
  const role = printable(nameInResource(splitArn(roleArn)?.resource ?? roleArn));
  let shown: number | undefined;
  let isRewritten = false;
  return {
    show: ({ code }, left) => {
      const text = `sem-aws-login: STS denies role ${role} (${printable(code)}); retrying for ${durationText(left)} (--wait)`;
      const now = clock.now().getTime();
      const columns = output.stderrColumns ?? 0;
      isRewritten = columns > 0;
      // A text that reaches the last column would move the cursor to the next line.
      if (isRewritten) output.rewriteLine(text.slice(0, columns - 1));
      else if (shown === undefined || now - shown >= pauseBetweenLines) output.stderr(text);
      else return;
      shown = now;
    },
    end: () => {
      if (isRewritten) output.rewriteLine('');
    },
  };
}
