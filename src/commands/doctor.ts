import type { RoleArn } from '../aws/arn.ts';
import type { DoctorRequest, PolicyPlace } from '../cli/doctor-options.ts';
import { readAwsFiles } from '../doctor/aws-files.ts';
import { checkCache } from '../doctor/cache.ts';
import { checkClients } from '../doctor/clients.ts';
import { checkConfig } from '../doctor/config.ts';
import { checkContext } from '../doctor/context.ts';
import { claimsDescribedBy } from '../doctor/described-claims.ts';
import { type Finding, failureIn } from '../doctor/finding.ts';
import { checkIssuer, checkIssuerName, fetchIssuerDocuments, issuerFindings } from '../doctor/issuer.ts';
import { readJobLogin } from '../doctor/job-login.ts';
import { checkLeftovers } from '../doctor/leftovers.ts';
import { doctorJson, doctorReportLines } from '../doctor/report.ts';
import { checkClock, checkSts, roleFindings, stsFindings, stsQuestionUrl } from '../doctor/sts.ts';
import { checkToken, tokenFindings } from '../doctor/token.ts';
import { checkTokenFile, namedTokenFilesOf } from '../doctor/token-file.ts';
import { checkTrustPolicy, trustPolicyFindings } from '../doctor/trust-policy.ts';
import { type ExitCode, Failure } from '../failure.ts';
import { readUserText } from '../login/input-files.ts';
import { defaultSessionName, type JobIdentity, jobIdentityOf, privateRootsOf, sessionNameFor } from '../login/paths.ts';
import { forkOf } from '../semaphore/subject.ts';
import { type JobToken, readJobToken } from '../semaphore/token.ts';
import { assumeChain } from '../sts/assume.ts';
import { rejectForeignRegion } from '../sts/endpoint.ts';
import { makePlainHop } from '../sts/role-chain.ts';
import { wantsColours } from '../text/explanation.ts';
import { usedColumnsOf } from '../text/wrap.ts';
import type { World } from '../world/world.ts';

/**
 * Checks everything that a login and the AWS clients of this job depend on, and prints a report. Changes nothing. Returns the
 * exit code of the first failure found. Throws `Failure` for wrong usage.
 */
export async function doctor(request: DoctorRequest, world: World): Promise<ExitCode> {
  const findings: readonly Finding[] =
    request.claimed === undefined ? await examineJob(request, world) : [examineClaims(request, world)];
  const exitCode = findings.find(({ status }) => status === 'fail')?.exitCode ?? 0;
  const { output, environment } = world;
  if (request.json) output.stdout(doctorJson(findings, exitCode));
  else {
    const style = {
      columns: usedColumnsOf(output.stdoutColumns),
      colours: wantsColours(environment, output.stdoutIsTerminal),
      verbose: request.verbose,
    };
    for (const line of doctorReportLines(findings, style)) output.stdout(line);
  }
  return exitCode;
}

/** The kinds of all findings. */
export type FindingKind = Awaited<ReturnType<typeof examineJob>>[number]['facts']['kind'];

/** Runs all checks, in the order of the JSON report. */
async function examineJob(request: DoctorRequest, world: World) {
  const policy = request.policy && { text: policyTextFrom(request.policy, world), name: policyName(request.policy) };
  const token = tokenOrFinding(request, world);
  return [
    ...('check' in token ? withoutToken(token, policy) : await examineToken(token, policy, request, world)),
    ...(await examineSts(request, world)),
    ...examineFiles('check' in token ? undefined : token, request, world),
  ];
}

interface GivenPolicy {
  readonly text: string;
  readonly name: string;
}

function withoutToken<F extends Finding>(finding: F, policy: GivenPolicy | undefined) {
  if (policy === undefined) return [finding];
  return [finding, trustPolicyFindings.warn('policy-unjudged', { source: policy.name })];
}

function tokenOrFinding(request: DoctorRequest, world: World) {
  try {
    return readJobToken(request.token, world);
  } catch (error) {
    return tokenFindings.failed(failureIn(error));
  }
}

async function examineToken(token: JobToken, policy: GivenPolicy | undefined, request: DoctorRequest, world: World) {
  const { claims } = token;
  const job = jobIdentityOf(world.environment, () => token);
  const { role } = request;
  const login = { claims, sessionName: defaultSessionName(job), ...(role && { role }) };
  return [
    checkToken(token, world.clock.now()),
    checkContext(claims, forkOf(world.environment)),
    ...(policy === undefined ? [] : [checkTrustPolicy(policy.text, policy.name, login)]),
    ...(role === undefined ? [] : [await askRole(role, token, job, request, world)]),
    await askIssuer(token, request, world),
  ];
}

async function askRole(role: RoleArn, token: JobToken, job: JobIdentity, request: DoctorRequest, world: World) {
  return await orFailed(roleFindings, async () => {
    rejectForeignRegion(role, request.region, world.environment);
    const endpoint = world.sts.endpointOf(request.region?.value, role.partition);
    const chain = { first: makePlainHop(role.text, sessionNameFor(job)), further: [] };
    const caller = { token, endpoint, timeouts: { timeout: request.timeout, wait: 0 } };
    const session = await assumeChain(chain, caller, world);
    const { assumedRoleArn, keys } = session;
    return roleFindings.ok('role-granted', { roleArn: role.text, assumedRoleArn, ends: keys.expiration });
  });
}

async function askIssuer({ claims }: JobToken, request: DoctorRequest, world: World) {
  return await orFailed(issuerFindings, async () => {
    const nameless = checkIssuerName(claims);
    if (nameless !== undefined) return nameless;
    return checkIssuer(claims, await fetchIssuerDocuments(claims.iss ?? '', world.web, request.timeout));
  });
}

async function examineSts(request: DoctorRequest, world: World) {
  let serverTime: Date | undefined;
  const sts = await orFailed(stsFindings, async () => {
    const endpoint = world.sts.endpointOf(request.region?.value, request.role?.partition ?? 'aws');
    const answer = await world.web.get(stsQuestionUrl(endpoint), request.timeout);
    if (answer.kind === 'answered') serverTime = answer.serverTime;
    return checkSts(endpoint, answer, request.timeout);
  });
  return [sts, checkClock(world.clock.now(), serverTime)];
}

function examineFiles(token: JobToken | undefined, request: DoctorRequest, world: World) {
  const { environment, files } = world;
  const awsFiles = readAwsFiles(world);
  const readToken = () => token ?? readJobToken({ variable: 'SEMAPHORE_OIDC_TOKEN' }, world);
  const isJob = token !== undefined || environment['SEMAPHORE_JOB_ID'];
  const job = isJob ? jobIdentityOf(environment, readToken) : undefined;
  const login = readJobLogin(job, { roleArn: request.role?.text, region: request.region?.value }, world);
  return [
    ...checkConfig(awsFiles, environment, login, files),
    ...namedTokenFilesOf(awsFiles, environment).map((named) => checkTokenFile(named, login, files)),
    ...checkLeftovers(privateRootsOf(world), job?.name, awsFiles.config, world),
    checkCache(environment, awsFiles),
    ...checkClients(environment, awsFiles, login),
  ];
}

function examineClaims(request: DoctorRequest, world: World): Finding {
  const { claimed, policy, role } = request;
  if (claimed === undefined || policy === undefined) throw new Error('claims are only given with a policy');
  const file = claimed.file === undefined ? undefined : readUserText(claimed.file, world.files);
  const claims = claimsDescribedBy(claimed, file, tokenAtHand(request, world)?.claims);
  return checkTrustPolicy(policyTextFrom(policy, world), policyName(policy), { claims, ...(role && { role }) });
}

function tokenAtHand(request: DoctorRequest, world: World): JobToken | undefined {
  try {
    return readJobToken(request.token, world);
  } catch (error) {
    if (error instanceof Failure) return undefined;
    throw error;
  }
}

function policyTextFrom(policy: PolicyPlace, world: World): string {
  if (policy !== 'stdin') return readUserText(policy.file, world.files);
  if (!world.input.isTerminal) return world.input.text();
  throw new Failure({
    kind: 'value-invalid',
    source: '--trust-policy',
    value: '-',
    problem: 'standard input is a terminal',
    remedy:
      'pass a file, or a role in a pipe: aws iam get-role --role-name NAME | sem-aws-login doctor --trust-policy -',
  });
}

function policyName(policy: PolicyPlace): string {
  return policy === 'stdin' ? 'standard input' : policy.file;
}

/** Runs a check. Returns an expected failure as a finding. */
async function orFailed<F extends Finding>(
  { failed }: Pick<typeof roleFindings, 'failed'>,
  check: () => Promise<F>,
): Promise<F | Finding<'failure'>> {
  try {
    return await check();
  } catch (error) {
    return failed(failureIn(error));
  }
}
