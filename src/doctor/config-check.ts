import { exitCodeOf } from '../explain/catalogue.ts';
import { managingJobOfProfile, sectionsOf } from '../profile/profile-section.ts';
import type { Environment, Files } from '../world.ts';
import { type AwsFiles, chosenProfileOf, type FoundFile, isInCredentials } from './aws-files.ts';
import { type Finding, fail, failed, ok, warn } from './finding.ts';

/** Whether the shared files can be read by every SDK and by nobody else, and have the profile that this job would use. */
export function checkConfig(
  awsFiles: AwsFiles,
  environment: Environment,
  files: Pick<Files, 'isWritable' | 'isOpenToAll'>,
): Finding[] {
  return [
    ...faultsOf(awsFiles.config),
    ...faultsOf(awsFiles.credentials),
    ...permissionsOf(awsFiles, files),
    ...profileFinding(awsFiles, environment),
  ];
}

function permissionsOf({ config, credentials }: AwsFiles, files: Pick<Files, 'isWritable' | 'isOpenToAll'>): Finding[] {
  const findings: Finding[] = [];
  if (config.path !== undefined && config.failure === undefined && !files.isWritable(config.path))
    findings.push(warn('config', { kind: 'config-read-only', path: config.path }));
  const { path, file } = credentials;
  const hasKeys = file?.sections.some(({ keys }) => keys.some(({ name }) => name === 'aws_secret_access_key'));
  if (path !== undefined && hasKeys === true && files.isOpenToAll(path))
    findings.push(warn('config', { kind: 'open-to-all', path, holds: 'keys' }));
  return findings;
}

function faultsOf({ path, file, failure }: FoundFile): Finding[] {
  if (failure !== undefined) return [failed('config', exitCodeOf(failure), failure)];
  if (file === undefined || path === undefined) return [];
  return file.defects.map(({ why, line }) => warn('config', { kind: 'file-defect', path, line, why }));
}

function profileFinding(awsFiles: AwsFiles, environment: Environment): Finding[] {
  const { config, credentials } = awsFiles;
  const { name: profile, variable } = chosenProfileOf(environment);
  const { path, file } = config;
  if (config.failure !== undefined) return [];
  const [section] = file === undefined ? [] : sectionsOf(file, profile);
  if (file !== undefined && section !== undefined && path !== undefined) {
    const job = managingJobOfProfile(file, profile) ?? undefined;
    return [ok('config', { kind: 'config-good', path, profile, line: section.line, job })];
  }
  if (variable !== undefined && !isInCredentials(awsFiles, profile)) {
    const paths = [config.path, credentials.path].filter((one) => one !== undefined);
    return [fail('config', 4, { kind: 'profile-missing', profile, variable, paths })];
  }
  if (file === undefined || path === undefined) return [ok('config', { kind: 'config-absent', path })];
  return [ok('config', { kind: 'config-without-profile', path, profile })];
}
