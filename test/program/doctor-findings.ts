import type { Job, Run, Variables } from './job-run.ts';

/** A finding as `doctor --json` gives it. */
export interface JsonFinding {
  readonly check: string;
  readonly status: 'ok' | 'warn' | 'fail';
  readonly kind: string;
  readonly headline: string;
  readonly remedies: readonly string[];
  readonly paste: readonly string[];
  readonly data: Readonly<Record<string, unknown>>;
}

/** Runs `doctor --json` and returns its findings. */
export async function findingsOf(job: Job, args: readonly string[] = [], environment: Variables = {}) {
  const run = await job.run(['doctor', '--json', ...args], { environment });
  // The program's own schema; a wrong shape fails the expectations on it.
  const report = JSON.parse(run.stdout) as { schema: string; exitCode: number; findings: JsonFinding[] };
  const findings = (check: string) => report.findings.filter((finding) => finding.check === check);
  const statuses = (check: string) => findings(check).map(({ status, kind }) => `${status} ${kind}`);
  return { run, report, findings, statuses };
}

/** Returns a check's first line in the report; undefined if there is none. */
export const lineOf = (run: Run, check: string) =>
  run.stdout.split('\n').find((line) => /^\w/.test(line) && line.slice(6).startsWith(`${check} `));

/** Unsets the endpoint: doctor would send a request to AWS. */
export const noAws = { AWS_ENDPOINT_URL_STS: undefined };
