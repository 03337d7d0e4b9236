import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { describeInstaller } from './describe-installer.ts';
import { makeMachine, treeOf } from './installer-run.ts';
import { publishForSuite } from './published.ts';
import { platform } from './sample-release.ts';
import { addCache } from './semaphore-cache.ts';

const published = publishForSuite();
const key = `sem-aws-login-1.2.3-${platform}`;
const packed = `sem-aws-login-${platform}.gz`;
const job = () => ({ ...published.environment, SEMAPHORE_JOB_ID: '1' });
const released = () => readFileSync(join(dirname(published.release.installer), packed));

describeInstaller("Semaphore's cache", () => {
  it('is used first and stores the download, so that the next job downloads nothing', async () => {
    const { installer, server } = published;
    const machine = makeMachine();
    const cache = addCache(machine);
    const first = await machine.install({ installer, environment: job() });
    expect(first.output).toContain(`(${platform}, downloaded)`);
    expect(cache.calls()).toEqual([`restore ${key}`, `delete ${key}`, `store ${key}`]);
    expect(cache.keys()).toEqual([key]);
    machine.prepare('rm -r .sem-aws-login');
    const second = await machine.install({ installer, environment: job() });
    expect(second).toEqual({
      exitCode: 0,
      output: `sem-aws-login: Version 1.2.3 (${platform}, from the cache) is installed: ${machine.home}/.local/bin/sem-aws-login\n`,
    });
    expect(cache.calls().slice(3)).toEqual([`restore ${key}`]);
    expect(server.requests).toHaveLength(1);
    expect(treeOf(machine.root)).toEqual(['1.2.3/ 700', '1.2.3/sem-aws-login 700']);
  });

  it('is not used for an installed version, for the script, or outside a job', async () => {
    const { installer, environment } = published;
    const machine = makeMachine({ programs: ['curl', 'node'] });
    const cache = addCache(machine);
    await machine.install({ installer, environment });
    await machine.install({ installer, environment: job() });
    await machine.install({ installer, environment: job(), args: ['--slim'] });
    expect(cache.calls()).toEqual([]);
  });

  it.for([
    ['a foreign program', () => gzipSync(published.foreign)],
    ['something that is not an archive', () => published.foreign],
    ['half of the archive', () => released().subarray(0, released().length >> 1)],
    [
      'our archive with trailing data',
      () => gzipSync(Buffer.concat([gunzipSync(released()), Buffer.from('rm -rf ~\n')])),
    ],
    ['nothing', () => Buffer.alloc(0)],
  ] as const)('with %s: nothing of it runs, and the entry is replaced', async ([, content]) => {
    const { installer, runs, server } = published;
    const machine = makeMachine();
    const cache = addCache(machine);
    cache.poison(key, packed, content());
    const { exitCode, output } = await machine.install({ installer, environment: job() });
    expect(output).toContain(`sem-aws-login: The cache's entry "${key}" is not what was released: replacing it\n`);
    expect(output).toContain(`(${platform}, downloaded)`);
    expect(exitCode).toBe(0);
    expect(runs()).toEqual(['1.2.3 --version']);
    expect(cache.calls()).toEqual([`restore ${key}`, `delete ${key}`, `store ${key}`]);
    machine.prepare('rm -r .sem-aws-login');
    expect((await machine.install({ installer, environment: job() })).output).toContain('from the cache');
    expect(server.requests).toHaveLength(1);
  });

  it('with a file of another name under the key: the entry is replaced', async () => {
    const { installer } = published;
    const machine = makeMachine();
    const cache = addCache(machine);
    cache.poison(key, 'something-else', published.foreign);
    expect((await machine.install({ installer, environment: job() })).output).toContain('downloaded');
    machine.prepare('rm -r .sem-aws-login');
    expect((await machine.install({ installer, environment: job() })).output).toContain('from the cache');
  });

  it('that restores another version by a pattern: it is ignored, and its entry stays', async () => {
    const { installer, next } = published;
    const machine = makeMachine();
    const cache = addCache(machine);
    const other = `${key}.4`;
    cache.poison(other, packed, readFileSync(join(dirname(next.installer), packed)));
    const { exitCode, output } = await machine.install({ installer, environment: job() });
    expect(output).toContain(`Version 1.2.3 (${platform}, downloaded)`);
    expect(exitCode).toBe(0);
    expect((await machine.job('sem-aws-login')).output).toBe('sem-aws-login 1.2.3\n');
    expect(cache.keys()).toEqual([key, other]);
  });

  it.for(['', 'true'])(
    'that fails to store, with CACHE_FAIL_ON_ERROR="%s": the install succeeds',
    async (failOnError) => {
      const { installer } = published;
      const machine = makeMachine();
      const cache = addCache(machine, { fails: true });
      const environment = { ...job(), CACHE_FAIL_ON_ERROR: failOnError };
      expect(await machine.install({ installer, environment })).toMatchObject({ exitCode: 0 });
      expect(cache.keys()).toEqual([]);
    },
  );
});
