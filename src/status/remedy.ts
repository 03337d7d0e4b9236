import type { ClientInputs } from '../clients/inputs.ts';
import { firstLoginLine, repeatedLoginLine } from '../login/login-line.ts';
import type { ShownLogin } from '../login/shown-login.ts';
import { quoteForBash, quoteForPowerShell } from '../text/shell-words.ts';
import { loginUseOf } from './client-use.ts';
import { compareVariables, sourcedEnvironment } from './shell-variables.ts';
import type { StatusState } from './state.ts';

interface RemedyInputs {
  readonly state: StatusState;
  readonly job: string | undefined;
  readonly login: ShownLogin | undefined;
  readonly files: ClientInputs;
  readonly leftoverVariables: readonly string[];
  readonly configPath: string | undefined;
}

/** Returns the command that makes the AWS clients of this shell use a login; undefined if none is needed or none helps. */
export function remedyOf(inputs: RemedyInputs): string | undefined {
  const { state, job, login, leftoverVariables, files } = inputs;
  if (leftoverVariables.length > 0 && login === undefined) return `unset ${leftoverVariables.join(' ')}`;
  if (login === undefined) return job === undefined ? undefined : firstLoginLine({}, files.environment);
  if (state === 'token-unusable' || state === 'keys-expired') return repeatedLoginLine(login, job);
  if (state !== 'not-in-use' && state !== 'logged-in') return undefined;
  const envFile = login.exported?.envFile;
  if (envFile !== undefined && needsSource(login, inputs))
    return envFile.endsWith('.ps1') ? `. ${quoteForPowerShell(envFile)}` : `source ${quoteForBash(envFile)}`;
  return state === 'logged-in' ? undefined : repeatedLoginLine(login, job);
}

// Only if it helps: the env file does not repair a config file.
function needsSource(login: ShownLogin, { state, files, configPath }: RemedyInputs): boolean {
  const { exported, profiles } = login;
  if (exported === undefined) return false;
  const { missing, changed, preceding } = compareVariables(exported, files.environment);
  if (missing.length + changed.length + preceding.length === 0) return false;
  // Without the other config file or the session keys, the result is not known.
  if (state === 'logged-in' || exported.keys !== undefined || exported.config !== configPath) return true;
  const environment = sourcedEnvironment(exported, files.environment);
  const use = loginUseOf({ ...files, environment }, { profiles, keys: undefined }, true);
  return use.kind === 'all' || use.kind === 'by-profile';
}
