import { expect, test } from 'vitest';
import { Failure } from '../../src/failure.ts';
import { withConfigLock } from '../../src/login/write.ts';
import type { Files } from '../../src/world/world.ts';
import { makeScratchHome } from './scratch-home.ts';

test('an edit is retried under one lock until no other program interferes, and waits a minute for the lock', async () => {
  const { files, config } = makeScratchHome();
  const locks: (readonly [path: string, timeout: number])[] = [];
  const withLock: Files['withLock'] = (path, timeout, work) => {
    locks.push([path, timeout]);
    return files.withLock(path, timeout, work);
  };
  let tries = 0;
  const attempt = () => (++tries < 3 ? undefined : 'done');
  expect(await withConfigLock(config, { ...files, withLock }, attempt)).toBe('done');
  expect({ tries, locks }).toEqual({ tries: 3, locks: [[config, 60_000]] });
});

test('an edit fails after a hundred attempts', async () => {
  const { files, config } = makeScratchHome();
  let tries = 0;
  const contested = withConfigLock(config, files, () => {
    tries++;
    return undefined;
  });
  await expect(contested).rejects.toThrow(Failure);
  await expect(contested).rejects.toMatchObject({ facts: { kind: 'file-contested', path: config } });
  expect(tries).toBe(100);
});
