import fc from 'fast-check';
import { claimsOf } from '../aws-simulator/claims.ts';
import { type Job, makeJob } from '../aws-simulator/semaphore-job.ts';

/** A request for a role: the jobs that it must allow, and no others. */
export interface WantedJobs {
  readonly organization: string;
  readonly domain: string;
  readonly projectId: string;
  /** Undefined if not given. */
  readonly repository: string | undefined;
  readonly branches: readonly string[];
  readonly tags: readonly string[];
  readonly pullRequests: boolean;
  /** The organization's tokens carry session tags. */
  readonly sessionTags: boolean;
}

export const account = '123456789012';

/** Returns the request as options. */
export function flagsOf(wanted: WantedJobs): string[] {
  const { organization, domain, projectId, repository, branches, tags, pullRequests, sessionTags } = wanted;
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

/** Returns the environment of a job that requests a role for itself. */
export function jobEnvironmentOf(job: Job, sessionTags: boolean): Record<string, string> {
  const encode = (part: unknown) => Buffer.from(JSON.stringify(part)).toString('base64url');
  const claims = claimsOf(job, 1_795_377_600, sessionTags);
  // Setup does not verify the signature.
  return { SEMAPHORE_OIDC_TOKEN: `${encode({ alg: 'RS256' })}.${encode(claims)}.AAAA`, SEMAPHORE_JOB_ID: job.jobId };
}

// All ASCII characters that git-check-ref-format(1) allows, with special characters of shells, YAML and HCL.
const legal = [...'abzAZ059._-/+=@,%&;|<>(){}!#$\'"`'];

function isRefName(name: string): boolean {
  // Our own rules: IAM reads "${" as the beginning of a variable, and a value that begins with "--" is an option.
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

export const wantedJobs: fc.Arbitrary<WantedJobs> = fc
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
  .filter((wanted) => wanted.branches.length + wanted.tags.length > 0 || wanted.pullRequests);

/** Returns a job of the requested project, with these facts. */
export function jobOf(wanted: WantedJobs, facts: Partial<Job>): Job {
  const { organization, domain, projectId, repository = 'web' } = wanted;
  return makeJob({ organization, domain, projectId, repository, ...facts });
}

const branch = (name: string): Partial<Job> => ({ refType: 'branch', ref: `refs/heads/${name}`, branch: name });
const tag = (name: string): Partial<Job> => ({ refType: 'tag', ref: `refs/tags/${name}`, branch: `refs/tags/${name}` });
const pullRequest = (base: string, from: string, ref: string): Partial<Job> => ({
  ...{ refType: 'pull-request', ref, branch: base, pullRequest: '7', pullRequestBranch: 'feature' },
  pullRequestSlug: `${from}/web`,
});
const merged = `refs/semaphoreci/${'0123456789'.repeat(4)}`;

/** Returns names that match a name or pattern. */
function instancesOf(name: string): string[] {
  return name.includes('*') ? ['x', 'x/y', '2026.1'].map((part) => name.replaceAll('*', part)) : [name];
}

/** Whether a list of names and patterns includes a name. Independent of the program's own matcher. */
function includesName(list: readonly string[], name: string): boolean {
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

/** Returns jobs that the role must allow. */
export function jobsToAllow(wanted: WantedJobs): Job[] {
  const facts = [
    ...wanted.branches.flatMap(instancesOf).map(branch),
    ...wanted.tags.flatMap(instancesOf).map(tag),
    ...(wanted.pullRequests
      ? [pullRequest('main', 'acme', merged), pullRequest('main', 'mallory', 'refs/pull/7/merge')]
      : []),
  ];
  const jobs = facts.map((one) => jobOf(wanted, one));
  // Other facts of a job make no difference.
  const [first] = jobs;
  const kinds = first === undefined ? [] : [{ jobType: 'debug_job' }, { trigger: 's:f-i:f' }, { actor: 'someone' }];
  const renamed = first !== undefined && wanted.repository === undefined ? [{ ...first, repository: 'renamed' }] : [];
  return [...jobs, ...kinds.flatMap((kind) => (first === undefined ? [] : [{ ...first, ...kind }])), ...renamed];
}

/** Returns similar jobs that the role must deny. */
export function jobsToDeny(wanted: WantedJobs): Job[] {
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
      // Catches an exact name read as a pattern, and a plain character read as a special one.
      ...list.map((name) => name.replaceAll('.', 'x')),
    ]
      .map((name) => name.replaceAll('*', ''))
      .filter((name) => name !== '' && !includesName(list, name));
  const swapped = [
    ...wanted.branches
      .flatMap(instancesOf)
      .filter((name) => !includesName(wanted.tags, name))
      .map(tag),
    ...wanted.tags
      .flatMap(instancesOf)
      .filter((name) => !includesName(wanted.branches, name))
      .map(branch),
  ];
  const forks = wanted.pullRequests
    ? []
    : [...wanted.branches, 'main'].flatMap((base) => [
        pullRequest(base, 'acme', merged),
        pullRequest(base, 'mallory', merged),
        pullRequest(base, 'mallory', 'refs/pull/7/merge'),
      ]);
  const ofProject = [
    ...neighbours(wanted.branches).map(branch),
    ...neighbours(wanted.tags).map(tag),
    ...swapped,
    ...forks,
    { refType: '', ref: '', branch: 'main', jobType: 'project_debug_job' },
  ].map((facts) => jobOf(wanted, facts));
  return [...ofProject, ...jobsToAllow(wanted).flatMap((job) => foreignJobsLike(wanted, job))];
}

/** Returns the same job in other projects and organizations. */
function foreignJobsLike(wanted: WantedJobs, job: Job): Job[] {
  const { organization, projectId, repository, domain } = job;
  const changes: Partial<Job>[] = [
    { projectId: `${projectId[0] === '0' ? '1' : '0'}${projectId.slice(1)}` },
    { projectId: `${projectId}0` },
    { organization: `${organization}x` },
    { organization: `x${organization}` },
    { domain: `x${domain}` },
    ...(wanted.repository === undefined ? [] : [{ repository: `${repository}x` }, { repository: `x${repository}` }]),
  ];
  return changes.map((change) => ({ ...job, ...change }));
}
