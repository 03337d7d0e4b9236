import { type CommandInvocation, readCommandLine } from './cli/command-line.ts';
import { parseCredentialsRequest } from './cli/credentials-options.ts';
import { parseDoctorRequest } from './cli/doctor-options.ts';
import { usualShellOf } from './cli/login-options.ts';
import { parseExecRequest, parseLoginRequest, parseLogoutRequest } from './cli/login-request.ts';
import { parseSetupRequest } from './cli/setup-options.ts';
import { parseStatusRequest } from './cli/status-options.ts';
import { credentials } from './commands/credentials.ts';
import { exec } from './commands/exec.ts';
import { login } from './commands/login.ts';
import { logout } from './commands/logout.ts';
import { explanationOf } from './explain/catalogue.ts';
import { type ExitCode, exitCodeOf, Failure } from './failure.ts';
import { failureLines, wantsColours } from './text/explanation.ts';
import type { World } from './world/world.ts';

/** Runs the command that the arguments name and returns the exit code. Rejects only for a bug. */
export async function run(argv: readonly string[], world: World, version: string): Promise<number> {
  const { environment, output } = world;
  let debug = false;
  try {
    const invocation = readCommandLine(argv, environment, version, output);
    debug = invocation.kind === 'command' && 'debug' in invocation.options.values && invocation.options.values.debug;
    if (invocation.kind === 'command') return await runCommand(invocation, world);
    output.stdout(invocation.text);
    return 0;
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const exitCode = exitCodeOf(error.facts);
    const columns = output.stderrColumns;
    const style = { columns, colours: wantsColours(environment, columns !== undefined), debug };
    const shell = usualShellOf(world.platform);
    for (const line of failureLines(explanationOf(error.facts, { argv, shell }), style)) output.stderr(line);
    printUnusablePath(argv, exitCode, world);
    return exitCode;
  }
}

async function runCommand(invocation: CommandInvocation, world: World): Promise<number> {
  const { environment, platform } = world;
  switch (invocation.name) {
    case 'login':
      await login(parseLoginRequest(invocation.options, environment, platform), world);
      return 0;
    case 'exec':
      return await exec(parseExecRequest(invocation.options, invocation.operands, environment, platform), world);
    case 'credentials':
      await credentials(parseCredentialsRequest(invocation.options), world);
      return 0;
    case 'logout':
      await logout(parseLogoutRequest(invocation.options, platform), world);
      return 0;
    case 'status': {
      // Loaded on demand: a login does not need it, and has to start fast in every job.
      const { status } = await import('./commands/status.ts');
      return await status(parseStatusRequest(invocation.options), world);
    }
    case 'doctor': {
      const { doctor } = await import('./commands/doctor.ts');
      return await doctor(parseDoctorRequest(invocation.options, environment), world);
    }
    case 'setup': {
      const { setup } = await import('./commands/setup.ts');
      setup(parseSetupRequest(invocation.options, environment), world);
      return 0;
    }
  }
}

/**
 * Prints a path that no file can have, so that `source "$(sem-aws-login …)"` fails too.
 * Bash quotes the path in its error message, so the path says what happened, how to end a block of several lines, and that
 * bash's own words mean nothing.
 */
export function printUnusablePath(
  argv: readonly string[],
  exitCode: ExitCode,
  { output, platform }: Pick<World, 'output' | 'platform'>,
): void {
  const [command = ''] = argv;
  const printsPath = command === '' || command.startsWith('-') || command === 'login' || command === 'logout';
  if (!printsPath || output.stdoutIsTerminal) return;
  const name = command === 'logout' ? 'LOGOUT' : 'LOGIN';
  // Only a failed login must not be followed by more commands. PowerShell ends the job's command by itself.
  const stop = name === 'LOGIN' && platform !== 'win32' ? ' add || return to stop here;' : '';
  try {
    output.stdout(
      `/sem-aws-login: ${name} FAILED (exit ${exitCode}), see the lines above;${stop} ignore the rest of this one`,
    );
  } catch (error) {
    // `source` fails on an empty stdout too, and the exit code stays the same.
    if (!(error instanceof Failure)) throw error;
  }
}

/** The exit code after a signal. Not 130, on which Semaphore ends the whole job. */
export const signalExitCode: ExitCode = 143;
