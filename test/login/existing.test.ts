import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { rivalKeysFor, standingRegionOf } from '../../src/login/plan.ts';
import type { Files } from '../../src/world/world.ts';
import { failureOf } from '../failing.ts';
import { makeMachine, sectionOf } from './scratch-home.ts';

describe('the region that an earlier login wrote', () => {
  test.each<readonly [what: string, config: string | undefined, region: string | undefined]>([
    ['stands in a section of ours', sectionOf('j1'), 'eu-west-1'],
    ['of another job too', sectionOf('j0'), 'eu-west-1'],
    ['is not what the user wrote', '[default]\nregion = us-east-1\n', undefined],
    ['is not another profile’s', sectionOf('j1', '[profile prod]'), undefined],
    ['is not another kind of section’s', sectionOf('j1', '[sso-session default]'), undefined],
    ['is none where the section has none', sectionOf('j1').replace('region', 'output'), undefined],
    ['is none where it was changed to what is no region', sectionOf('j1').replace('eu-west-1', 'Ireland'), undefined],
    ['is none where there is no file', undefined, undefined],
  ])('%s', (_what, config, region) => {
    const machine = makeMachine();
    if (config !== undefined) machine.put(machine.config, config);
    expect(standingRegionOf(machine.place('j1'), 'default', machine.files)).toBe(region);
  });

  test('is looked for in the private config file where there is one', () => {
    const machine = makeMachine();
    machine.put(machine.config, sectionOf('j1').replace('eu-west-1', 'us-east-1'));
    const place = machine.place('j1', true);
    expect(standingRegionOf(place, 'default', machine.files)).toBeUndefined();
    machine.files.makePrivateDirectory(place.directory);
    machine.files.replace([{ kind: 'private', path: place.config, text: sectionOf('j1') }]);
    expect(standingRegionOf(place, 'default', machine.files)).toBe('eu-west-1');
  });

  test('is not read through a link in its place', () => {
    const machine = makeMachine();
    const place = machine.place('j1', true);
    machine.files.makePrivateDirectory(place.directory);
    symlinkSync(machine.put(machine.config, sectionOf('j1')), place.config);
    const facts = failureOf(() => standingRegionOf(place, 'default', machine.files));
    expect(facts).toMatchObject({ kind: 'file-unsafe', reason: 'link' });
  });
});

describe('keys in the credentials file that win over ours', () => {
  const credentials = '[other]\nregion = x\n[default]\naws_access_key_id = A\naws_secret_access_key = s\n';

  test('are told by the first one’s line', () => {
    const { put, home, place, files } = makeMachine();
    const path = put(join(home, '.aws', 'credentials'), credentials);
    expect(rivalKeysFor(place('j1'), 'default', files)).toEqual({ path, line: 4 });
    expect(rivalKeysFor(place('j1'), 'other', files)).toBeUndefined();
  });

  test('are none where there is no such file, or none can be', () => {
    const { place, files } = makeMachine();
    expect(rivalKeysFor(place('j1'), 'default', files)).toBeUndefined();
    expect(rivalKeysFor({ ...place('j1'), credentials: undefined }, 'default', files)).toBeUndefined();
  });

  // Where this user cannot read it, no SDK can.
  test('are none where it cannot be read', () => {
    const { home, place, files } = makeMachine();
    mkdirSync(join(home, '.aws', 'credentials'), { recursive: true });
    expect(rivalKeysFor(place('j1'), 'default', files)).toBeUndefined();
  });

  test('are the edit’s own matter where both files are one', () => {
    const { put, place, files, config } = makeMachine();
    put(config, credentials);
    const both = place('j1', undefined, { AWS_SHARED_CREDENTIALS_FILE: config });
    expect(rivalKeysFor(both, 'default', files)).toBeUndefined();
  });

  test('a bug in reading it is told as one', () => {
    const { place, files } = makeMachine();
    const read: Files['read'] = () => {
      throw new TypeError('a bug');
    };
    expect(() => rivalKeysFor(place('j1'), 'default', { ...files, read })).toThrow('a bug');
  });
});
