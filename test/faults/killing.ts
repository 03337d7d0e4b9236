import { expect } from 'vitest';
import type { LocalAws } from '../aws-simulator/aws.ts';
import { type Act, configIn, finishedIn, makeStage, type Scene, userConfig } from './scene.ts';
import { changesMadeBy, runWithFault } from './system-calls.ts';

/** The marker remembers the login before the last one, which after a kill is another one: what it is good for is that logout works. */
const isNoMarker = (line: string): boolean => !line.includes('/login.json ');

/**
 * Kills the executable at every one of its system calls that changes something in HOME, in a new HOME each time. Every file must be whole, old
 * or new, the same call to the program, made once more, must end where it would have ended undisturbed, and a logout must give back the
 * user's own config file.
 * @returns how many calls there were
 */
export async function killEverywhere(aws: LocalAws, act: Act): Promise<number> {
  const stage = makeStage(aws, act);
  const undisturbed = await stage.set();
  const before = finishedIn(undisturbed.directory);
  const formerConfig = configIn(undisturbed.directory);
  const calls = await changesMadeBy(undisturbed);
  const after = finishedIn(undisturbed.directory);
  const newConfig = configIn(undisturbed.directory);
  expect(newConfig).not.toBe(formerConfig);

  const killed: { readonly call: string; readonly scene: Scene }[] = [];
  for (const call of calls) {
    const { program: scene, signal } = await runWithFault(call, { signal: 'KILL' }, stage.set);
    expect(signal, call.shown).toBe('SIGKILL');
    expect([formerConfig, newConfig], call.shown).toContain(configIn(scene.directory));
    for (const line of finishedIn(scene.directory)) expect([...before, ...after], call.shown).toContain(line);
    killed.push({ call: call.shown, scene });
  }
  // All at once, since most have to wait until the lock of the one that was killed counts as abandoned.
  const outcomes = await Promise.allSettled(
    killed.map(async ({ call, scene }) => {
      const { exitCode, stderr } = await scene.run(stage.args);
      expect({ call, exitCode, stderr }).toMatchObject({ exitCode: 0 });
      expect(finishedIn(scene.directory).filter(isNoMarker), call).toEqual(after.filter(isNoMarker));
      expect(configIn(scene.directory), call).toBe(newConfig);
      await scene.run(['logout']);
      expect(configIn(scene.directory), call).toBe(userConfig);
    }),
  );
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
  return calls.length;
}
