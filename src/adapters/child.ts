import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { constants } from 'node:os';
import type { Environment, ProcessEnd, Processes } from '../world/world.ts';

export interface ChildRunner extends Pick<Processes, 'run'> {
  /** Forwards a signal; returns false if no command is running. */
  forward(signal: NodeJS.Signals): boolean;
}

/** Signals that a terminal sends to all its foreground processes: Ctrl-C and Ctrl-\. */
const sentByTerminals: ReadonlySet<NodeJS.Signals> = new Set(['SIGINT', 'SIGQUIT']);

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
          // Node throws some errors (E2BIG, ENOTDIR, a NUL in an argument) and emits others.
          if (!(error instanceof Error && 'code' in error)) throw error;
          end({ kind: 'not-started', reason: reasonOf(error) });
          return;
        }
        running = child;
        child.on('error', (error) => {
          // If a signal cannot be sent (to sudo, say), that is an error too, but the command still
          // runs.
          if (child.pid === undefined) end({ kind: 'not-started', reason: reasonOf(error) });
        });
        child.once('exit', (code, signal) => end({ kind: 'ended', code: code ?? codeOfSignal(signal) }));
      }),
    forward: (signal) => {
      if (running === undefined) return false;
      // The terminal has already sent it to the command. Many programs skip their clean-up at a
      // second Ctrl-C.
      if (!(sentByTerminals.has(signal) && hasTerminal())) running.kill(signal);
      return true;
    },
  };
}

/** Whether a terminal controls this process, even if stdin is something else. */
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
