import { Failure } from '../failure.ts';
import type { LoginRequest } from '../request/login-request.ts';
import type { World } from '../world.ts';
import { outrankingVariables } from './env-file.ts';
import type { IsolationCause, Place } from './place.ts';

type Surroundings = Pick<World, 'environment'> & { readonly output: Pick<World['output'], 'stdoutIsTerminal'> };

/** Refuses a login whose result nothing could use. Throws `exports-need-capture`, `flags-conflict` or `environment-outranks`. */
export function refuseWithoutEffect(request: LoginRequest, place: Place, world: Surroundings): void {
  const cause = place.isolation;
  if (request.exports === 'none') {
    if (cause !== undefined)
      throw new Failure({
        kind: 'flags-conflict',
        flags: ['--export none', 'a private config file'],
        why: isolationReason[cause],
        remedy:
          cause === 'self-hosted'
            ? 'Leave out --export none, or write to the shared config file on purpose: --shared-config'
            : 'Leave out --export none.',
      });
    const variables = outrankingIn(world.environment);
    if (variables.length > 0) throw new Failure({ kind: 'environment-outranks', variables });
  }
  if (!world.output.stdoutIsTerminal) return;
  const [{ role }] = request.roles;
  const line = `source "$(sem-aws-login --role-arn ${role.text})"`;
  if (cause !== undefined) throw new Failure({ kind: 'exports-need-capture', why: isolationReason[cause], line });
  if (request.exports === 'static')
    throw new Failure({ kind: 'exports-need-capture', why: 'session keys are exported variables', line });
}

/** Those of the variables that are set and would outrank a profile. */
export function outrankingIn(environment: World['environment']): string[] {
  return outrankingVariables.filter((name) => environment[name] !== undefined);
}

const isolationReason: Readonly<Record<IsolationCause, string>> = {
  asked: 'with --isolated the profile goes to a private config file',
  'self-hosted': 'on a self-hosted agent the profile goes to a private config file, since other jobs share HOME',
  'home-unset': 'HOME is not set, and the profile goes to a private config file',
  'home-read-only': 'HOME is not writable, and the profile goes to a private config file',
  'config-read-only': 'the shared config file is not writable, and the profile goes to a private one',
};
