import { chownSync, mkdirSync, readdirSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { removeCachedSessions } from '../../src/login/cached-sessions.ts';
import type { JobRecord } from '../../src/login/job-record.ts';
import { makePlainHop } from '../../src/sts/role-chain.ts';
import { canGiveAway, stranger } from '../adapters/scratch.ts';
import { makeScratchHome, profileOf, roleArn } from './scratch-home.ts';

const clock = { now: () => new Date(), sleep: async () => {} };

/** The record of a job that logged in with its standard session name. */
const recordOf = (job: string): Pick<JobRecord, 'profiles'> => {
  const profile = { config: '/c', madeFile: false, undoEarlier: undefined };
  const undo = { profile: 'default', job, keys: [], written: '', original: undefined, blankLines: '' };
  return { profiles: [{ ...profile, ...profileOf(job), undo }] };
};

/** A cache entry as the AWS CLI and botocore write it. */
const entryOf = (session: string, arn = `arn:aws:sts::123456789012:assumed-role/deploy/${session}`): string =>
  JSON.stringify({
    Credentials: { AccessKeyId: 'ASIA', SecretAccessKey: 's', SessionToken: 't', Expiration: '2026-11-25T10:00:00Z' },
    AssumedRoleUser: { AssumedRoleId: `AROA:${session}`, Arn: arn },
    ResponseMetadata: { HTTPStatusCode: 200 },
  });

const mine = entryOf('semaphore-job-1');

/** A home with a cache directory, and the removal of what job 1 left there. */
function makeCache(directory = '.aws/cli/cache') {
  const scratch = makeScratchHome();
  const cache = join(scratch.home, directory);
  mkdirSync(cache, { recursive: true });
  const remove = (records = [recordOf('1')]) =>
    removeCachedSessions(records, { ...scratch, environment: { HOME: scratch.home }, clock, platform: 'linux' });
  return {
    ...scratch,
    put: (name: string, text: string) => scratch.put(join(cache, name), text),
    remove,
    names: () => readdirSync(cache).sort(),
  };
}

test.each(['.aws/cli/cache', '.aws/boto/cache'])('sessions of the job are removed from ~/%s', (directory) => {
  const cache = makeCache(directory);
  cache.put('a.json', mine);
  cache.put('b.json', entryOf('semaphore-job-2'));
  cache.put('c.json', entryOf('semaphore-job-1', 'arn:aws-cn:sts::123456789012:assumed-role/ci/semaphore-job-1'));
  expect(cache.remove()).toBe(2);
  expect(cache.names()).toEqual(['b.json']);
});

test('the sessions of all roles of a chain and of several jobs are removed', () => {
  const cache = makeCache();
  const [profile] = recordOf('1').profiles;
  if (profile === undefined) throw new Error('no profile');
  const chain = { first: makePlainHop(roleArn, 'first'), further: [makePlainHop(roleArn, 'second')] };
  for (const name of ['first', 'second', 'semaphore-job-2', 'third']) cache.put(`${name}.json`, entryOf(name));
  cache.remove([{ profiles: [{ ...profile, recipe: { ...profile.recipe, chain } }] }, recordOf('2')]);
  expect(cache.names()).toEqual(['third.json']);
});

describe('an entry remains', () => {
  test.each<[what: string, name: string, text: string]>([
    ['of another session', 'x.json', entryOf('semaphore-job-11')],
    ['of a session whose name has the same end', 'x.json', entryOf('my-semaphore-job-1')],
    ['of a user with that name', 'x.json', entryOf('', 'arn:aws:iam::123456789012:user/semaphore-job-1')],
    ['that is not JSON', 'x.json', mine.slice(1)],
    ['that is JSON of another kind', 'x.json', '["assumed-role/deploy/semaphore-job-1"]'],
    ['of an SSO session', 'x.json', JSON.stringify({ ProviderType: 'sso', Credentials: {} })],
    ['without the name of an entry', 'x.txt', mine],
    ['that is larger than any session', 'x.json', mine + ' '.repeat(1_000_000)],
  ])('%s', (_, name, text) => {
    const cache = makeCache();
    cache.put(name, text);
    expect(cache.remove()).toBe(0);
    expect(cache.names()).toEqual([name]);
  });

  test('that is a link, or a directory', () => {
    const cache = makeCache();
    const target = join(cache.home, 'mine');
    writeFileSync(target, mine);
    symlinkSync(target, join(cache.home, '.aws/cli/cache/link.json'));
    mkdirSync(join(cache.home, '.aws/cli/cache/directory.json'));
    expect(cache.remove()).toBe(0);
    expect(cache.names()).toEqual(['directory.json', 'link.json']);
  });

  test.runIf(canGiveAway)('of another user', () => {
    const cache = makeCache();
    chownSync(cache.put('x.json', mine), stranger, stranger);
    expect(cache.remove()).toBe(0);
  });

  test('that is too old for a valid session', () => {
    const cache = makeCache();
    const old = new Date(Date.now() - 24 * 60 * 60 * 1000);
    utimesSync(cache.put('x.json', mine), old, old);
    expect(cache.remove()).toBe(0);
  });
});

test('nothing is removed without a cache, a home or a session', () => {
  const scratch = makeScratchHome();
  const world = { ...scratch, clock, platform: 'linux' } as const;
  expect(removeCachedSessions([recordOf('1')], { ...world, environment: { HOME: scratch.home } })).toBe(0);
  expect(removeCachedSessions([recordOf('1')], { ...world, environment: {} })).toBe(0);
  expect(removeCachedSessions([recordOf('1')], { ...world, environment: { HOME: 'relative' } })).toBe(0);
  expect(removeCachedSessions([], { ...world, environment: { HOME: scratch.home } })).toBe(0);
});
