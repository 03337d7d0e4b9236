import { Failure } from '../failure.ts';
import type { Environment } from '../world.ts';
import { type LoginRequest, parseLoginRequest } from './login-request.ts';
import type { RawOptions } from './raw-options.ts';

/** A command to run with a login of its own. */
export interface ExecRequest {
  readonly login: LoginRequest;
  readonly command: string;
  readonly args: readonly string[];
}

/** Throws `Failure` of the usage kinds. */
export function parseExecRequest(
  options: RawOptions,
  operands: readonly string[],
  environment: Environment,
  platform: NodeJS.Platform,
): ExecRequest {
  const [command, ...args] = operands;
  if (command === undefined) throw new Failure({ kind: 'command-missing' });
  const login = parseLoginRequest(options, environment, platform);
  if (login.exports === 'none')
    throw new Failure({
      kind: 'flags-conflict',
      flags: ['exec', '--export none'],
      why: 'the command would not find the login, which only its environment names',
    });
  return { login, command, args };
}
