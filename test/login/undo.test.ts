import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type ProfileOutcome, undoJob } from '../../src/login/undo.ts';
import { type LoginFiles, writeLoginFiles } from '../../src/login/write.ts';
import type { Files } from '../../src/world/world.ts';
import { type Machine, makeMachine, profileOf, sectionOf } from './scratch-home.ts';

const users = '[default]\nregion = us-east-1\n';

async function login(machine: Machine, changes: Partial<LoginFiles> = {}): Promise<void> {
  const job = changes.job ?? 'j1';
  await writeLoginFiles(
    {
      place: machine.place(job),
      job,
      profiles: [profileOf(job)],
      overwriteProfile: true,
      token: 'eyJ.token',
      envFile: undefined,
      environmentBefore: {},
      expires: new Date('2026-11-23T20:00:00Z'),
      ...changes,
    },
    machine.files,
  );
}

function undo(machine: Machine, files: Files = machine.files): Promise<readonly ProfileOutcome[]> {
  const marker = machine.marker('j1');
  if (marker === undefined) throw new Error('There is no marker');
  return undoJob(join(machine.jobs, 'j1'), marker, files);
}

describe('undoing a job', () => {
  test('takes its profile, the file that it made for it, and its directory', async () => {
    const machine = makeMachine();
    await login(machine);
    expect(await undo(machine)).toEqual([{ kind: 'removed', profile: 'default', config: machine.config }]);
    expect([existsSync(machine.config), existsSync(join(machine.jobs, 'j1'))]).toEqual([false, false]);
  });

  test.each([
    ['a file that was there, even an empty one', '', 'removed'],
    ['other sections', '[profile mine]\nregion = x\n', 'removed'],
    ['the section that was overwritten', users, 'restored'],
  ])('leaves %s', async (_what, before, kind) => {
    const machine = makeMachine();
    machine.put(machine.config, before);
    await login(machine);
    expect(await undo(machine)).toEqual([{ kind, profile: 'default', config: machine.config }]);
    expect(machine.text(machine.config)).toBe(before);
  });

  test('leaves a file that it made and others have written to', async () => {
    const machine = makeMachine();
    await login(machine);
    machine.put(machine.config, `${machine.text(machine.config)}\n[profile mine]\n`);
    expect(await undo(machine)).toMatchObject([{ kind: 'removed' }]);
    expect(machine.text(machine.config)).toBe('\n[profile mine]\n');
  });

  test('undoes the latest profile first', async () => {
    const machine = makeMachine();
    for (const profile of ['default', 'prod']) await login(machine, { profiles: [profileOf('j1', profile)] });
    expect(await undo(machine)).toMatchObject([{ profile: 'prod' }, { profile: 'default' }]);
    expect(existsSync(machine.config)).toBe(false);
  });

  test('leaves a section that is another’s by now, and says whose', async () => {
    const machine = makeMachine();
    await login(machine);
    await login(machine, { job: 'j2' });
    expect(await undo(machine)).toEqual([
      { kind: 'left', profile: 'default', config: machine.config, line: 2, by: 'j2' },
    ]);
    expect(machine.text(machine.config)).toBe(sectionOf('j2'));
    machine.put(machine.config, users);
    await login(machine, { profiles: [profileOf('j1', 'prod')] });
    machine.put(machine.config, `[profile prod]\n`);
    expect(await undo(machine)).toMatchObject([{ kind: 'left', profile: 'prod', line: 1, by: undefined }]);
  });

  const gone: readonly (readonly [what: string, take: (machine: Machine) => void])[] = [
    ['section', ({ put, config }) => put(config, '[profile mine]\n')],
    ['file', ({ config }) => rmSync(config)],
  ];
  test.each(gone)('minds no %s that is gone', async (_what, take) => {
    const machine = makeMachine();
    await login(machine);
    take(machine);
    expect(await undo(machine)).toEqual([{ kind: 'not-there', profile: 'default', config: machine.config }]);
    expect(existsSync(join(machine.jobs, 'j1'))).toBe(false);
  });

  test('takes no lock beside a file that is gone', async () => {
    const machine = makeMachine();
    await login(machine);
    rmSync(machine.config);
    const withLock: Files['withLock'] = () => expect.unreachable();
    expect(await undo(machine, { ...machine.files, withLock })).toMatchObject([{ kind: 'not-there' }]);
  });

  test('minds no file that goes while its lock is waited for', async () => {
    const machine = makeMachine();
    await login(machine);
    const withLock: Files['withLock'] = (path, timeout, work) => {
      rmSync(machine.config);
      return machine.files.withLock(path, timeout, work);
    };
    const outcomes = await undo(machine, { ...machine.files, withLock });
    expect(outcomes).toEqual([{ kind: 'not-there', profile: 'default', config: machine.config }]);
  });

  test('begins anew where another program wrote the file meanwhile', async () => {
    const machine = makeMachine();
    await login(machine);
    let contests = 1;
    const replace: Files['replace'] = (all) => {
      if (contests-- > 0) machine.put(machine.config, `${machine.text(machine.config)}[profile mine]\n`);
      return machine.files.replace(all);
    };
    expect(await undo(machine, { ...machine.files, replace })).toMatchObject([{ kind: 'removed' }]);
    expect(machine.text(machine.config)).toBe('[profile mine]\n');
  });
});

describe('a config file in the job’s own directory', () => {
  test('goes with it, and nothing is told of it', async () => {
    const machine = makeMachine();
    await login(machine, { place: machine.place('j1', true) });
    expect(await undo(machine)).toEqual([]);
    expect(existsSync(join(machine.jobs, 'j1'))).toBe(false);
  });

  test('is not one beside it whose path begins alike', async () => {
    const machine = makeMachine();
    const config = `${join(machine.jobs, 'j1')}-config`;
    const environment = { AWS_CONFIG_FILE: join(machine.home, 'j1-config') };
    await login(machine, {
      place: { ...machine.place('j1', undefined, environment), config: join(machine.home, 'c') },
    });
    const marker = machine.marker('j1');
    const beside = marker && { ...marker, profiles: marker.profiles.map((one) => ({ ...one, config })) };
    const outcomes = beside && (await undoJob(join(machine.jobs, 'j1'), beside, machine.files));
    expect(outcomes).toEqual([{ kind: 'not-there', profile: 'default', config }]);
  });
});
