import type { ByteText } from './byte-text.ts';

const commentShape = /^# Managed by sem-aws-login for job ([A-Za-z0-9-]{1,64});/;

/** What a job may be called in a managed comment. */
export const jobNameShape = /^[A-Za-z0-9-]{1,64}$/;

/** The comment line, without its line end, that directly above a header marks the section as this job's. */
export function makeManagedComment(job: string): ByteText {
  return `# Managed by sem-aws-login for job ${job}; \`sem-aws-login logout\` removes it`;
}

/** The job that the line from `start` to `end` names, or null when it is no managed comment. */
export function managingJobOf(text: ByteText, start: number, end: number): string | null {
  return commentShape.exec(text.slice(start, end))?.[1] ?? null;
}
