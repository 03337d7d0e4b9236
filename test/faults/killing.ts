import { expect } from 'vitest';
import type { LocalAws } from '../aws-simulator/aws.ts';
import { type Act, configIn, finishedIn, makeStage, type Scene, userConfig } from './scene.ts';
import { changesMadeBy, runWithFault } from './system-calls.ts';

/**
 * The job record stores the previous login, which differs after a kill. The logout below tests the
 * record instead.
 */
const isNotJobRecord = (line: string): boolean => !line.includes('/login.json ');

/**
 * Kills the executable at each system call that changes HOME, in a new HOME each time. Each file
 * must be whole, old or new; a second run must end as an undisturbed one does; and a logout must
 * restore the user's config file.
 * @returns the number of calls
 */
export async function killEverywhere(aws: LocalAws, act: Act): Promise<number> {
  const stage = makeStage(aws, act);
  const undisturbed = await stage.set();
  const before = finishedIn(undisturbed.directory);
  const originalConfig = configIn(undisturbed.directory);
  const calls = await changesMadeBy(undisturbed);
  const after = finishedIn(undisturbed.directory);
  const newConfig = configIn(undisturbed.directory);
  expect(newConfig).not.toBe(originalConfig);

  const killed: { readonly call: string; readonly scene: Scene }[] = [];
  for (const call of calls) {
    const { program: scene, signal } = await runWithFault(call, { signal: 'KILL' }, stage.set);
    expect(signal, call.shown).toBe('SIGKILL');
    expect([originalConfig, newConfig], call.shown).toContain(configIn(scene.directory));
    for (const line of finishedIn(scene.directory)) expect([...before, ...after], call.shown).toContain(line);
    killed.push({ call: call.shown, scene });
  }
  // In parallel: most runs wait until the killed run's lock counts as abandoned.
  const outcomes = await Promise.allSettled(
    killed.map(async ({ call, scene }) => {
      const { exitCode, stderr } = await scene.run(stage.args);
      expect({ call, exitCode, stderr }).toMatchObject({ exitCode: 0 });
      expect(finishedIn(scene.directory).filter(isNotJobRecord), call).toEqual(after.filter(isNotJobRecord));
      expect(configIn(scene.directory), call).toBe(newConfig);
      await scene.run(['logout']);
      expect(configIn(scene.directory), call).toBe(userConfig);
    }),
  );
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
  return calls.length;
}
