import type { SetupFormat, SetupRequest } from '../cli/setup-options.ts';
import { Failure } from '../failure.ts';
import { readUserText } from '../login/input-files.ts';
import type { TokenClaims } from '../semaphore/claims.ts';
import { readJobToken } from '../semaphore/token.ts';
import { compareRole, parseExistingRole } from '../setup/comparison.ts';
import { formats } from '../setup/formats.ts';
import { makeSetupPlan, makeTrustedJobs, type SetupPlan } from '../setup/plan.ts';
import { comparisonLines, setupReportLines } from '../setup/report-text.ts';
import { trustPolicyLengthOf } from '../setup/trust-document.ts';
import type { World } from '../world/world.ts';

/**
 * Writes the identity provider and the role for the wanted jobs to standard output or a new file, and prints the login line; or
 * compares them with an existing role. Throws `Failure` before anything is written.
 */
export function setup(request: SetupRequest, world: World): void {
  const { purpose } = request;
  const jobs = makeTrustedJobs(request.jobs, claimsOf(request, world));
  const plan = makeSetupPlan(jobs, request.role);
  if (purpose.kind === 'write') write(plan, purpose.format, purpose.out, world);
  else check(plan, purpose.role, world);
}

function write(plan: SetupPlan, format: SetupFormat, out: string | undefined, { files, output }: World): void {
  const document = formats[format].make(plan);
  if (out === undefined) output.stdout(document);
  else writeNew(out, `${document}\n`, files);
  for (const line of setupReportLines(plan, format, out, trustPolicyLengthOf(plan.jobs))) output.stderr(line);
}

function check(plan: SetupPlan, path: string, { files, input, output }: World): void {
  const source = path === '-' ? 'standard input' : path;
  const existing = parseExistingRole(path === '-' ? input.text() : readUserText(path, files), source);
  const comparison = compareRole(plan, existing);
  for (const line of comparisonLines(source, comparison)) output.stdout(line);
  const { misjudged, isSame } = comparison;
  if (!isSame) throw new Failure({ kind: 'trust-differs', source, misjudged });
}

// Setup documents are ASCII, so bytes and characters are the same.
function writeNew(path: string, text: string, files: World['files']): void {
  const existing = files.read(path);
  if (existing === text) return;
  if (existing !== undefined) throw new Failure({ kind: 'file-exists', path });
  if (!files.replace([{ kind: 'user', path, text, expected: undefined }]))
    throw new Failure({ kind: 'file-exists', path });
}

/** Outside a job there is no token, and options must name everything. A token that an option names must exist. */
function claimsOf(request: SetupRequest, world: World): TokenClaims | undefined {
  const isThere = 'file' in request.token || Boolean(world.environment[request.token.variable]);
  return request.tokenWanted || isThere ? readJobToken(request.token, world).claims : undefined;
}
