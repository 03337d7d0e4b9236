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
      why: 'the token is read from one place',
    });
  return { file };
}

const variableName = /^[A-Za-z_]\w*$/;

function parseTokenVariable(given: GivenValue): string {
  refuseTokenItself(given);
  if (variableName.test(given.value)) return given.value;
  const [meant] = /[A-Za-z_]\w*/.exec(given.value) ?? [];
  throw new Failure({
    kind: 'value-invalid',
    ...given,
    problem: 'it is not the name of a variable',
    remedy: 'give the name of the variable, without "$"',
    ...(meant !== undefined && [`$${meant}`, `\${${meant}}`].includes(given.value) ? { meant } : {}),
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
