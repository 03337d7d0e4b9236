import { exitCodeOf } from '../explain/catalogue.ts';
import { managingJobOfProfile, sectionsOf } from '../profile/profile-section.ts';
import type { Environment } from '../world.ts';
import { type AwsFiles, chosenProfileOf, type FoundFile } from './aws-files.ts';
import { type Finding, fail, failed, ok, warn } from './finding.ts';

/** Whether the shared files can be read by every SDK, and have the profile that this job would use. */
export function checkConfig(files: AwsFiles, environment: Environment): Finding[] {
  const { config, credentials } = files;
  return [...faultsOf(config), ...faultsOf(credentials), ...profileFinding(config, credentials, environment)];
}

function faultsOf({ path, file, failure }: FoundFile): Finding[] {
  if (failure !== undefined) return [failed('config', exitCodeOf(failure), failure)];
  if (file === undefined || path === undefined) return [];
  return file.defects.map(({ why, line }) => warn('config', { kind: 'file-defect', path, line, why }));
}

function profileFinding(config: FoundFile, credentials: FoundFile, environment: Environment): Finding[] {
  const { name: profile, variable } = chosenProfileOf(environment);
  const { path, file } = config;
  if (config.failure !== undefined) return [];
  const [section] = file === undefined ? [] : sectionsOf(file, profile);
  if (file !== undefined && section !== undefined && path !== undefined) {
    const job = managingJobOfProfile(file, profile) ?? undefined;
    return [ok('config', { kind: 'config-good', path, profile, line: section.line, job })];
  }
  const inCredentials = credentials.file?.sections.some(({ inner }) => inner.trim() === profile) === true;
  if (variable !== undefined && !inCredentials) {
    const paths = [config.path, credentials.path].filter((one) => one !== undefined);
    return [fail('config', 4, { kind: 'profile-missing', profile, variable, paths })];
  }
  if (file === undefined || path === undefined) return [ok('config', { kind: 'config-absent', path })];
  return [ok('config', { kind: 'config-without-profile', path, profile })];
}
