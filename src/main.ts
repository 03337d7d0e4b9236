import process from 'node:process';
import { makeChildRunner } from './adapters/child.ts';
import { machineClock } from './adapters/clock.ts';
import { makeDisk } from './adapters/disk.ts';
import { programOfScript } from './adapters/launcher.ts';
import { makeProcessTable } from './adapters/process-table.ts';
import { makeSts } from './adapters/sts.ts';
import { makeInput, makeOutput } from './adapters/terminal.ts';
import { startWatcher } from './adapters/watcher.ts';
import { makeWeb } from './adapters/web.ts';
import { privateRootsOf } from './login/paths.ts';
import { printUnusablePath, run, signalExitCode } from './run.ts';
import { bugLines } from './text/explanation.ts';
import type { World } from './world/world.ts';

// The build sets these.
declare const SEM_AWS_LOGIN_IS_EXECUTABLE: boolean;
declare const SEM_AWS_LOGIN_VERSION: string;
declare const SEM_AWS_LOGIN_BUGS: string;

const argv = process.argv.slice(2);
const user = { environment: process.env, platform: process.platform, uid: process.geteuid?.() };
const disk = makeDisk({ privateRoots: privateRootsOf(user), uid: user.uid, groups: process.getgroups?.() ?? [] });
const children = makeChildRunner();
const world: World = {
  ...user,
  program: SEM_AWS_LOGIN_IS_EXECUTABLE ? [process.execPath] : programOfScript(process.env, process.argv),
  files: disk,
  clock: machineClock,
  random: Math.random,
  sts: makeSts(process.env, SEM_AWS_LOGIN_VERSION),
  web: makeWeb(process.env, SEM_AWS_LOGIN_VERSION),
  input: makeInput(),
  processes: { run: children.run, startWatcher },
  processTable: makeProcessTable(process),
  // Node loads its terminal's code at the first use of `process.stderr`: only a failure or the help pays for that.
  output: makeOutput(process),
};

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGUSR1', 'SIGUSR2'] as const) {
  process.on(signal, () => {
    if (children.forward(signal)) return;
    disk.releaseAll();
    printUnusablePath(argv, signalExitCode, world);
    process.exit(signalExitCode);
  });
}

// An error in an event handler has no caller to catch it, and Node would print it with any secret in it.
process.on('uncaughtException', endWithBug);

run(argv, world, SEM_AWS_LOGIN_VERSION).then((exitCode) => process.exit(exitCode), endWithBug);

function endWithBug(error: unknown): never {
  disk.releaseAll();
  for (const line of bugLines(error, SEM_AWS_LOGIN_BUGS)) world.output.stderr(line);
  printUnusablePath(argv, 1, world);
  process.exit(1);
}
