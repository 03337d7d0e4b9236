import { mkdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type LoginFiles, type Written, writeLoginFiles } from '../../src/login/write.ts';
import type { Files } from '../../src/world/world.ts';
import { outcomeOf, treeOf } from '../adapters/scratch.ts';
import { type Machine, makeMachine, profileOf, sectionOf } from './scratch-home.ts';

const expires = new Date('2026-11-23T20:00:00Z');
const users = '[default]\nregion = us-east-1\n';

/** Writes a login of job `j1` with a profile `default`, or as changed. */
function login(machine: Machine, changes: Partial<LoginFiles> = {}, files: Files = machine.files): Promise<Written> {
  const job = changes.job ?? 'j1';
  return writeLoginFiles(
    {
      place: machine.place(job),
      job,
      profiles: [profileOf(job)],
      overwriteProfile: false,
      token: 'eyJ.token',
      envFile: { name: 'env', text: 'export A=ä\n' },
      environmentBefore: { AWS_REGION: 'before' },
      expires,
      ...changes,
    },
    files,
  );
}

const nothingToTell: Written = { notes: [], earlierProfiles: [], uncopied: undefined };

/** What a login throws, as facts. */
const factsOf = async (machine: Machine, changes: Partial<LoginFiles>): Promise<unknown> => {
  const done = await login(machine, changes).then(
    () => () => 'nothing',
    (error: unknown) => () => {
      throw error;
    },
  );
  return outcomeOf(machine.home, done);
};

describe('what a login writes', () => {
  test('is the token, the env file, the profile, and a marker that knows how to undo it', async () => {
    const machine = makeMachine();
    expect(await login(machine)).toEqual(nothingToTell);
    expect(machine.text(machine.config)).toBe(sectionOf('j1'));
    expect(treeOf(machine.jobs)).toEqual([
      'j1/ 700',
      `j1/env 600 ${JSON.stringify(Buffer.from('export A=ä\n').toString('latin1'))}`,
      expect.stringMatching(/^j1\/login\.json 600 /),
      'j1/token 600 "eyJ.token"',
    ]);
    expect(machine.marker('j1')).toMatchObject({
      job: 'j1',
      expires,
      environmentBefore: { AWS_REGION: 'before' },
      profiles: [{ config: machine.config, profile: 'default', madeFile: true, undoEarlier: null }],
    });
    expect(machine.marker('j1')?.profiles[0]?.recipe).toEqual(profileOf('j1').recipe);
  });

  test('no token that is used where it lies, and no env file that nobody will source', async () => {
    const machine = makeMachine();
    await login(machine, { token: undefined, envFile: undefined });
    expect(treeOf(machine.jobs)).toEqual(['j1/ 700', expect.stringMatching(/^j1\/login\.json/)]);
  });

  // Whatever a kill leaves behind is known to the marker, and no profile names what is not there.
  test('is the marker first and the config file last', async () => {
    const machine = makeMachine();
    const paths: string[] = [];
    const replace: Files['replace'] = (all) => {
      paths.push(...all.map(({ path }) => path));
      return machine.files.replace(all);
    };
    await login(machine, {}, { ...machine.files, replace });
    const directory = join(machine.jobs, 'j1');
    expect(paths).toEqual([...['login.json', 'token', 'env'].map((name) => join(directory, name)), machine.config]);
  });

  test('is made anew where another program wrote the config file meanwhile', async () => {
    const machine = makeMachine();
    let contests = 1;
    const replace: Files['replace'] = (all) => {
      if (contests-- > 0) machine.put(machine.config, '[profile other]\n');
      return machine.files.replace(all);
    };
    await login(machine, {}, { ...machine.files, replace });
    expect(machine.text(machine.config)).toBe(`[profile other]\n\n${sectionOf('j1')}`);
  });
});

describe('a shared config file', () => {
  test('keeps a section that is not ours, unless it may be overwritten', async () => {
    const machine = makeMachine();
    machine.put(machine.config, users);
    expect(await factsOf(machine, {})).toEqual({
      kind: 'profile-not-ours',
      path: '/.aws/config',
      profile: 'default',
      line: 1,
    });
    expect(treeOf(machine.home)).toHaveLength(2);
    const { notes } = await login(machine, { overwriteProfile: true });
    expect(notes).toEqual([]);
    expect(machine.marker('j1')?.profiles).toMatchObject([{ madeFile: false, undo: { original: users.trimEnd() } }]);
  });
});

describe('a second login of the same job', () => {
  test('with another profile adds it, and keeps what stood before the first', async () => {
    const machine = makeMachine();
    await login(machine);
    const second = { profiles: [profileOf('j1', 'prod')], environmentBefore: { AWS_REGION: 'between' } };
    expect(await login(machine, second)).toEqual({ ...nothingToTell, earlierProfiles: ['default'] });
    expect(machine.text(machine.config)).toBe(`${sectionOf('j1')}\n${sectionOf('j1', '[profile prod]')}`);
    expect(machine.marker('j1')).toMatchObject({
      environmentBefore: { AWS_REGION: 'before' },
      profiles: [
        { profile: 'default', madeFile: true },
        { profile: 'prod', madeFile: false },
      ],
    });
  });

  test('with the same profile replaces it, and still knows that it made the file', async () => {
    const machine = makeMachine();
    await login(machine);
    const first = machine.marker('j1')?.profiles[0]?.undo;
    const { notes, earlierProfiles } = await login(machine, { profiles: [profileOf('j1', 'default', 'eu-north-1')] });
    expect({ notes, earlierProfiles }).toEqual({
      notes: [],
      earlierProfiles: ['default'],
    });
    expect(machine.marker('j1')?.profiles).toMatchObject([{ madeFile: true, undoEarlier: first }]);
    expect(machine.text(machine.config)).toContain('region = eu-north-1');
  });

  test('with one profile more replaces the one', async () => {
    const machine = makeMachine();
    await login(machine);
    await login(machine, { profiles: [profileOf('j1'), profileOf('j1', 'prod')] });
    expect(machine.marker('j1')?.profiles.map(({ profile }) => profile)).toEqual(['default', 'prod']);
  });

  test('into another config file leaves the first one’s profile with its record', async () => {
    const machine = makeMachine();
    await login(machine);
    const other = join(machine.home, 'other');
    const place = machine.place('j1', undefined, { AWS_CONFIG_FILE: other });
    await login(machine, { place });
    expect(machine.text(other)).toBe(sectionOf('j1'));
    const profiles = machine.marker('j1')?.profiles ?? [];
    expect(profiles.map(({ config, madeFile }) => [config, madeFile])).toEqual([
      [machine.config, true],
      [other, true],
    ]);
  });
});

describe('a login over another job’s', () => {
  test('takes over what that job’s record says of the user’s section', async () => {
    const machine = makeMachine();
    machine.put(machine.config, users);
    await login(machine, { job: 'j0', overwriteProfile: true });
    await login(machine, { job: 'j1' });
    expect(machine.marker('j1')?.profiles).toMatchObject([
      { madeFile: false, undo: { job: 'j1', original: users.trimEnd() }, undoEarlier: null },
    ]);
  });

  test('takes over the record of the same profile in the same file', async () => {
    const machine = makeMachine();
    const prod = '[profile prod]\nregion = us-west-2\n';
    const other = machine.put(join(machine.home, 'other'), users.replace('us-east-1', 'ap-south-1') + prod);
    machine.put(machine.config, users);
    const elsewhere = (job: string) => machine.place(job, undefined, { AWS_CONFIG_FILE: other });
    const both = (job: string) => [profileOf(job), profileOf(job, 'prod')];
    await login(machine, { job: 'j0', overwriteProfile: true });
    await login(machine, { job: 'j0', overwriteProfile: true, place: elsewhere('j0'), profiles: both('j0') });
    await login(machine, { place: elsewhere('j1'), profiles: both('j1') });
    expect(machine.marker('j1')?.profiles.map(({ undo }) => undo.original)).toEqual([
      '[default]\nregion = ap-south-1',
      prod.trimEnd(),
    ]);
  });

  test('whose record is gone knows of none', async () => {
    const machine = makeMachine();
    machine.put(machine.config, users);
    await login(machine, { job: 'j0', overwriteProfile: true });
    rmSync(join(machine.jobs, 'j0'), { recursive: true });
    await login(machine, { job: 'j1' });
    expect(machine.marker('j1')?.profiles).toMatchObject([{ undo: { original: undefined } }]);
  });
});

describe('a private config file', () => {
  const privately = (machine: Machine, isolated: boolean | undefined) => ({
    place: machine.place('j1', isolated, { SEMAPHORE_AGENT_MACHINE_TYPE: 's1-local' }),
  });

  test.each([[true], [undefined]])(
    'starts as a copy of the user’s, which stays as it is (isolated: %s)',
    async (asked) => {
      const machine = makeMachine();
      machine.put(machine.config, `[profile mine]\nregion = x\n\n${users}`);
      const { place } = privately(machine, asked);
      expect(await login(machine, { place })).toMatchObject({ uncopied: undefined, notes: [] });
      expect(machine.text(machine.config)).toBe(`[profile mine]\nregion = x\n\n${users}`);
      expect(machine.text(place.config)).toContain('[profile mine]\nregion = x\n\n# Managed');
      expect(statSync(place.config).mode & 0o777).toBe(0o600);
    },
  );

  test('is the job’s own from then on', async () => {
    const machine = makeMachine();
    machine.put(machine.config, '[profile mine]\n');
    await login(machine, privately(machine, true));
    machine.put(machine.config, '[profile changed]\n');
    await login(machine, { ...privately(machine, true), profiles: [profileOf('j1', 'prod')] });
    const { place } = privately(machine, true);
    expect(machine.text(place.config)).toBe(
      `[profile mine]\n\n${sectionOf('j1')}\n${sectionOf('j1', '[profile prod]')}`,
    );
  });

  test('starts empty where the user has none', async () => {
    const machine = makeMachine();
    expect(await login(machine, privately(machine, true))).toEqual(nothingToTell);
    const agent = makeMachine();
    expect(await login(agent, privately(agent, undefined))).toEqual(nothingToTell);
    const without = { ...machine.place('j2', true), userConfig: undefined };
    expect(await login(machine, { job: 'j2', place: without })).toEqual(nothingToTell);
    expect(machine.text(without.config)).toBe(sectionOf('j2'));
  });

  const faults: readonly (readonly [what: string, make: (machine: Machine) => void, kind: string])[] = [
    ['is a directory', ({ config }) => mkdirSync(config, { recursive: true }), 'file-unusable'],
    ['cannot be edited', ({ put, config }) => put(config, `${users}${users}`), 'profile-unreadable'],
  ];
  test.each(faults)('starts empty where it was asked for and the user’s %s, and says so', async (_what, make) => {
    const machine = makeMachine();
    make(machine);
    expect(await login(machine, privately(machine, true))).toEqual({ ...nothingToTell, uncopied: machine.config });
    expect(machine.text(privately(machine, true).place.config)).toBe(sectionOf('j1'));
  });

  test.each(faults)('is not made where nobody asked for it and the user’s %s', async (_what, make, kind) => {
    const machine = makeMachine();
    make(machine);
    expect(await factsOf(machine, privately(machine, undefined))).toMatchObject({ kind, path: '/.aws/config' });
  });
});

describe('a bug on the way is told as one, and not taken for a file that cannot be copied', () => {
  const bug = (): never => {
    throw new TypeError('a bug');
  };

  test('in reading the user’s file', async () => {
    const machine = makeMachine();
    const changes = { place: machine.place('j1', true) };
    await expect(login(machine, changes, { ...machine.files, read: bug })).rejects.toThrow('a bug');
  });

  test('in editing it', async () => {
    const machine = makeMachine();
    machine.put(machine.config, sectionOf('j0'));
    const readPrivate: Files['readPrivate'] = (path) => (path.includes('j0') ? bug() : machine.files.readPrivate(path));
    const changes = { place: machine.place('j1', true) };
    await expect(login(machine, changes, { ...machine.files, readPrivate })).rejects.toThrow('a bug');
  });
});
