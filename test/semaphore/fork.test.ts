import { expect, test } from 'vitest';
import { forkOf } from '../../src/semaphore/subject.ts';

test.each<readonly [what: string, from: string | undefined, project: string | undefined, fork: string | undefined]>([
  ['another owner’s repository', 'contributor/web', 'acme/web', 'contributor/web'],
  ['a fork under another name', 'contributor/my-web', 'acme/web', 'contributor/my-web'],
  ['a pull request of the repository’s own', 'acme/web', 'acme/web', undefined],
  ['the same slug in another case', 'Acme/Web', 'acme/WEB', undefined],
  ['no pull request', undefined, 'acme/web', undefined],
  ['an empty slug, as on a branch', '', 'acme/web', undefined],
  ['nothing to compare with', 'contributor/web', undefined, undefined],
  ['an empty slug of the project', 'contributor/web', '', undefined],
])('the fork that a pull request comes from: %s', (_what, from, project, fork) => {
  expect(forkOf({ SEMAPHORE_GIT_PR_SLUG: from, SEMAPHORE_GIT_REPO_SLUG: project })).toBe(fork);
});
