import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type UndoneProfile, undoJob } from '../../src/login/undo.ts';
import { type LoginFiles, writeLoginFiles } from '../../src/login/write.ts';
import type { Files } from '../../src/world/world.ts';
import { makeScratchHome, profileOf, type ScratchHome, sectionOf } from './scratch-home.ts';

const users = '[default]\nregion = us-east-1\n';

async function login(scratch: ScratchHome, changes: Partial<LoginFiles> = {}): Promise<void> {
  const job = changes.job ?? 'j1';
  await writeLoginFiles(
    {
      paths: scratch.paths(job),
      job,
      profiles: [profileOf(job)],
      overwriteProfile: true,
      token: 'eyJ.token',
      cache: undefined,
      envFile: undefined,
      exported: () => ({ unset: [], exports: [], keys: undefined }),
      canExport: true,
      environmentBefore: {},
      owner: undefined,
      expires: new Date('2026-11-23T20:00:00Z'),
      ...changes,
    },
    scratch.files,
  );
}

function undo(scratch: ScratchHome, files: Files = scratch.files): Promise<readonly UndoneProfile[]> {
  const record = scratch.record('j1');
  if (record === undefined) throw new Error('There is no job record');
  return undoJob(join(scratch.jobs, 'j1'), record, files);
}

describe('undoing a job', () => {
  test('removes its profile, the config file that it created, and its directory', async () => {
    const scratch = makeScratchHome();
    await login(scratch);
    expect(await undo(scratch)).toEqual([{ kind: 'removed', profile: 'default', config: scratch.config }]);
    expect([existsSync(scratch.config), existsSync(join(scratch.jobs, 'j1'))]).toEqual([false, false]);
  });

  test.each([
    ['a file that existed, even an empty one', '', 'removed'],
    ['other sections', '[profile mine]\nregion = x\n', 'removed'],
    ['the section that was overwritten', users, 'restored'],
  ])('leaves %s', async (_what, before, kind) => {
    const scratch = makeScratchHome();
    scratch.put(scratch.config, before);
    await login(scratch);
    expect(await undo(scratch)).toEqual([{ kind, profile: 'default', config: scratch.config }]);
    expect(scratch.text(scratch.config)).toBe(before);
  });

  test('keeps a file that another program has changed', async () => {
    const scratch = makeScratchHome();
    await login(scratch);
    scratch.put(scratch.config, `${scratch.text(scratch.config)}\n[profile mine]\n`);
    expect(await undo(scratch)).toMatchObject([{ kind: 'removed' }]);
    expect(scratch.text(scratch.config)).toBe('\n[profile mine]\n');
  });

  test('undoes the latest profile first', async () => {
    const scratch = makeScratchHome();
    for (const profile of ['default', 'prod']) await login(scratch, { profiles: [profileOf('j1', profile)] });
    expect(await undo(scratch)).toMatchObject([{ profile: 'prod' }, { profile: 'default' }]);
    expect(existsSync(scratch.config)).toBe(false);
  });

  test('keeps a section that another job has taken over, and names the job', async () => {
    const scratch = makeScratchHome();
    await login(scratch);
    await login(scratch, { job: 'j2' });
    expect(await undo(scratch)).toEqual([
      { kind: 'left', profile: 'default', config: scratch.config, line: 2, by: 'j2' },
    ]);
    expect(scratch.text(scratch.config)).toBe(sectionOf('j2'));
    scratch.put(scratch.config, users);
    await login(scratch, { profiles: [profileOf('j1', 'prod')] });
    scratch.put(scratch.config, `[profile prod]\n`);
    expect(await undo(scratch)).toMatchObject([{ kind: 'left', profile: 'prod', line: 1, by: undefined }]);
  });

  const gone: readonly (readonly [what: string, take: (scratch: ScratchHome) => void])[] = [
    ['section', ({ put, config }) => put(config, '[profile mine]\n')],
    ['file', ({ config }) => rmSync(config)],
  ];
  test.each(gone)('accepts a missing %s', async (_what, take) => {
    const scratch = makeScratchHome();
    await login(scratch);
    take(scratch);
    expect(await undo(scratch)).toEqual([{ kind: 'not-there', profile: 'default', config: scratch.config }]);
    expect(existsSync(join(scratch.jobs, 'j1'))).toBe(false);
  });

  test('takes no lock for a missing file', async () => {
    const scratch = makeScratchHome();
    await login(scratch);
    rmSync(scratch.config);
    const withLock: Files['withLock'] = () => expect.unreachable();
    expect(await undo(scratch, { ...scratch.files, withLock })).toMatchObject([{ kind: 'not-there' }]);
  });

  test('accepts a file that disappears while it waits for the lock', async () => {
    const scratch = makeScratchHome();
    await login(scratch);
    const withLock: Files['withLock'] = (path, timeout, work) => {
      rmSync(scratch.config);
      return scratch.files.withLock(path, timeout, work);
    };
    const outcomes = await undo(scratch, { ...scratch.files, withLock });
    expect(outcomes).toEqual([{ kind: 'not-there', profile: 'default', config: scratch.config }]);
  });

  test('retries if another program wrote the file meanwhile', async () => {
    const scratch = makeScratchHome();
    await login(scratch);
    let contests = 1;
    const replace: Files['replace'] = (all) => {
      if (contests-- > 0) scratch.put(scratch.config, `${scratch.text(scratch.config)}[profile mine]\n`);
      return scratch.files.replace(all);
    };
    expect(await undo(scratch, { ...scratch.files, replace })).toMatchObject([{ kind: 'removed' }]);
    expect(scratch.text(scratch.config)).toBe('[profile mine]\n');
  });
});

describe('a config file in the job’s own directory', () => {
  test('is removed with it and not reported', async () => {
    const scratch = makeScratchHome();
    await login(scratch, { paths: scratch.paths('j1', true) });
    expect(await undo(scratch)).toEqual([]);
    expect(existsSync(join(scratch.jobs, 'j1'))).toBe(false);
  });

  test('is not confused with a file whose path starts the same', async () => {
    const scratch = makeScratchHome();
    const config = `${join(scratch.jobs, 'j1')}-config`;
    const environment = { AWS_CONFIG_FILE: join(scratch.home, 'j1-config') };
    await login(scratch, {
      paths: { ...scratch.paths('j1', undefined, environment), config: join(scratch.home, 'c') },
    });
    const record = scratch.record('j1');
    const beside = record && { ...record, profiles: record.profiles.map((one) => ({ ...one, config })) };
    const outcomes = beside && (await undoJob(join(scratch.jobs, 'j1'), beside, scratch.files));
    expect(outcomes).toEqual([{ kind: 'not-there', profile: 'default', config }]);
  });
});
