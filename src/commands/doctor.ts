import type { RoleArn } from '../aws/arn.ts';
import type { DoctorRequest, PolicyPlace } from '../cli/doctor-options.ts';
import { checkClients } from '../doctor/clients.ts';
import {
  checkCache,
  checkConfig,
  checkLeftovers,
  checkTokenFile,
  namedTokenFilesOf,
  readAwsFiles,
} from '../doctor/files.ts';
import { checkNames, type Finding, failed, ok, warn } from '../doctor/finding.ts';
import {
  checkClock,
  checkIssuer,
  checkIssuerName,
  checkSts,
  fetchIssuerDocuments,
  stsQuestionUrl,
} from '../doctor/network.ts';
import { checkTrustPolicy } from '../doctor/policy.ts';
import { doctorJson, doctorReportLines } from '../doctor/report.ts';
import { checkContext, checkToken, claimsDescribedBy } from '../doctor/token.ts';
import { type ExitCode, exitCodeOf, Failure } from '../failure.ts';
import { defaultSessionName, type JobIdentity, jobIdentityOf, privateRootsOf, sessionNameFor } from '../login/paths.ts';
import { readUserText } from '../login/read-file.ts';
import { forkOf } from '../semaphore/subject.ts';
import { type JobToken, readJobToken } from '../semaphore/token.ts';
import { assumeChain } from '../sts/assume.ts';
import { rejectForeignRegion } from '../sts/endpoint.ts';
import { makePlainHop } from '../sts/role-chain.ts';
import type { World } from '../world/world.ts';

/**
 * Looks at everything that a login and the AWS tools of this job depend on, changes nothing, and prints a report. Gives the exit code of
 * the first failure found. Throws `Failure` for what was asked wrongly.
 */
export async function doctor(request: DoctorRequest, world: World): Promise<ExitCode> {
  const findings = request.claimed === undefined ? await examineJob(request, world) : [examineClaims(request, world)];
  findings.sort((one, other) => checkNames.indexOf(one.check) - checkNames.indexOf(other.check));
  const exitCode = findings.find(({ status }) => status === 'fail')?.exitCode ?? 0;
  const { output, environment } = world;
  if (request.json) output.stdout(doctorJson(findings, exitCode));
  else {
    // https://no-color.org: present and not empty.
    const colours = output.stdoutIsTerminal && !environment['NO_COLOR'];
    for (const line of doctorReportLines(findings, colours)) output.stdout(line);
  }
  return exitCode;
}

async function examineJob(request: DoctorRequest, world: World): Promise<Finding[]> {
  const policy = request.policy && { text: policyTextFrom(request.policy, world), name: policyName(request.policy) };
  const token = tokenOrFinding(request, world);
  return [
    ...('check' in token ? withoutToken(token, policy) : await examineToken(token, policy, request, world)),
    ...(await examineSts(request, world)),
    ...examineFiles('check' in token ? undefined : token, world),
  ];
}

interface GivenPolicy {
  readonly text: string;
  readonly name: string;
}

function withoutToken(finding: Finding, policy: GivenPolicy | undefined): Finding[] {
  if (policy === undefined) return [finding];
  return [finding, warn('trust-policy', { kind: 'policy-unjudged', source: policy.name })];
}

function tokenOrFinding(request: DoctorRequest, world: World): JobToken | Finding {
  try {
    return readJobToken(request.token, world);
  } catch (error) {
    if (error instanceof Failure) return failed('token', exitCodeOf(error.facts), error.facts);
    throw error;
  }
}

async function examineToken(
  token: JobToken,
  policy: GivenPolicy | undefined,
  request: DoctorRequest,
  world: World,
): Promise<Finding[]> {
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

async function askRole(
  role: RoleArn,
  token: JobToken,
  job: JobIdentity,
  request: DoctorRequest,
  world: World,
): Promise<Finding> {
  return await unlessFailed('role', async () => {
    rejectForeignRegion(role, request.region, world.environment);
    const endpoint = world.sts.endpointOf(request.region?.value, role.partition);
    const chain = { first: makePlainHop(role.text, sessionNameFor(job)), further: [] };
    const caller = { token, endpoint, timeouts: { timeout: request.timeout, wait: 0 } };
    const session = await assumeChain(chain, caller, world);
    const { assumedRoleArn, keys } = session;
    return ok('role', { kind: 'role-granted', roleArn: role.text, assumedRoleArn, ends: keys.expiration });
  });
}

async function askIssuer({ claims }: JobToken, request: DoctorRequest, world: World): Promise<Finding> {
  return await unlessFailed('issuer', async () => {
    const nameless = checkIssuerName(claims);
    if (nameless !== undefined) return nameless;
    return checkIssuer(claims, await fetchIssuerDocuments(claims.iss ?? '', world.web, request.timeout));
  });
}

async function examineSts(request: DoctorRequest, world: World): Promise<Finding[]> {
  let serverTime: Date | undefined;
  const sts = await unlessFailed('sts', async () => {
    const endpoint = world.sts.endpointOf(request.region?.value, request.role?.partition ?? 'aws');
    const answer = await world.web.get(stsQuestionUrl(endpoint), request.timeout);
    if (answer.kind === 'answered') serverTime = answer.serverTime;
    return checkSts(endpoint, answer, request.timeout);
  });
  return [sts, checkClock(world.clock.now(), serverTime)];
}

function examineFiles(token: JobToken | undefined, world: World): Finding[] {
  const { environment, files, clock } = world;
  const awsFiles = readAwsFiles(world);
  const readToken = () => token ?? readJobToken({ variable: 'SEMAPHORE_OIDC_TOKEN' }, world);
  const known = token !== undefined || environment['SEMAPHORE_JOB_ID'];
  const job = known ? jobIdentityOf(environment, readToken) : undefined;
  return [
    ...checkConfig(awsFiles, environment, files),
    ...namedTokenFilesOf(awsFiles, environment).map((named) => checkTokenFile(named, files)),
    ...checkLeftovers(privateRootsOf(world), job?.name, awsFiles.config, { files, now: clock.now() }),
    checkCache(environment, awsFiles),
    checkClients(environment, awsFiles, job?.name),
  ];
}

function examineClaims(request: DoctorRequest, world: World): Finding {
  const { claimed, policy, role } = request;
  if (claimed === undefined || policy === undefined) throw new Error('Claims are only ever asked for with a policy');
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
    problem: 'standard input is a terminal, and nobody types a policy there',
    remedy:
      'name a file, or hand the policy on: aws iam get-role --role-name NAME | sem-aws-login doctor --trust-policy -',
  });
}

function policyName(policy: PolicyPlace): string {
  return policy === 'stdin' ? 'standard input' : policy.file;
}

async function unlessFailed(check: Finding['check'], look: () => Promise<Finding>): Promise<Finding> {
  try {
    return await look();
  } catch (error) {
    if (error instanceof Failure) return failed(check, exitCodeOf(error.facts), error.facts);
    throw error;
  }
}
