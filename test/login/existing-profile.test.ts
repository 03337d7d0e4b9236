import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { existingRegionOf, staticKeysFor } from '../../src/login/plan.ts';
import type { Files } from '../../src/world/world.ts';
import { failureOf } from '../failing.ts';
import { makeScratchHome, sectionOf } from './scratch-home.ts';

describe('the region that an earlier login wrote', () => {
  test.each<readonly [what: string, config: string | undefined, region: string | undefined]>([
    ['is read from this job’s section', sectionOf('j1'), 'eu-west-1'],
    ['is read from another job’s section', sectionOf('j0'), 'eu-west-1'],
    ['is not read from a user’s section', '[default]\nregion = us-east-1\n', undefined],
    ['is not read from another profile', sectionOf('j1', '[profile prod]'), undefined],
    ['is not read from another kind of section', sectionOf('j1', '[sso-session default]'), undefined],
    ['is undefined if the section has none', sectionOf('j1').replace('region', 'output'), undefined],
    ['is undefined if the section has an invalid region', sectionOf('j1').replace('eu-west-1', 'Ireland'), undefined],
    ['is undefined without a file', undefined, undefined],
  ])('%s', (_what, config, region) => {
    const scratch = makeScratchHome();
    if (config !== undefined) scratch.put(scratch.config, config);
    expect(existingRegionOf(scratch.paths('j1'), 'default', scratch.files)).toBe(region);
  });

  test('is read from the private config file if there is one', () => {
    const scratch = makeScratchHome();
    scratch.put(scratch.config, sectionOf('j1').replace('eu-west-1', 'us-east-1'));
    const paths = scratch.paths('j1', true);
    expect(existingRegionOf(paths, 'default', scratch.files)).toBeUndefined();
    scratch.files.makePrivateDirectory(paths.directory);
    scratch.files.replace([{ kind: 'private', path: paths.config, text: sectionOf('j1') }]);
    expect(existingRegionOf(paths, 'default', scratch.files)).toBe('eu-west-1');
  });

  test('is not read through a link in its place', () => {
    const scratch = makeScratchHome();
    const paths = scratch.paths('j1', true);
    scratch.files.makePrivateDirectory(paths.directory);
    symlinkSync(scratch.put(scratch.config, sectionOf('j1')), paths.config);
    const facts = failureOf(() => existingRegionOf(paths, 'default', scratch.files));
    expect(facts).toMatchObject({ kind: 'file-unsafe', reason: 'link' });
  });
});

describe('static keys in the credentials file', () => {
  const credentials = '[other]\nregion = x\n[default]\naws_access_key_id = A\naws_secret_access_key = s\n';

  test('are reported by the line of the first key', () => {
    const { put, home, paths, files } = makeScratchHome();
    const path = put(join(home, '.aws', 'credentials'), credentials);
    expect(staticKeysFor(paths('j1'), 'default', files)).toEqual({ path, line: 4 });
    expect(staticKeysFor(paths('j1'), 'other', files)).toBeUndefined();
  });

  test('are not reported if the file does not exist or has no path', () => {
    const { paths, files } = makeScratchHome();
    expect(staticKeysFor(paths('j1'), 'default', files)).toBeUndefined();
    expect(staticKeysFor({ ...paths('j1'), credentials: undefined }, 'default', files)).toBeUndefined();
  });

  // If this user cannot read it, no SDK can.
  test('are not reported if the file cannot be read', () => {
    const { home, paths, files } = makeScratchHome();
    mkdirSync(join(home, '.aws', 'credentials'), { recursive: true });
    expect(staticKeysFor(paths('j1'), 'default', files)).toBeUndefined();
  });

  test('are left to the edit if config and credentials are one file', () => {
    const { put, paths, files, config } = makeScratchHome();
    put(config, credentials);
    const both = paths('j1', undefined, { AWS_SHARED_CREDENTIALS_FILE: config });
    expect(staticKeysFor(both, 'default', files)).toBeUndefined();
  });

  test('do not hide a bug while reading', () => {
    const { paths, files } = makeScratchHome();
    const read: Files['read'] = () => {
      throw new TypeError('a bug');
    };
    expect(() => staticKeysFor(paths('j1'), 'default', { ...files, read })).toThrow('a bug');
  });
});
