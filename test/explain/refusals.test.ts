import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { askedByBranch, askedByFork, busy, refusals, unreachables } from '../../scripts/docs/problems/aws-examples.ts';
import { examples, lineOf } from '../../scripts/docs/problems/examples.ts';
import { explanationOf } from '../../src/explain/catalogue.ts';
import { exitCodeOf, type FailureFacts } from '../../src/failure.ts';
import type { StsRequestContext } from '../../src/failures/aws.ts';
import { explanationLines, type FailureStyle, failureLines, wantsColours } from '../../src/text/explanation.ts';

const linesOf = (facts: FailureFacts) => explanationLines(explanationOf(facts));

const refusedWith = (code: string, message: string, context: Partial<StsRequestContext> = {}) =>
  linesOf({
    kind: 'sts-refused',
    refusal: { code, message, status: 400, requestId: undefined },
    context: { ...askedByBranch, ...context },
  }).join('\n');

const denied = 'Not authorized to perform sts:AssumeRoleWithWebIdentity';

test('AccessDenied: the answer of STS, the job, likely causes, the statement to add and the command to check it', () => {
  expect(refusedWith('AccessDenied', denied)).toBe(`\
sem-aws-login: STS refused the login to role deploy (AccessDenied)
  STS says only "Not authorized to perform sts:AssumeRoleWithWebIdentity".
    role      arn:aws:iam::123456789012:role/deploy
    this job  branch main of project web (936a5312…), organization acme
  Likely causes, the likeliest first:
  1. The role's trust policy does not allow this branch.
  2. Account 123456789012 has no role deploy, or it is new: retry with --wait 60
  3. An AWS organization policy (SCP or RCP) blocks the login.
  → To allow this branch, add this statement to the role's trust policy:
    { "Effect": "Allow", "Action": "sts:AssumeRoleWithWebIdentity",
      "Principal": { "Federated": "arn:aws:iam::123456789012:oidc-provider/acme.semaphoreci.com" },
      "Condition": { "StringEquals": {
        "acme.semaphoreci.com:aud": "https://acme.semaphoreci.com",
        "acme.semaphoreci.com:sub": "org:acme:project:936a5312-a3b8-4921-8b3f-2cec8baac574:repo:web:ref_type:branch:ref:refs/heads/main" } } }
  → To see which condition fails, run this with access to account 123456789012:
    aws iam get-role --role-name deploy | sem-aws-login doctor --trust-policy - --sub 'org:acme:project:936a5312-a3b8-4921-8b3f-2cec8baac574:repo:web:ref_type:branch:ref:refs/heads/main' --aud 'https://acme.semaphoreci.com'`);
});

test('AccessDenied for a fork: the message names the fork and says first how to keep it out', () => {
  const text = refusedWith('AccessDenied', denied, askedByFork);
  expect(text).toContain('fork      mallory/web\n');
  expect(text).toContain('tags      prj_id, repo and ref_type\n');
  expect(text).toContain('1. The policy does not allow pull requests. For one of a fork, keep it so.\n');
  expect(text).toContain(`\
  → To keep forks out, leave the role as it is and add this to the block's YAML:
    run: { when: "pull_request !~ '.+'" }
  → If all authors of pull requests are allowed to use the role, add this
    statement to the role's trust policy:
    { "Effect": "Allow",
      "Action": ["sts:AssumeRoleWithWebIdentity", "sts:TagSession"],
`);
  expect(text).toContain(':ref_type:pull-request:ref:*"');
});

describe('AccessDenied: what the message says for', () => {
  const subjectOf = (type: string, ref: string) =>
    `org:acme:project:936a5312-a3b8-4921-8b3f-2cec8baac574:repo:web:ref_type:${type}:ref:${ref}`;
  const withToken = (changes: Partial<StsRequestContext['token']>) =>
    refusedWith('AccessDenied', denied, { token: { ...askedByBranch.token, ...changes } });

  test('a tag: its own statement, and the Condition for all tags that begin like it', () => {
    const text = withToken({ sub: subjectOf('tag', 'refs/tags/v1.0.0') });
    expect(text).toContain('this job  tag v1.0.0 of project web (936a5312…), organization acme\n');
    expect(text).toContain("1. The role's trust policy allows branches or other tags, but not this tag.\n");
    expect(text).toContain(':ref_type:tag:ref:refs/tags/v1.0.0" } } }\n');
    expect(text).toContain('To allow all tags v* (by anyone who can push them), use this Condition:\n');
    expect(text).toMatch(/"StringLike": \{\n.*:aud".*\n.*:ref_type:tag:ref:refs\/tags\/v\*"\n/);
  });

  test('a tag without digits: its own statement only', () => {
    expect(withToken({ sub: subjectOf('tag', 'refs/tags/latest') })).not.toContain('StringLike');
  });

  test('a pull request: why its ref never comes again, and a statement for all of them', () => {
    const text = withToken({ sub: subjectOf('pull-request', 'refs/semaphoreci/51a2cf3b') });
    expect(text).toContain('This ref never comes again: each push makes a new merge commit. To allow all\n');
    expect(text).toContain("pull requests, forks' too, add this statement");
    expect(text).toContain(':ref_type:pull-request:ref:*" } } }\n');
    expect(text).toContain(
      "--sub 'org:acme:project:936a5312-a3b8-4921-8b3f-2cec8baac574:repo:web:ref_type:pull-request:ref:refs/semaphoreci/51a2cf3b'",
    );
  });

  test('a pull request whose ref stays: a statement for it alone', () => {
    const text = withToken({ sub: subjectOf('pull-request', 'refs/pull/7/merge') });
    expect(text).toContain('this job  pull request 7 of project web');
    expect(text).toContain(':ref:refs/pull/7/merge" } } }\n');
    expect(text).not.toContain('StringLike');
  });

  test('the debug session of a project', () => {
    const text = withToken({ sub: subjectOf('', '') });
    expect(text).toContain('this job  debug session of project web');
    expect(text).toContain('1. The policy names a branch, but a debug session of a project has none.\n');
  });

  test('a token with tags, one of them not acceptable', () => {
    const text = withToken({ tags: { branch: ['fix#12'] } });
    expect(text).toContain(`1. STS does not accept the value of the token's tag branch: "fix#12".\n`);
    expect(text).toContain('3. The token carries tags, and the policy does not allow sts:TagSession.\n');
    expect(text).toContain('"Action": ["sts:AssumeRoleWithWebIdentity", "sts:TagSession"],\n');
  });

  test('an issuer whose host is not named after the organization', () => {
    expect(withToken({ iss: 'https://ci.example.com' })).toContain(
      '1. The policy names another issuer than ci.example.com, whose name is not the\n',
    );
  });

  test("a project whose name is not the repository's", () => {
    expect(withToken({ project: 'web-deploy' })).toContain('branch main of project web-deploy (936a5312…)');
  });

  test('a subject that a terminal does not show as it is: no command to paste', () => {
    const text = withToken({ sub: subjectOf('branch', 'refs/heads/a\u202eb') });
    expect(text).not.toContain('aws iam get-role');
    expect(text).toContain('run this in the job:\n    sem-aws-login doctor --trust-policy FILE');
  });

  test('a subject with a quote: the command quotes it', () => {
    expect(withToken({ sub: subjectOf('branch', "refs/heads/it's") })).toContain(`refs/heads/it'"'"'s' --aud '`);
  });
});

test('AccessDenied to tag the session: the message names the action as the cause', () => {
  const text = refusedWith('AccessDenied', 'Not authorized to perform sts:TagSession', askedByFork);
  expect(text).toContain('The token carries tags,\n  so the trust policy must allow that too.\n');
  expect(text).not.toContain('Likely causes');
});

test('AccessDenied without a subject: the message says that the statement cannot be narrow', () => {
  const text = refusedWith('AccessDenied', denied, { token: { ...askedByBranch.token, sub: undefined } });
  expect(text).toContain('subject  none: the organization has switched off the claim "sub"\n');
  expect(text).toContain('To allow all jobs of the organization, since without a subject it cannot be\n');
  expect(text).not.toContain(':sub"');
});

test('AccessDenied without an issuer: no statement is shown', () => {
  const text = refusedWith('AccessDenied', denied, { token: { ...askedByBranch.token, iss: undefined } });
  expect(text).toContain('issuer    none\n');
  expect(text).not.toContain('Condition');
});

describe('the rows of a failure on a terminal', () => {
  const facts: FailureFacts = {
    kind: 'sts-refused',
    refusal: { code: 'AccessDenied', message: denied, status: 403, requestId: undefined },
    context: askedByBranch,
  };
  const plain = { columns: undefined, colours: false, debug: false };
  const shown = (style: Partial<FailureStyle>) => failureLines(explanationOf(facts), { ...plain, ...style });
  const headline = 'sem-aws-login: STS refused the login to role deploy (AccessDenied)';

  test('a long message ends with its headline, a short one does not', () => {
    expect([shown({}).at(0), shown({}).at(-1)]).toEqual([headline, headline]);
    const short = failureLines(explanationOf({ kind: 'role-missing' }), plain);
    expect(short.at(-1)).not.toBe(short[0]);
  });

  test('in colour, the headline alone is bold red', () => {
    const red = `\u001b[1;31m${headline}\u001b[0m`;
    expect(shown({ colours: true })).toEqual([red, ...shown({}).slice(1, -1), red]);
  });

  test.each([
    [undefined, 80],
    [0, 80],
    [40, 80],
    [100, 100],
    [500, 120],
  ])('a terminal of %s columns has lines of up to %i', (columns, most) => {
    const long: FailureFacts = {
      ...facts,
      refusal: { ...facts.refusal, code: 'SomethingNew', message: 'word '.repeat(60) },
    };
    const widths = failureLines(explanationOf(long), { ...plain, columns }).map((line) => line.length);
    expect(Math.max(...widths)).toBeLessThanOrEqual(most);
    expect(Math.max(...widths)).toBeGreaterThan(most - 6);
  });

  test('session, endpoint, attempts and times appear with --debug only', () => {
    const rows = ['session', 'endpoint', 'attempts', 'token', 'clock'];
    const labelled = (lines: readonly string[]) =>
      rows.filter((row) => lines.some((line) => line.trimStart().startsWith(`${row}  `)));
    expect(labelled(shown({}))).toEqual([]);
    expect(labelled(shown({ debug: true }))).toEqual(rows);
  });
});

test.each<[environment: Record<string, string>, terminal: boolean, colours: boolean]>([
  [{}, true, true],
  [{}, false, false],
  [{ NO_COLOR: '1' }, true, false],
  [{ NO_COLOR: '' }, true, true],
  [{ FORCE_COLOR: '1' }, false, true],
  [{ FORCE_COLOR: '0' }, true, false],
  [{ FORCE_COLOR: 'false' }, true, false],
  [{ FORCE_COLOR: '' }, false, false],
  [{ FORCE_COLOR: '1', NO_COLOR: '1' }, false, true],
  [{ TERM: 'dumb' }, true, true],
])('colours with %j, on a terminal: %s → %s', (environment, terminal, colours) => {
  expect(wantsColours(environment, terminal)).toBe(colours);
});

const { token } = askedByBranch;
const statementOf = (changes: Partial<typeof token>): unknown => {
  const lines = linesOf({
    kind: 'sts-refused',
    refusal: { code: 'AccessDenied', message: denied, status: 403, requestId: undefined },
    context: { ...askedByBranch, token: { ...token, ...changes } },
  });
  const start = lines.findIndex((line) => line.includes('{ "Effect"'));
  const end = lines.findIndex((line) => line.endsWith(' } } }'));
  return JSON.parse(lines.slice(start, end + 1).join('\n'));
};

describe('the statement is valid JSON to paste', () => {
  const subject = (type: string, ref: string) => `org:acme:project:p:repo:web:ref_type:${type}:ref:${ref}`;
  test.each([
    ['a branch', subject('branch', 'refs/heads/main')],
    ['a tag', subject('tag', 'refs/tags/v1.2')],
    ['a pull request', subject('pull-request', 'refs/pull/7/merge')],
    ['a branch with odd characters', subject('branch', 'refs/heads/a"b\\c\u0085d é')],
  ])('for %s', (_, sub) => {
    expect(statementOf({ sub })).toEqual({
      Effect: 'Allow',
      Action: 'sts:AssumeRoleWithWebIdentity',
      Principal: { Federated: 'arn:aws:iam::123456789012:oidc-provider/acme.semaphoreci.com' },
      Condition: {
        StringEquals: {
          'acme.semaphoreci.com:aud': 'https://acme.semaphoreci.com',
          'acme.semaphoreci.com:sub': sub,
        },
      },
    });
  });
});

describe('a host whose name cannot be resolved', () => {
  const adviceFor = (region: string) =>
    linesOf({
      kind: 'sts-unreachable',
      fault: { at: 'name', detail: 'ENOTFOUND', code: 'ENOTFOUND', status: undefined },
      context: {
        ...askedByBranch,
        endpoint: { url: `https://sts.${region}.amazonaws.com`, signingRegion: region, isAws: true },
      },
    })
      .join(' ')
      .replace(/\s+/g, ' ');

  test.each([
    ['eu-west-9', 'does not know the region "eu-west-9"'],
    ['eu-west-9', 'Did you mean "eu-west-1", "eu-west-2" or "eu-west-3"?'],
    ['mx-centra-1', 'Did you mean "mx-central-1"?'],
    ['xx-nowhere-9', 'Check --region.'],
  ])('in the unknown region %s: %s', (region, says) => {
    expect(adviceFor(region)).toContain(says);
  });

  test('in a known region is not blamed on the region', () => {
    expect(adviceFor('eu-west-1')).not.toContain('does not know');
  });
});

describe('the advice for each error', () => {
  test.each([
    [
      'InvalidIdentityToken',
      'No OpenIDConnect provider found in your account for https://x',
      'It needs an OIDC provider with exactly the URL',
    ],
    [
      'InvalidIdentityToken',
      'Incorrect token audience',
      'aws iam add-client-id-to-open-id-connect-provider --open-id-connect-provider-arn arn:aws:iam::123456789012:oidc-provider/acme.semaphoreci.com --client-id https://acme.semaphoreci.com',
    ],
    ['InvalidIdentityToken', 'Missing a required claim: sub', 'to switch it on'],
    ['InvalidIdentityToken', "certificate doesn't match configured thumbprint", "Remove the provider's thumbprints"],
    ['InvalidIdentityToken', 'something new', 'Account 123456789012 needs an OIDC provider'],
    ['ExpiredTokenException', 'Token expired', 'Run the job again to get a new token'],
    ['IDPRejectedClaim', 'rejected', 'Run the job again to get a new token'],
    ['RegionDisabledException', 'not activated', 'STS is switched off in eu-west-1'],
    ['MalformedPolicyDocument', 'Syntax errors in policy.', 'Fix the file that --session-policy names'],
    ['PackedPolicyTooLarge', '118%', 'Shorten the session policy'],
    ['ValidationError', 'DurationSeconds exceeds the MaxSessionDuration', 'Leave out --duration'],
    ['ValidationError', '1 validation error detected', 'STS rejected a parameter of the request'],
    ['SomethingNew', 'of next year', 'STS rejected the request'],
  ])('%s: %s', (code, message, remedy) => {
    expect(refusedWith(code, message)).toContain(remedy);
  });
});

describe('keys that AWS cannot fetch: the likely causes by whose issuer it is', () => {
  const causesWith = (iss: string) =>
    explanationOf({
      kind: 'sts-busy',
      refusal: { code: 'InvalidIdentityToken', message: 'x', status: 400, requestId: undefined },
      context: { ...askedByBranch, token: { ...askedByBranch.token, iss } },
    }).causes?.map((cause) => cause.replace(/[:,.].*/, ''));

  test('on the cloud, the IP allow list', () => {
    expect(causesWith('https://acme.semaphoreci.com')?.[0]).toBe("The organization's IP allow list in Semaphore");
  });

  test('of an installation, its network, its certificate and the IP allow list', () => {
    expect(causesWith('https://ci.example.com')).toEqual([
      'A private installation',
      "The certificate of the issuer's domain",
      "The organization's IP allow list in Semaphore",
    ]);
  });
});

test('the skew of the clock is measured by the Date header of STS', () => {
  const serverTime = new Date('2026-11-22T19:00:00Z');
  expect(refusedWith('ExpiredTokenException', 'Token expired', { serverTime })).toContain(
    'clock     this machine is 75 min ahead of AWS\n',
  );
  expect(refusedWith('ExpiredTokenException', 'Token expired')).not.toContain('clock    ');
});

test.each(['CERT_NOT_YET_VALID', 'CERT_HAS_EXPIRED'])(
  '%s: the message shows the clock and says to compare it',
  (code) => {
    const facts = { at: 'tls', detail: code, code, status: undefined } as const;
    const text = linesOf({ kind: 'sts-unreachable', fault: facts, context: askedByBranch }).join('\n');
    expect(text).toContain('clock     2026-11-22 20:15 UTC on this machine');
    expect(text).toContain('Compare the clocks:\n    date -u\n');
  },
);

test.each([
  ['refused', refusals.map((one) => ({ kind: 'sts-refused' as const, ...one })), 5],
  ['busy', busy.map((one) => ({ kind: 'sts-busy' as const, ...one })), 6],
  ['unreachable', unreachables.map((one) => ({ kind: 'sts-unreachable' as const, ...one })), 6],
])('%s: the exit code', (_, failures, exitCode) => {
  for (const facts of failures) expect(exitCodeOf(facts)).toBe(exitCode);
});

// The rows that a line takes on a terminal of 80 columns.
const rowsOf = (line: string) => Math.max(1, Math.ceil(line.length / 80));
const isCommand = (line: string) => /^ {4}(?:aws|curl|sem-aws-login) /.test(line);
// A value to copy is never wrapped: its line has only the value, with its label or condition key.
const isOneValue = (line: string) =>
  /^ {4}[\w ]+ {2}\S+$/.test(line) ||
  /^ {6,8}"[^"]+": (?:\{ "Federated": )?"/.test(line) ||
  isCommand(line) ||
  /^ *(?:→ |sem-aws-login: )?\S+$/.test(line);

describe('every failure fits on a screen of 80 columns', () => {
  const all = Object.entries(examples).flatMap(([kind, cases]) =>
    // Object.entries loses which facts belong to which kind.
    cases.map((facts) => ({ kind, ...facts }) as FailureFacts),
  );

  test.each(all.map((facts) => [explanationOf(facts).headline.slice(0, 100), facts] as const))('%s', (_, facts) => {
    const explanation = explanationOf(facts, lineOf(facts));
    const lines = explanationLines(explanation);
    const toPaste = [...(explanation.paste?.lines ?? []), ...(explanation.steps ?? []).flatMap((step) => step.lines)];
    const isPasted = (line: string) => toPaste.includes(line.slice(4));
    expect(lines.filter((line) => line.length > 80 && !isOneValue(line) && !isPasted(line))).toEqual([]);
    expect(lines.reduce((rows, line) => rows + rowsOf(line), 0)).toBeLessThanOrEqual(30);
  });

  test('for any answer of STS and any claims', () => {
    const word = fc.stringMatching(/^[\w./-]{1,60}$/);
    const texts = fc.array(word, { minLength: 1, maxLength: 12 }).map((words) => words.join(' '));
    const claims = fc.record({
      iss: fc.option(word, { nil: undefined }),
      aud: fc.oneof(word, fc.array(word, { maxLength: 3 }), fc.constant(undefined)),
      sub: fc.option(word, { nil: undefined }),
      tags: fc.option(fc.dictionary(word, fc.array(word)), { nil: undefined }),
    });
    const code = fc.oneof(fc.constantFrom(...refusals.map(({ refusal }) => refusal.code)), word);
    const property = fc.property(
      code,
      texts,
      claims,
      fc.option(word, { nil: undefined }),
      (name, message, some, fork) => {
        const lines = refusedWith(name, message, { token: { ...token, ...some }, fork }).split('\n');
        expect(lines.filter((line) => line.length > 80 && !isOneValue(line))).toEqual([]);
      },
    );
    fc.assert(property);
  });
});

test('a token in a wrong field is never printed', () => {
  const jwt = 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJtZSJ9.c2lnbmF0dXJl';
  const context = { roleArn: `arn:aws:iam::123456789012:role/${jwt}`, sessionName: jwt, fork: jwt };
  expect(refusedWith('AccessDenied', `what ${jwt} is`, context)).not.toContain('eyJzdWIi');
});
