import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { constants } from 'node:os';
import type { Environment, ProcessEnd, Processes } from '../world/world.ts';

/** Runs other programs, and hands signals on to the one that runs. */
export interface ChildRunner extends Processes {
  /** Sends a signal on; false where no command runs, and the signal is meant for this process. */
  forward(signal: NodeJS.Signals): boolean;
}

/** Signals that a terminal sends to all that run in its foreground: Ctrl-C and Ctrl-\. */
const sentByTerminals: ReadonlySet<NodeJS.Signals> = new Set(['SIGINT', 'SIGQUIT']);

/** The machine's processes. */
export function makeChildRunner(): ChildRunner {
  let running: ChildProcess | undefined;
  return {
    run: (command, args, environment) =>
      new Promise<ProcessEnd>((resolve) => {
        const end = (outcome: ProcessEnd) => {
          running = undefined;
          resolve(outcome);
        };
        let child: ChildProcess;
        try {
          child = spawn(command, [...args], { stdio: 'inherit', env: definedOf(environment) });
        } catch (error) {
          // Node tells some reasons at once (E2BIG, ENOTDIR, a NUL in an argument) and others later.
          if (!(error instanceof Error && 'code' in error)) throw error;
          end({ kind: 'not-started', reason: reasonOf(error) });
          return;
        }
        running = child;
        child.on('error', (error) => {
          // One that runs as another user (sudo) cannot be sent a signal: that is an error too, and no end.
          if (child.pid === undefined) end({ kind: 'not-started', reason: reasonOf(error) });
        });
        child.once('exit', (code, signal) => end({ kind: 'ended', code: code ?? codeOfSignal(signal) }));
      }),
    forward: (signal) => {
      if (running === undefined) return false;
      // The command has it from the terminal already, and many take a second Ctrl-C for "at once, and never mind what is lost".
      if (!(sentByTerminals.has(signal) && hasTerminal())) running.kill(signal);
      return true;
    },
  };
}

/** Whether a terminal controls this process; its stdin tells nothing, which may come from elsewhere. */
function hasTerminal(): boolean {
  try {
    closeSync(openSync('/dev/tty', 'r'));
    return true;
  } catch {
    return false;
  }
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
