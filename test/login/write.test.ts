import { mkdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type LoginFiles, type Written, writeLoginFiles } from '../../src/login/write.ts';
import type { Files } from '../../src/world/world.ts';
import { outcomeOf, treeOf } from '../adapters/scratch.ts';
import { makeScratchHome, profileOf, type ScratchHome, sectionOf } from './scratch-home.ts';

const expires = new Date('2026-11-23T20:00:00Z');
const users = '[default]\nregion = us-east-1\n';

type Outcome = Pick<Written, 'warnings' | 'earlierProfiles' | 'uncopied'>;

/** Writes a login of job `j1` with the profile `default`, with changes. */
async function login(
  scratch: ScratchHome,
  changes: Partial<LoginFiles> = {},
  files: Files = scratch.files,
): Promise<Outcome> {
  const job = changes.job ?? 'j1';
  const { warnings, earlierProfiles, uncopied } = await writeLoginFiles(
    {
      paths: scratch.paths(job),
      job,
      profiles: [profileOf(job)],
      overwriteProfile: false,
      token: 'eyJ.token',
      cache: undefined,
      envFile: () => ({ id: '0123abcd', suffix: '', text: 'export A=ä\n' }),
      exported: () => ({ unset: [], exports: [], keys: undefined }),
      canExport: true,
      environmentBefore: { AWS_REGION: 'before' },
      owner: undefined,
      expires,
      ...changes,
    },
    files,
  );
  return { warnings, earlierProfiles, uncopied };
}

const nothingToReport: Outcome = { warnings: [], earlierProfiles: [], uncopied: undefined };

/** Returns the facts of the failure that a login throws. */
const factsOf = async (scratch: ScratchHome, changes: Partial<LoginFiles>): Promise<unknown> => {
  const done = await login(scratch, changes).then(
    () => () => 'nothing',
    (error: unknown) => () => {
      throw error;
    },
  );
  return outcomeOf(scratch.home, done);
};

describe('a login writes', () => {
  test('the token, the env file, the profile, and a record to undo it', async () => {
    const scratch = makeScratchHome();
    expect(await login(scratch)).toEqual(nothingToReport);
    expect(scratch.text(scratch.config)).toBe(sectionOf('j1'));
    expect(treeOf(scratch.jobs)).toEqual([
      'j1/ 700',
      `j1/env 600 ${JSON.stringify(Buffer.from('export A=ä\n').toString('latin1'))}`,
      expect.stringMatching(/^j1\/login\.json 600 /),
      'j1/token 600 "eyJ.token"',
    ]);
    expect(scratch.record('j1')).toMatchObject({
      job: 'j1',
      expires,
      environmentBefore: { AWS_REGION: 'before' },
      profiles: [{ config: scratch.config, profile: 'default', madeFile: true, undoEarlier: undefined }],
    });
    expect(scratch.record('j1')?.profiles[0]?.recipe).toEqual(profileOf('j1').recipe);
  });

  test('no token that is used at its path, and no env file for exec', async () => {
    const scratch = makeScratchHome();
    await login(scratch, { token: undefined, envFile: undefined });
    expect(treeOf(scratch.jobs)).toEqual(['j1/ 700', expect.stringMatching(/^j1\/login\.json/)]);
  });

  // After a kill, the record covers every file, and no profile names a missing file.
  test('the record first and the config file last', async () => {
    const scratch = makeScratchHome();
    const paths: string[] = [];
    const replace: Files['replace'] = (all) => {
      paths.push(...all.map(({ path }) => path));
      return scratch.files.replace(all);
    };
    await login(scratch, {}, { ...scratch.files, replace });
    const directory = join(scratch.jobs, 'j1');
    expect(paths).toEqual([...['login.json', 'token', 'env'].map((name) => join(directory, name)), scratch.config]);
  });

  test('again if another program wrote the config file meanwhile', async () => {
    const scratch = makeScratchHome();
    let contests = 1;
    const replace: Files['replace'] = (all) => {
      if (contests-- > 0) scratch.put(scratch.config, '[profile other]\n');
      return scratch.files.replace(all);
    };
    await login(scratch, {}, { ...scratch.files, replace });
    expect(scratch.text(scratch.config)).toBe(`[profile other]\n\n${sectionOf('j1')}`);
  });
});

describe('a shared config file', () => {
  test('keeps a section that is not ours, unless --overwrite-profile is set', async () => {
    const scratch = makeScratchHome();
    scratch.put(scratch.config, users);
    expect(await factsOf(scratch, {})).toEqual({
      kind: 'profile-not-ours',
      path: '/.aws/config',
      profile: 'default',
      line: 1,
    });
    expect(treeOf(scratch.home)).toHaveLength(2);
    const { warnings } = await login(scratch, { overwriteProfile: true });
    expect(warnings).toEqual([]);
    expect(scratch.record('j1')?.profiles).toMatchObject([{ madeFile: false, undo: { original: users.trimEnd() } }]);
  });
});

describe('a second login of the same job', () => {
  test('with another profile adds it, and keeps the original environment', async () => {
    const scratch = makeScratchHome();
    await login(scratch);
    const second = { profiles: [profileOf('j1', 'prod')], environmentBefore: { AWS_REGION: 'between' } };
    expect(await login(scratch, second)).toEqual({ ...nothingToReport, earlierProfiles: ['default'] });
    expect(scratch.text(scratch.config)).toBe(`${sectionOf('j1')}\n${sectionOf('j1', '[profile prod]')}`);
    expect(scratch.record('j1')).toMatchObject({
      environmentBefore: { AWS_REGION: 'before' },
      profiles: [
        { profile: 'default', madeFile: true },
        { profile: 'prod', madeFile: false },
      ],
    });
  });

  test('with the same profile replaces it, and remembers that it created the file', async () => {
    const scratch = makeScratchHome();
    await login(scratch);
    const first = scratch.record('j1')?.profiles[0]?.undo;
    const { warnings, earlierProfiles } = await login(scratch, {
      profiles: [profileOf('j1', 'default', 'eu-north-1')],
    });
    expect({ warnings, earlierProfiles }).toEqual({
      warnings: [],
      earlierProfiles: ['default'],
    });
    expect(scratch.record('j1')?.profiles).toMatchObject([{ madeFile: true, undoEarlier: first }]);
    expect(scratch.text(scratch.config)).toContain('region = eu-north-1');
  });

  test('with several profiles replaces the one', async () => {
    const scratch = makeScratchHome();
    await login(scratch);
    await login(scratch, { profiles: [profileOf('j1'), profileOf('j1', 'prod')] });
    expect(scratch.record('j1')?.profiles.map(({ profile }) => profile)).toEqual(['default', 'prod']);
  });

  test('into another config file keeps the first profile and its record', async () => {
    const scratch = makeScratchHome();
    await login(scratch);
    const other = join(scratch.home, 'other');
    const paths = scratch.paths('j1', undefined, { AWS_CONFIG_FILE: other });
    await login(scratch, { paths });
    expect(scratch.text(other)).toBe(sectionOf('j1'));
    const profiles = scratch.record('j1')?.profiles ?? [];
    expect(profiles.map(({ config, madeFile }) => [config, madeFile])).toEqual([
      [scratch.config, true],
      [other, true],
    ]);
  });
});

describe('a login over another job’s', () => {
  test("copies the user's original section from that job's record", async () => {
    const scratch = makeScratchHome();
    scratch.put(scratch.config, users);
    await login(scratch, { job: 'j0', overwriteProfile: true });
    await login(scratch, { job: 'j1' });
    expect(scratch.record('j1')?.profiles).toMatchObject([
      { madeFile: false, undo: { job: 'j1', original: users.trimEnd() }, undoEarlier: undefined },
    ]);
  });

  test('copies the record of the same profile in the same file', async () => {
    const scratch = makeScratchHome();
    const prod = '[profile prod]\nregion = us-west-2\n';
    const other = scratch.put(join(scratch.home, 'other'), users.replace('us-east-1', 'ap-south-1') + prod);
    scratch.put(scratch.config, users);
    const elsewhere = (job: string) => scratch.paths(job, undefined, { AWS_CONFIG_FILE: other });
    const both = (job: string) => [profileOf(job), profileOf(job, 'prod')];
    await login(scratch, { job: 'j0', overwriteProfile: true });
    await login(scratch, { job: 'j0', overwriteProfile: true, paths: elsewhere('j0'), profiles: both('j0') });
    await login(scratch, { paths: elsewhere('j1'), profiles: both('j1') });
    expect(scratch.record('j1')?.profiles.map(({ undo }) => undo.original)).toEqual([
      '[default]\nregion = ap-south-1',
      prod.trimEnd(),
    ]);
  });

  test("has no original if that job's record is gone", async () => {
    const scratch = makeScratchHome();
    scratch.put(scratch.config, users);
    await login(scratch, { job: 'j0', overwriteProfile: true });
    rmSync(join(scratch.jobs, 'j0'), { recursive: true });
    await login(scratch, { job: 'j1' });
    expect(scratch.record('j1')?.profiles).toMatchObject([{ undo: { original: undefined } }]);
  });
});

describe('a private config file', () => {
  const privately = (scratch: ScratchHome, isolated: boolean | undefined) => ({
    paths: scratch.paths('j1', isolated, { SEMAPHORE_AGENT_MACHINE_TYPE: 's1-local' }),
  });

  test.each([[true], [undefined]])(
    'starts as a copy of the user’s, which does not change (isolated: %s)',
    async (asked) => {
      const scratch = makeScratchHome();
      scratch.put(scratch.config, `[profile mine]\nregion = x\n\n${users}`);
      const { paths } = privately(scratch, asked);
      expect(await login(scratch, { paths })).toMatchObject({ uncopied: undefined, warnings: [] });
      expect(scratch.text(scratch.config)).toBe(`[profile mine]\nregion = x\n\n${users}`);
      expect(scratch.text(paths.config)).toContain('[profile mine]\nregion = x\n\n# Managed');
      expect(statSync(paths.config).mode & 0o777).toBe(0o600);
    },
  );

  test('is independent from then on', async () => {
    const scratch = makeScratchHome();
    scratch.put(scratch.config, '[profile mine]\n');
    await login(scratch, privately(scratch, true));
    scratch.put(scratch.config, '[profile changed]\n');
    await login(scratch, { ...privately(scratch, true), profiles: [profileOf('j1', 'prod')] });
    const { paths } = privately(scratch, true);
    expect(scratch.text(paths.config)).toBe(
      `[profile mine]\n\n${sectionOf('j1')}\n${sectionOf('j1', '[profile prod]')}`,
    );
  });

  test('starts empty if the user has none', async () => {
    const scratch = makeScratchHome();
    expect(await login(scratch, privately(scratch, true))).toEqual(nothingToReport);
    const agent = makeScratchHome();
    expect(await login(agent, privately(agent, undefined))).toEqual(nothingToReport);
    const without = { ...scratch.paths('j2', true), userConfig: undefined };
    expect(await login(scratch, { job: 'j2', paths: without })).toEqual(nothingToReport);
    expect(scratch.text(without.config)).toBe(sectionOf('j2'));
  });

  const faults: readonly (readonly [what: string, make: (scratch: ScratchHome) => void, kind: string])[] = [
    ['is a directory', ({ config }) => mkdirSync(config, { recursive: true }), 'file-unusable'],
    ['cannot be edited', ({ put, config }) => put(config, `${users}${users}`), 'profile-unreadable'],
  ];
  test.each(faults)('starts empty with --isolated if the user’s %s, and warns', async (_what, make) => {
    const scratch = makeScratchHome();
    make(scratch);
    expect(await login(scratch, privately(scratch, true))).toEqual({ ...nothingToReport, uncopied: scratch.config });
    expect(scratch.text(privately(scratch, true).paths.config)).toBe(sectionOf('j1'));
  });

  test.each(faults)('is rejected without --isolated if the user’s %s', async (_what, make, kind) => {
    const scratch = makeScratchHome();
    make(scratch);
    expect(await factsOf(scratch, privately(scratch, undefined))).toMatchObject({ kind, path: '/.aws/config' });
  });
});

describe('a bug is rethrown, and not handled as an unreadable file', () => {
  const bug = (): never => {
    throw new TypeError('a bug');
  };

  test('in reading the user’s file', async () => {
    const scratch = makeScratchHome();
    const changes = { paths: scratch.paths('j1', true) };
    await expect(login(scratch, changes, { ...scratch.files, read: bug })).rejects.toThrow('a bug');
  });

  test('in editing it', async () => {
    const scratch = makeScratchHome();
    scratch.put(scratch.config, sectionOf('j0'));
    const readPrivate: Files['readPrivate'] = (path) => (path.includes('j0') ? bug() : scratch.files.readPrivate(path));
    const changes = { paths: scratch.paths('j1', true) };
    await expect(login(scratch, changes, { ...scratch.files, readPrivate })).rejects.toThrow('a bug');
  });
});
