import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { makeScratch, treeOf } from '../adapters/scratch.ts';
import { type LocalAws, standardRoleArn } from '../aws-simulator/aws.ts';
import { executableDirectory, type Run, runExecutable } from '../executable.ts';
import type { Program } from './system-calls.ts';

/** The command that meets the fault, and the state of HOME before it. */
export type Act = 'first login' | 'second login' | 'logout';

/** The user's config file before any login. */
export const userConfig = '# mine\n[profile other]\r\nregion = us-west-2\ns3 =\n  region = nested';

const login = ['--role-arn', standardRoleArn, '--region', 'eu-west-1'];
const otherLogin = ['--role-arn', standardRoleArn, '--region', 'us-east-1'];

/** The arguments of each act and of the runs before it. */
const acts: Readonly<
  Record<Act, { readonly args: readonly string[]; readonly before: readonly (readonly string[])[] }>
> = {
  'first login': { args: login, before: [] },
  'second login': { args: login, before: [otherLogin] },
  logout: { args: ['logout'], before: [login] },
};

/** The shipped executable, ready to run in a new HOME, for the same job each time. */
export interface Scene extends Program {
  readonly run: (args: readonly string[]) => Promise<Run>;
}

/** Makes scenes of one act, equal but for the path of HOME. */
export function makeStage(
  aws: LocalAws,
  act: Act,
): { readonly set: () => Promise<Scene>; readonly args: readonly string[] } {
  const job = { ...aws.environmentFor('branch'), ...aws.clientEnvironment };
  const { args, before } = acts[act];
  const set = async (): Promise<Scene> => {
    const directory = makeScratch();
    mkdirSync(join(directory, '.aws'), { mode: 0o755 });
    writeFileSync(join(directory, '.aws/config'), userConfig, { mode: 0o640 });
    const environment = { ...job, HOME: directory };
    const run = (given: readonly string[]) => runExecutable(given, environment);
    for (const one of before) expect(await run(one)).toMatchObject({ exitCode: 0 });
    return {
      command: [join(executableDirectory, 'sem-aws-login'), ...args],
      environment: { PATH: '/usr/bin:/bin', ...environment },
      directory,
      run,
    };
  };
  return { set, args };
}

/** Lists the contents of a HOME, with `~` for its path, and `ID` for ids that depend on that path. */
export function everythingIn(home: string): readonly string[] {
  return treeOf(home).map((line) =>
    line.replaceAll(home, '~').replaceAll(/(\benv-|envFileId\W+)[0-9a-f]{8}\b/g, '$1ID'),
  );
}

/**
 * Like `everythingIn`, without a killed process's leftovers: unfinished files, second names, a
 * lock.
 */
export function finishedIn(home: string): readonly string[] {
  return everythingIn(home).filter((line) => !/\.sem-aws-login-([0-9a-f]{16}|lock)[/ ]/.test(line));
}

/** The config file of a HOME, with `~` for its path. */
export function configIn(home: string): string {
  return readFileSync(join(home, '.aws/config'), 'latin1').replaceAll(home, '~');
}
