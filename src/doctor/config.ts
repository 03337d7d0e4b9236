import { managingJobOfProfile, sectionsOf } from '../config-file/find.ts';
import type { DefectKind } from '../config-file/model.ts';
import { defectText } from '../config-file/model.ts';
import { joinWords, printable, quote } from '../text/quote.ts';
import type { Environment, Files, ReplacementLoss } from '../world/world.ts';
import { type AwsFiles, chosenProfileOf, type FoundFile, isInCredentials, openToAllText } from './aws-files.ts';
import { type FindingOf, makeFindings } from './finding.ts';

interface ProfileFacts {
  readonly path: string;
  readonly profile: string;
  readonly line: number;
  readonly job: string | undefined;
}

interface MissingProfileFacts {
  readonly profile: string;
  readonly variable: string;
  readonly paths: readonly string[];
}

/** The check of the config file and the credentials file. */
export const configFindings = makeFindings('config', {
  'config-good': ({ path, profile, line, job }: ProfileFacts) => ({
    headline: `${quote(path)} has the profile ${quote(profile)} in line ${line}${job === undefined ? '' : `, written by sem-aws-login for the job ${quote(job)}`}`,
  }),
  'config-absent': ({ path }: { readonly path: string | undefined }) => ({
    headline: path === undefined ? 'There is no HOME to hold a config file' : `There is no ${quote(path)} yet`,
  }),
  'config-without-profile': ({ path, profile }: { readonly path: string; readonly profile: string }) => ({
    headline: `${quote(path)} can be read, and has no profile ${quote(profile)}`,
  }),
  'profile-missing': ({ profile, variable, paths }: MissingProfileFacts) => ({
    headline: `${variable} names the profile ${quote(profile)}, which does not exist`,
    cause: `Neither of the shared files has it: ${joinWords(paths.map(quote))}. Most AWS tools end with an error then.`,
    remedies: [`Log in with that name (--profile ${printable(profile)}), or unset ${variable}.`],
  }),
  'file-defect': ({ path, line, why }: { readonly path: string; readonly line: number; readonly why: DefectKind }) => ({
    headline: `${quote(path)}, line ${line}, ${defectText[why]}`,
    cause: 'Some AWS tools refuse the whole file then, others read it otherwise than the rest.',
    remedies: ['Mend that line, or give the job its own file: --isolated'],
  }),
  'config-read-only': ({ path }: { readonly path: string }) => ({
    headline: `${quote(path)} cannot be written by this user`,
    cause: 'A login then keeps a private config file for the job, which only exported variables lead to.',
    remedies: ['Log in as a command of its own: source "$(sem-aws-login --role-arn ARN)"'],
  }),
  'config-not-replaceable': ({ path, loss }: { readonly path: string; readonly loss: ReplacementLoss }) => ({
    headline: `${quote(path)} has ${lossText[loss]}`,
    cause:
      'A login does not replace such a file. It keeps a private config file for the job, which only exported variables lead to.',
    remedies: ['Log in as a command of its own: source "$(sem-aws-login --role-arn ARN)"'],
  }),
  'open-to-all': openToAllText,
});

const lossText: Readonly<Record<ReplacementLoss, string>> = {
  'hard-links': 'hard links',
  'foreign-owner': 'an owner or group that cannot be kept',
  'access-list': 'an access list',
};

type ConfigFiles = Pick<Files, 'isWritable' | 'whyNotReplaceable' | 'isOpenToAll'>;

/** Checks whether every SDK can read the files, no one else can read keys in them, and the profile that this job uses exists. */
export function checkConfig(
  awsFiles: AwsFiles,
  environment: Environment,
  files: ConfigFiles,
): FindingOf<typeof configFindings>[] {
  return [
    ...faultsOf(awsFiles.config),
    ...faultsOf(awsFiles.credentials),
    ...permissionsOf(awsFiles, files),
    ...profileFinding(awsFiles, environment),
  ];
}

function permissionsOf({ config, credentials }: AwsFiles, files: ConfigFiles): FindingOf<typeof configFindings>[] {
  const findings: FindingOf<typeof configFindings>[] = [];
  if (config.path !== undefined && config.failure === undefined) {
    const loss = files.whyNotReplaceable(config.path);
    if (!files.isWritable(config.path)) findings.push(configFindings.warn('config-read-only', { path: config.path }));
    else if (loss !== undefined)
      findings.push(configFindings.warn('config-not-replaceable', { path: config.path, loss }));
  }
  const { path, file } = credentials;
  const hasKeys = file?.sections.some(({ keys }) => keys.some(({ name }) => name === 'aws_secret_access_key'));
  if (path !== undefined && hasKeys === true && files.isOpenToAll(path))
    findings.push(configFindings.warn('open-to-all', { path, holds: 'keys' }));
  return findings;
}

function faultsOf({ path, file, failure }: FoundFile): FindingOf<typeof configFindings>[] {
  if (failure !== undefined) return [configFindings.failed(failure)];
  if (file === undefined || path === undefined) return [];
  return file.defects.map(({ why, line }) => configFindings.warn('file-defect', { path, line, why }));
}

function profileFinding(awsFiles: AwsFiles, environment: Environment): FindingOf<typeof configFindings>[] {
  const { config, credentials } = awsFiles;
  const { name: profile, variable } = chosenProfileOf(environment);
  const { path, file } = config;
  if (config.failure !== undefined) return [];
  const [section] = file === undefined ? [] : sectionsOf(file, profile);
  if (file !== undefined && section !== undefined && path !== undefined) {
    const job = managingJobOfProfile(file, profile);
    return [configFindings.ok('config-good', { path, profile, line: section.line, job })];
  }
  if (variable !== undefined && !isInCredentials(awsFiles, profile)) {
    const paths = [config.path, credentials.path].filter((one) => one !== undefined);
    return [configFindings.fail(4, 'profile-missing', { profile, variable, paths })];
  }
  if (file === undefined || path === undefined) return [configFindings.ok('config-absent', { path })];
  return [configFindings.ok('config-without-profile', { path, profile })];
}
