import { type ClientChoice, clientChoices } from '../clients/choice.ts';
import type { CredentialSource } from '../clients/source.ts';
import type { ConfigFile } from '../config-file/model.ts';
import type { Environment } from '../world/world.ts';
import type { AwsFiles } from './files.ts';
import { type Finding, fail, ok, warn } from './finding.ts';

/**
 * Which credentials and which region each AWS client would take here, whether they agree, and whether it is what this job is logged in as.
 * Judged by the tested clients alone.
 */
export function checkClients(
  environment: Environment,
  { config, credentials }: AwsFiles,
  ownJob: string | undefined,
): Finding {
  const choices = clientChoices({ environment, config: config.file, credentials: credentials.file });
  const tested = choices.filter(({ basis }) => basis === 'tested');
  if (tested.some(({ source }) => source.kind === 'error'))
    return fail('clients', 4, { kind: 'clients-fail', choices });
  if (!allSame(tested.map(({ source }) => callerOf(source))))
    return warn('clients', { kind: 'clients-differ', choices });
  if (tested.every(({ source }) => source.kind === 'none' || source.kind === 'machine'))
    return warn('clients', { kind: 'clients-nobody', choices });
  const login = loginOf(config.file, ownJob);
  const [caller] = tested.map(({ source }) => callerOf(source));
  if (login !== undefined && !login.includes(caller ?? ''))
    return warn('clients', { kind: 'clients-outrank', choices });
  if (!allSame(tested.map(regionOf))) return warn('clients', { kind: 'clients-regions', choices });
  return ok('clients', { kind: 'clients-agree', choices });
}

/** Who this job is by the profiles that its logins wrote; undefined without a login. */
function loginOf(config: ConfigFile | undefined, ownJob: string | undefined): string[] | undefined {
  const own = config?.sections.filter(({ managed }) => managed !== null && managed.job === ownJob) ?? [];
  const callers = own.flatMap(({ keys }) => {
    const value = (name: string) => keys.find((key) => key.name === name)?.value;
    const roleArn = value('role_arn');
    return roleArn === undefined ? [] : [JSON.stringify(['role', roleArn, value('role_session_name')])];
  });
  return callers.length === 0 ? undefined : callers;
}

function regionOf({ region }: ClientChoice): string {
  return region.region ?? '';
}

/** What STS would call the holder of these credentials, as far as it can be known: by whatever way two clients come to it, it is the same. */
function callerOf(source: CredentialSource): string {
  switch (source.kind) {
    case 'web-identity':
      return JSON.stringify(['role', source.roleArn, source.sessionName]);
    case 'role':
      return JSON.stringify(['role', source.roleArn, source.sessionName, source.with]);
    default:
      return JSON.stringify(source);
  }
}

function allSame(texts: readonly string[]): boolean {
  return new Set(texts).size <= 1;
}
