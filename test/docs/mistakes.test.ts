import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { quoteForBash } from '../../src/text/shell-words.ts';
import { goodArguments, type Job, type Run, startJob } from '../program/job-run.ts';
import { useAws } from '../program/local-aws.ts';
import { type Mistake, mistakes } from './mistakes.ts';

const page = join(import.meta.dirname, '..', '..', 'docs', 'mistakes.md');

const aws = useAws();

const intro = `# Mistakes and their messages

Each message on this page comes from a real run against a local AWS, and a test runs every line again.
Only addresses, ids, times and paths are replaced. [problems.md](problems.md) lists every failure by
its message.

`;

const parts = new Map<Mistake, string>();

describe.each(Object.entries(mistakes))('a mistake with %s gets a message that is enough:', (_, entries) => {
  it.each(entries)('$title', async (mistake) => {
    parts.set(mistake, await partOf(mistake));
  });
});

it('docs/mistakes.md shows these messages', async () => {
  const chapters = Object.entries(mistakes).map(
    ([title, entries]) => `## ${title}\n\n${entries.map((mistake) => parts.get(mistake)).join('\n')}`,
  );
  await expect(intro + chapters.join('\n')).toMatchFileSnapshot(page);
});

async function partOf(mistake: Mistake): Promise<string> {
  const { title, args = goodArguments, job: description = 'branch', agent, token = {}, faults = [] } = mistake;
  const job = startJob(aws(), { job: description, ...(agent && { agent }), ...token });
  const environment =
    typeof mistake.environment === 'function' ? mistake.environment(job, aws()) : (mistake.environment ?? {});
  mistake.prepare?.(job);
  aws().clearFaults();
  aws().fault(...faults);
  const run = await job.run(args, { environment });
  aws().clearFaults();
  expect(run.exitCode, title).toBe(mistake.exitCode);
  expect(run.stderr, 'what to do is on a line of its own').toMatch(/^ {2}→ |^ {4}/m);
  if (mistake.paste !== undefined) expect(run.stderr, title).toMatch(mistake.paste);
  const line = ['sem-aws-login', ...args].map((word) => (word === '' ? '""' : quoteForBash(word))).join(' ');
  return `### ${title}\n\n\`\`\`\n$ ${line}\n${steady(run, job)}\`\`\`\n`;
}

/** The message with what differs from run to run replaced. */
function steady({ stderr }: Run, job: Job): string {
  return stderr
    .replaceAll(job.home, '/home/semaphore')
    .replaceAll(job.directory, '/home/semaphore/web')
    .replaceAll(job.id, 'JOB-ID')
    .replace(/https?:\/\/(127\.0\.0\.1|localhost):\d+/g, 'https://sts.eu-west-1.amazonaws.com')
    .replace(/(request id +)[0-9a-f-]{36}/g, '$1c6104cbe-af31-11e0-8154-cbc7ccf896c7')
    .replace(/\d{4}-\d\d-\d\d \d\d:\d\d UTC/g, '2026-11-25 12:00 UTC')
    .replace(/date\/time \d{10}/g, 'date/time 1795611402')
    .replace(/issued (\d+) s ago/g, 'issued 5 s ago')
    .replace(/expires in (?:24 h|23 h 59 min)/g, 'expires in 23 h 59 min')
    .replace(/(attempts +)\d+( in \d+ s)?/g, '$13');
}
