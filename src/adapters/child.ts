import { type ChildProcess, spawn } from 'node:child_process';
import { constants } from 'node:os';
import { isatty } from 'node:tty';
import type { Environment, ProcessEnd, Processes } from '../world.ts';

/** Runs other programs, and hands signals on to the one that runs. */
export interface ChildRunner extends Processes {
  /** Sends a signal on; false where no command runs, and the signal is meant for this process. */
  forward(signal: NodeJS.Signals): boolean;
}

/** The machine's processes. */
export function makeChildRunner(): ChildRunner {
  let running: ChildProcess | undefined;
  return {
    run: (command, args, environment) =>
      new Promise<ProcessEnd>((resolve) => {
        const child = spawn(command, [...args], { stdio: 'inherit', env: definedOf(environment) });
        running = child;
        const end = (outcome: ProcessEnd) => {
          running = undefined;
          resolve(outcome);
        };
        child.once('error', (error) => end({ kind: 'not-started', reason: reasonOf(error) }));
        child.once('exit', (code, signal) => end({ kind: 'ended', code: code ?? codeOfSignal(signal) }));
      }),
    forward: (signal) => {
      if (running === undefined) return false;
      // A terminal sends Ctrl-C to the command itself too, and many take a second one for "at once".
      if (signal !== 'SIGINT' || !isatty(0)) running.kill(signal);
      return true;
    },
  };
}

function definedOf(environment: Environment): Record<string, string> {
  return Object.fromEntries(
    Object.entries(environment).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}

function codeOfSignal(signal: NodeJS.Signals | null): number {
  return signal === null ? 1 : 128 + constants.signals[signal];
}

function reasonOf(error: Error): string {
  return 'code' in error ? String(error.code) : error.message;
}
