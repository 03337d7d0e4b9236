import { type CommandInvocation, type InvocationOf, readCommandLine } from '../../src/cli/command-line.ts';
import type { CommandName } from '../../src/cli/option.ts';
import type { Environment } from '../../src/world/world.ts';

/** Reads the command line of a command. */
export function invocationOf<C extends CommandName>(
  name: C,
  argv: readonly string[],
  environment: Environment = {},
): InvocationOf<C> {
  const invocation = readCommandLine([name, ...argv], environment, '1.2.3');
  if (invocation.kind !== 'command') throw new Error(invocation.text);
  // The command line names this command, which the compiler cannot see.
  return invocation as CommandInvocation as InvocationOf<C>;
}
