import { createHash } from 'node:crypto';
import { parseSessionName } from '../request/session-name.ts';
import type { JobToken } from '../token/job-token.ts';
import type { Environment } from '../world.ts';

/** What tells this job from others: its id as given (for the session's name) and a name that is safe as a directory's. */
export interface JobIdentity {
  readonly id: string | undefined;
  readonly name: string;
}

/**
 * `SEMAPHORE_JOB_ID`, else the token's `job_id`, else its `jti`; an id that no directory should be named by, such as
 * one with `../` in it, is replaced by its SHA-256 in the name. The token is read only where no variable tells.
 */
export function jobIdentityOf(environment: Environment, readToken: () => JobToken): JobIdentity {
  const id = environment['SEMAPHORE_JOB_ID'] || idOf(readToken().claims);
  if (id !== undefined && /^[A-Za-z0-9-]{1,64}$/.test(id)) return { id, name: id };
  return {
    id,
    name: createHash('sha256')
      .update(id ?? readToken().text)
      .digest('hex'),
  };
}

function idOf({ jobId, jti }: JobToken['claims']): string | undefined {
  return jobId || jti || undefined;
}

/** The session's name unless one is given; may be illegal where the id is odd. */
export function defaultSessionName({ id, name }: JobIdentity): string {
  return `semaphore-job-${id ?? name.slice(0, 32)}`;
}

/** The default name, checked. Throws `value-invalid` where the job's id makes none that STS takes. */
export function sessionNameFor(job: JobIdentity): string {
  return parseSessionName({ value: defaultSessionName(job), source: "the session name made from the job's id" });
}
