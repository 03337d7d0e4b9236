import { describe, expect, test } from 'vitest';
import { chooseConfig } from '../../src/login/config-choice.ts';
import type { JobRecord } from '../../src/login/job-record.ts';
import type { LoginPaths } from '../../src/login/paths.ts';
import type { LoginProfile } from '../../src/login/plan.ts';
import { paths, profileOf } from './scratch-home.ts';

const shared = paths.config;
const first = `${paths.directory}/config`;

/** A profile as this role. */
function profileAs(role: string, profile = 'default'): LoginProfile {
  const plain = profileOf('j1', profile);
  const { chain } = plain.recipe;
  const roleArn = `arn:aws:iam::123456789012:role/${role}`;
  return { ...plain, recipe: { ...plain.recipe, chain: { ...chain, first: { ...chain.first, roleArn } } } };
}

/** A record of logins: config file, profile and role. */
function recordOf(...logins: readonly (readonly [config: string, profile: string, role: string])[]): JobRecord {
  const profiles = logins.map(([config, profile, role]) => ({
    config,
    profile,
    madeFile: true,
    undo: { profile, job: 'j1', keys: [], written: '', original: undefined, blankLines: '' },
    undoEarlier: undefined,
    recipe: profileAs(role, profile).recipe,
  }));
  const expires = new Date('2026-11-23T20:00:00Z');
  return { job: 'j1', expires, profiles, environmentBefore: {}, owners: [], envFileId: undefined, environments: [] };
}

function choice(
  wanted: readonly LoginProfile[],
  record: JobRecord | undefined,
  changes: Partial<LoginPaths> = {},
  canExport = true,
) {
  return chooseConfig({ ...paths, ...changes }, wanted, record, canExport);
}

const asShared = { paths: { config: shared, isolation: undefined }, copied: undefined, replaced: [] };
const newFile = { config: expect.stringMatching(/^\/own\/jobs\/j1\/config-[0-9a-f]{8}$/), isolation: 'other-role' };

describe('a login with exports', () => {
  test.each([
    ['the first of its job', undefined],
    ['the same role again', recordOf([shared, 'default', 'any'])],
    ['another profile', recordOf([shared, 'prod', 'deploy'])],
    ['another role in another of the user’s files', recordOf(['/other', 'default', 'deploy'])],
  ])('writes the shared file: %s', (_, record) => {
    expect(choice([profileAs('any')], record)).toMatchObject(asShared);
  });

  test('gets a separate file for another role, which has the shell’s other profiles', () => {
    const record = recordOf([shared, 'default', 'deploy'], [shared, 'prod', 'deploy']);
    const chosen = choice([profileAs('any')], record);
    expect(chosen).toMatchObject({ paths: newFile, replaced: [] });
    expect(chosen.copied).toEqual({ config: shared, profiles: record.profiles.slice(1) });
  });

  test('gets a separate file for other session options of the same role', () => {
    const plain = profileAs('deploy');
    const { chain } = plain.recipe;
    const shorter = { ...chain, first: { ...chain.first, durationSeconds: 900 } };
    const wanted = { ...plain, recipe: { ...plain.recipe, chain: shorter } };
    expect(choice([wanted], recordOf([shared, 'default', 'deploy'])).paths).toMatchObject(newFile);
  });

  test('gets a second private file on a self-hosted agent', () => {
    const changes = { isolation: 'self-hosted', config: first, currentConfig: first } as const;
    const chosen = choice([profileAs('any')], recordOf([first, 'default', 'deploy']), changes);
    expect(chosen).toMatchObject({ paths: newFile, copied: { config: first } });
  });

  test('returns to the file that has its role', () => {
    const { config } = choice([profileAs('any')], recordOf([shared, 'default', 'deploy'])).paths;
    const record = recordOf([shared, 'default', 'deploy'], [config, 'default', 'any']);
    expect(choice([profileAs('any')], record)).toMatchObject({ paths: { config }, copied: undefined });
    expect(choice([profileAs('deploy')], record, { currentConfig: config })).toMatchObject(asShared);
  });

  test('adds another profile to the file that its shell uses', () => {
    const config = `${paths.directory}/config-0123abcd`;
    const record = recordOf([shared, 'default', 'deploy'], [config, 'default', 'any']);
    const wanted = [profileAs('build', 'prod')];
    expect(choice(wanted, record, { currentConfig: config })).toMatchObject({ paths: { config }, copied: undefined });
  });

  test('does not return to a file in which another profile of the shell has another role', () => {
    const config = `${paths.directory}/config-0123abcd`;
    const record = recordOf(
      [shared, 'default', 'deploy'],
      [shared, 'prod', 'deploy'],
      [config, 'default', 'any'],
      [config, 'prod', 'build'],
    );
    const chosen = choice([profileAs('deploy')], record, { currentConfig: config });
    expect(chosen).toMatchObject({ paths: newFile, copied: { config, profiles: [{ profile: 'prod' }] } });
    expect([shared, config]).not.toContain(chosen.paths.config);
  });

  test('never reuses the name of a file that has other roles', () => {
    const record = recordOf([shared, 'default', 'deploy']);
    const { config } = choice([profileAs('any')], record).paths;
    const changed = recordOf([shared, 'default', 'deploy'], [config, 'default', 'third']);
    const chosen = choice([profileAs('any')], changed).paths;
    expect(chosen).toMatchObject(newFile);
    expect(chosen.config).not.toBe(config);
  });

  test('does not use a private file that no login of the job has written', () => {
    const currentConfig = `${paths.directory}/config-0123abcd`;
    expect(choice([profileAs('any')], undefined, { currentConfig })).toMatchObject(asShared);
  });
});

describe('a login without exports', () => {
  test('replaces another role and reports it', () => {
    const chosen = choice([profileAs('any')], recordOf([shared, 'default', 'deploy']), {}, false);
    expect(chosen).toMatchObject({ ...asShared, replaced: [{ profile: 'default' }] });
    const [replaced] = chosen.replaced;
    expect([replaced?.from.first.roleArn, replaced?.to.first.roleArn]).toEqual([
      'arn:aws:iam::123456789012:role/deploy',
      'arn:aws:iam::123456789012:role/any',
    ]);
  });

  test('writes the file that its shell uses', () => {
    const config = `${paths.directory}/config-0123abcd`;
    const record = recordOf([shared, 'default', 'deploy'], [config, 'default', 'any']);
    const chosen = choice([profileAs('any')], record, { currentConfig: config }, false);
    expect(chosen).toMatchObject({ paths: { config }, replaced: [] });
  });
});
