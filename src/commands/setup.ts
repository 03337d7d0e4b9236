import type { SetupFormat, SetupRequest } from '../cli/setup-options.ts';
import { Failure } from '../failure.ts';
import { readUserText } from '../login/input-files.ts';
import type { TokenClaims } from '../semaphore/claims.ts';
import { readJobToken } from '../semaphore/token.ts';
import { compareSetup, differencesIn } from '../setup/comparison.ts';
import { comparisonLines } from '../setup/comparison-text.ts';
import { parseExistingSetup } from '../setup/existing.ts';
import { formats } from '../setup/formats.ts';
import { makeSetupPlan, makeTrustedJobs, type SetupPlan } from '../setup/plan.ts';
import { setupReportLines } from '../setup/report-text.ts';
import type { World } from '../world/world.ts';

/**
 * Writes the identity provider and the role for the requested jobs to standard output or new files, and prints the login line;
 * or compares them with what exists. Throws `Failure` before anything is written.
 */
export function setup(request: SetupRequest, world: World): void {
  const { purpose } = request;
  const jobs = makeTrustedJobs(request.jobs, claimsOf(request, world));
  const plan = makeSetupPlan(jobs, request.role);
  if (purpose.kind === 'write') write(plan, purpose.format, purpose.out, world);
  else check(plan, purpose.files, world);
}

function write(plan: SetupPlan, format: SetupFormat, out: string | undefined, world: World): void {
  const { files, output, environment } = world;
  const { make, makeFiles } = formats[format];
  if (out === undefined) output.stdout(make(plan));
  else
    writeNew(
      makeFiles?.(plan).map(({ name, text }) => [`${out.replace(/\/+$/, '')}/${name}`, text]) ?? [[out, make(plan)]],
      files,
    );
  const isInJob = Boolean(environment['SEMAPHORE_JOB_ID']);
  for (const line of setupReportLines({ plan, format, out, isInJob })) output.stderr(line);
}

function check(plan: SetupPlan, paths: readonly string[], { files, input, output }: World): void {
  const existing = parseExistingSetup(
    paths.map((path) =>
      path === '-'
        ? { source: 'standard input', path: undefined, text: input.text() }
        : { source: path, path, text: readUserText(path, files) },
    ),
  );
  const comparison = compareSetup(plan, existing);
  for (const line of comparisonLines(plan, existing, comparison)) output.stdout(line);
  const differences = differencesIn(comparison);
  if (differences.length > 0)
    throw new Failure({ kind: 'setup-differs', differences, misjudged: comparison.misjudged });
}

/** Writes all files or none. Setup documents are ASCII, so bytes and characters are the same. */
function writeNew(documents: readonly (readonly [path: string, text: string])[], files: World['files']): void {
  const missing = documents.flatMap(([path, text]) => {
    const existing = files.read(path);
    if (existing === undefined) return [{ kind: 'user', path, text: `${text}\n`, expected: undefined } as const];
    if (existing !== `${text}\n`) throw new Failure({ kind: 'file-exists', path });
    return [];
  });
  const [first] = missing;
  if (first !== undefined && !files.replace(missing)) throw new Failure({ kind: 'file-exists', path: first.path });
}

/** Outside a job there is no token, and options must name everything. A token that an option names must exist. */
function claimsOf(request: SetupRequest, world: World): TokenClaims | undefined {
  const isThere = 'file' in request.token || Boolean(world.environment[request.token.variable]);
  return request.tokenWanted || isThere ? readJobToken(request.token, world).claims : undefined;
}
