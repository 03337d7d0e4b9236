import { staticKeyNames } from '../login/env-file.ts';
import { keysHashOf } from '../login/exported-variables.ts';
import type { ExportedVariables } from '../login/job-record.ts';
import type { Environment } from '../world/world.ts';

/** How a shell's variables differ from those that a login exported. Names only. */
export interface ShellVariables {
  /** Whether none of the exported variables has its value: the env file was not sourced here. */
  readonly isUnsourced: boolean;
  readonly missing: readonly string[];
  /** Set, but to another value. */
  readonly changed: readonly string[];
  /** Set, although the login unset them, since AWS clients use them instead of the login. */
  readonly preceding: readonly string[];
}

/** Comfort only: a login with another pager works as well. */
const unimportant = new Set(['AWS_PAGER']);

/** Compares a shell's variables with those of a login; with undefined, for an old record, only static keys count. */
export function compareVariables(exported: ExportedVariables | undefined, environment: Environment): ShellVariables {
  const { unset = staticKeyNames, exports = [], keys } = exported ?? {};
  const expected = exports.filter(([name]) => !unimportant.has(name));
  const wrong = expected.filter(([name, value]) => environment[name] !== value).map(([name]) => name);
  const wrongKeys = keys === undefined || keysHashOf(environment) === keys.hash ? [] : staticKeyNames;
  const differing = [...wrong, ...wrongKeys];
  return {
    isUnsourced: differing.length > 0 && differing.length === expected.length + (keys ? staticKeyNames.length : 0),
    missing: differing.filter((name) => environment[name] === undefined),
    changed: differing.filter((name) => environment[name] !== undefined),
    preceding: unset.filter((name) => environment[name] !== undefined),
  };
}

/** Returns the environment after the env file is sourced in this shell, except for session keys. */
export function sourcedEnvironment({ unset, exports }: ExportedVariables, environment: Environment): Environment {
  const kept = Object.entries(environment).filter(([name]) => !unset.includes(name));
  return Object.fromEntries([...kept, ...exports]);
}
