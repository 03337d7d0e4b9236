import fc from 'fast-check';
import { claimsOf } from '../aws-simulator/claims.ts';
import { type Job, makeJob } from '../aws-simulator/semaphore-job.ts';

/** Whom somebody wants to let in. */
export interface Wish {
  readonly organization: string;
  readonly domain: string;
  readonly projectId: string;
  /** Undefined: not said. */
  readonly repository: string | undefined;
  readonly branches: readonly string[];
  readonly tags: readonly string[];
  readonly pullRequests: boolean;
  /** The organization's tokens carry session tags. */
  readonly sessionTags: boolean;
}

export const account = '123456789012';

/** The wish as flags. */
export function flagsOf(wish: Wish): string[] {
  const { organization, domain, projectId, repository, branches, tags, pullRequests, sessionTags } = wish;
  return [
    ...(domain === 'semaphoreci.com' ? ['--org', organization] : ['--issuer', `https://${organization}.${domain}`]),
    ...['--project-id', projectId],
    ...(repository === undefined ? [] : [`--repo=${repository}`]),
    ...branches.map((name) => `--branch=${name}`),
    ...tags.map((name) => `--tag=${name}`),
    ...(pullRequests ? ['--pull-requests'] : []),
    ...(sessionTags ? ['--session-tags'] : []),
  ];
}

/** The environment of a job that is the only one wished for. */
export function jobEnvironmentOf(job: Job, sessionTags: boolean): Record<string, string> {
  const encode = (part: unknown) => Buffer.from(JSON.stringify(part)).toString('base64url');
  const claims = claimsOf(job, 1_795_377_600, sessionTags);
  // The signature is for AWS to check; setup only reads.
  return { SEMAPHORE_OIDC_TOKEN: `${encode({ alg: 'RS256' })}.${encode(claims)}.AAAA`, SEMAPHORE_JOB_ID: job.jobId };
}

// Whatever git-check-ref-format(1) allows in ASCII; the shells', YAML's and HCL's special characters are among it.
const legal = [...'abzAZ059._-/+=@,%&;|<>(){}!#$\'"`'];

function isRefName(name: string): boolean {
  // Not Git's but ours: IAM takes "${" for the beginning of a variable, and a value that begins with "--" is a flag.
  if (name.includes('${') || name.startsWith('--') || name.startsWith('refs/')) return false;
  return name.split('/').every((part) => part !== '' && !part.startsWith('.') && !part.endsWith('.lock'))
    ? !/\.\.|@\{|\.$/.test(name)
    : false;
}

const hostile = [
  '$(reboot)',
  '`id`',
  "it's",
  '"quoted"',
  '%{if}',
  '&{aws}',
  'a;b',
  '{{x}}',
  '#no',
  '$HOME',
  '!!',
  '=1',
  '-n',
];

export const exactNames = fc.oneof(
  fc.constantFrom('main', 'master', 'release/2026', ...hostile),
  fc.string({ unit: fc.constantFrom(...legal), minLength: 1, maxLength: 12 }).filter(isRefName),
);

const patterns = fc
  .tuple(fc.constantFrom('', 'release/', 'v', 'a'), fc.constantFrom('*', '*', '*/x', '*-*'), fc.constantFrom('', '-rc'))
  .map((parts) => parts.join(''));

const names = fc.uniqueArray(fc.oneof({ weight: 3, arbitrary: exactNames }, patterns), { maxLength: 3 });

export const wishes: fc.Arbitrary<Wish> = fc
  .record({
    organization: fc.stringMatching(/^[a-z](?:[a-z0-9-]{0,8}[a-z0-9])?$/),
    domain: fc.constantFrom('semaphoreci.com', 'semaphoreci.com', 'sem.example.co.uk'),
    projectId: fc.uuid(),
    repository: fc.option(fc.stringMatching(/^[A-Za-z0-9][\w.-]{0,8}$/), { nil: undefined, freq: 4 }),
    branches: names,
    tags: names,
    pullRequests: fc.boolean(),
    sessionTags: fc.boolean(),
  })
  .filter((wish) => wish.branches.length + wish.tags.length > 0 || wish.pullRequests);

/** A job of the wish's project, otherwise as described. */
export function jobOf(wish: Wish, facts: Partial<Job>): Job {
  const { organization, domain, projectId, repository = 'web' } = wish;
  return makeJob({ organization, domain, projectId, repository, ...facts });
}

const branch = (name: string): Partial<Job> => ({ refType: 'branch', ref: `refs/heads/${name}`, branch: name });
const tag = (name: string): Partial<Job> => ({ refType: 'tag', ref: `refs/tags/${name}`, branch: `refs/tags/${name}` });
const pullRequest = (base: string, from: string, ref: string): Partial<Job> => ({
  ...{ refType: 'pull-request', ref, branch: base, pullRequest: '7', pullRequestBranch: 'feature' },
  pullRequestSlug: `${from}/web`,
});
const merged = `refs/semaphoreci/${'0123456789'.repeat(4)}`;

/** Names that a name or pattern asks for. */
function instancesOf(name: string): string[] {
  return name.includes('*') ? ['x', 'x/y', '2026.1'].map((part) => name.replaceAll('*', part)) : [name];
}

/** Whether a list of names and patterns asks for a name; written out, with no help from the program. */
function asksFor(list: readonly string[], name: string): boolean {
  return list.some((wanted) => {
    const [first = '', ...others] = wanted.split('*');
    if (others.length === 0) return wanted === name;
    const last = others.pop() ?? '';
    let at = first.length;
    if (!name.startsWith(first) || !name.endsWith(last) || name.length < first.length + last.length) return false;
    const middle = name.slice(0, name.length - last.length);
    return others.every((part) => {
      const found = middle.indexOf(part, at);
      at = found + part.length;
      return found !== -1;
    });
  });
}

/** Jobs that the wish is for. */
export function jobsToLetIn(wish: Wish): Job[] {
  const facts = [
    ...wish.branches.flatMap(instancesOf).map(branch),
    ...wish.tags.flatMap(instancesOf).map(tag),
    ...(wish.pullRequests
      ? [pullRequest('main', 'acme', merged), pullRequest('main', 'mallory', 'refs/pull/7/merge')]
      : []),
  ];
  const jobs = facts.map((one) => jobOf(wish, one));
  // Whatever else a job is, its reference decides.
  const [first] = jobs;
  const kinds = first === undefined ? [] : [{ jobType: 'debug_job' }, { trigger: 's:f-i:f' }, { actor: 'someone' }];
  const renamed = first !== undefined && wish.repository === undefined ? [{ ...first, repository: 'renamed' }] : [];
  return [...jobs, ...kinds.flatMap((kind) => (first === undefined ? [] : [{ ...first, ...kind }])), ...renamed];
}

/** Jobs that are near to it and that the wish is not for. */
export function jobsToKeepOut(wish: Wish): Job[] {
  const neighbours = (list: readonly string[]) =>
    [
      ...['main', 'master', 'other', 'Main', 'x'],
      ...list.flatMap((name) => [
        `${name}x`,
        `x${name}`,
        name.slice(1),
        name.slice(0, -1),
        name.toUpperCase(),
        `x/${name}`,
      ]),
      // Where an exact name is taken for a pattern, or a pattern's plain characters for special ones.
      ...list.map((name) => name.replaceAll('.', 'x')),
    ]
      .map((name) => name.replaceAll('*', ''))
      .filter((name) => name !== '' && !asksFor(list, name));
  const swapped = [
    ...wish.branches
      .flatMap(instancesOf)
      .filter((name) => !asksFor(wish.tags, name))
      .map(tag),
    ...wish.tags
      .flatMap(instancesOf)
      .filter((name) => !asksFor(wish.branches, name))
      .map(branch),
  ];
  const forks = wish.pullRequests
    ? []
    : [...wish.branches, 'main'].flatMap((base) => [
        pullRequest(base, 'acme', merged),
        pullRequest(base, 'mallory', merged),
        pullRequest(base, 'mallory', 'refs/pull/7/merge'),
      ]);
  const ofProject = [
    ...neighbours(wish.branches).map(branch),
    ...neighbours(wish.tags).map(tag),
    ...swapped,
    ...forks,
    { refType: '', ref: '', branch: 'main', jobType: 'project_debug_job' },
  ].map((facts) => jobOf(wish, facts));
  return [...ofProject, ...jobsToLetIn(wish).flatMap((job) => strangersLike(wish, job))];
}

/** The same job, but of somebody else's. */
function strangersLike(wish: Wish, job: Job): Job[] {
  const { organization, projectId, repository, domain } = job;
  const changes: Partial<Job>[] = [
    { projectId: `${projectId[0] === '0' ? '1' : '0'}${projectId.slice(1)}` },
    { projectId: `${projectId}0` },
    { organization: `${organization}x` },
    { organization: `x${organization}` },
    { domain: `x${domain}` },
    ...(wish.repository === undefined ? [] : [{ repository: `${repository}x` }, { repository: `x${repository}` }]),
  ];
  return changes.map((change) => ({ ...job, ...change }));
}
