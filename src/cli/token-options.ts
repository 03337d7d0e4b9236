import { Failure } from '../failure.ts';
import type { GivenValue } from '../failures/usage.ts';
import type { TokenPlace } from '../semaphore/token.ts';
import type { Option, Options } from './option.ts';
import { parseAbsolutePath } from './values.ts';

/** The options that say where the token is. Every command has them. */
export const tokenOptions = [
  {
    name: 'token-env',
    value: 'NAME',
    help: 'name of the variable that contains the token',
    parse: parseTokenVariable,
    default: 'SEMAPHORE_OIDC_TOKEN',
    group: 'Token',
    commands: ['login', 'exec', 'credentials', 'logout', 'status', 'doctor', 'setup'],
  },
  {
    name: 'token-file',
    value: 'PATH',
    help: 'absolute path of a file that contains the token; it is not copied',
    parse: parseTokenFile,
    group: 'Token',
    commands: ['login', 'exec', 'credentials', 'logout', 'status', 'doctor', 'setup'],
  },
] as const satisfies readonly Option[];

/** One of these options. */
export type TokenOption = (typeof tokenOptions)[number];

/** Returns where the token is. Throws `flags-conflict` when both places are given. */
export function tokenPlaceOf({ values, given }: Options<TokenOption>): TokenPlace {
  const file = values['token-file'];
  if (file === undefined) return { variable: values['token-env'] };
  if (given['token-env'].length > 0)
    throw new Failure({
      kind: 'flags-conflict',
      flags: ['--token-env', '--token-file'],
      why: 'the token comes from one place',
    });
  return { file };
}

function parseTokenVariable(given: GivenValue): string {
  refuseTokenItself(given);
  if (/^[A-Za-z_]\w*$/.test(given.value)) return given.value;
  throw new Failure({
    kind: 'value-invalid',
    ...given,
    problem: 'no variable can have this name',
    remedy: 'give the name of the variable, without "$"',
  });
}

function parseTokenFile(given: GivenValue): string {
  refuseTokenItself(given);
  return parseAbsolutePath(given);
}

/** `--token-env "$TOKEN"` passes the token itself; an error must not copy it to the log. */
function refuseTokenItself(given: GivenValue): void {
  if (/^eyJ[\w-]*\./.test(given.value)) throw new Failure({ kind: 'token-on-command-line', flag: given.source });
}
