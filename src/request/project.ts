import { Failure } from '../failure.ts';
import type { GivenValue } from './given-value.ts';

/** Takes a project's id, a UUID in lower case; throws `value-invalid`. */
export function parseProjectId(given: GivenValue): string {
  const { value } = given;
  if (/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(value)) return value;
  throw new Failure({
    kind: 'value-invalid',
    ...given,
    problem:
      "it is not a project's id, which is a UUID in lower case; a project's name is no part of a token's subject",
    remedy: 'take SEMAPHORE_PROJECT_ID of one of its jobs, or metadata.id of "sem get project NAME"',
  });
}

/** Takes the name of a repository, without its owner; throws `value-invalid`. */
export function parseRepository(given: GivenValue): string {
  const { value } = given;
  if (/^[\w.+~@=,-]{1,100}$/.test(value)) return value;
  const name = value.replace(/^.*[/:]/, '').replace(/\.git$/, '');
  throw new Failure({
    kind: 'value-invalid',
    ...given,
    problem: value.includes('/')
      ? "a token's subject has the repository's name only, without its owner"
      : 'no repository has a name of this shape',
    remedy: name === value || name === '' ? 'give the name alone, such as "web"' : `give the name alone: "${name}"`,
  });
}
