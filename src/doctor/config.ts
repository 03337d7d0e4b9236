import { managingJobOfProfile, sectionsOf } from '../config-file/find.ts';
import type { DefectKind } from '../config-file/model.ts';
import { defectText } from '../config-file/model.ts';
import { joinWords, printable, quote } from '../text/quote.ts';
import type { Environment, Files, ReplacementLoss } from '../world/world.ts';
import { type AwsFiles, chosenProfileOf, type FoundFile, isInCredentials, openToAllText } from './aws-files.ts';
import { type FindingOf, type FindingText, makeFindings } from './finding.ts';
import type { JobLogin } from './job-login.ts';

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

interface NotReplaceableFacts {
  readonly path: string;
  readonly loss: ReplacementLoss;
  readonly loginLine: string;
}

/** The check of the config file and the credentials file. */
export const configFindings = makeFindings('config', {
  'config-good': ({ path, profile, line, job }: ProfileFacts) => ({
    headline: `Profile ${quote(profile)} is in ${quote(path)}, line ${line}${job === undefined ? '' : `, written by sem-aws-login for job ${quote(job)}`}`,
  }),
  'config-absent': ({ path }: { readonly path: string | undefined }) => ({
    headline: path === undefined ? 'HOME is not set, so there is no config file' : `${quote(path)} does not exist yet`,
  }),
  'config-without-profile': ({ path, profile }: { readonly path: string; readonly profile: string }) => ({
    headline: `${quote(path)} is valid, and has no profile ${quote(profile)}`,
  }),
  'profile-missing': ({ profile, variable, paths }: MissingProfileFacts) => ({
    headline: `${variable} is ${quote(profile)}, a profile that does not exist`,
    cause: `The profile is not in ${joinWords(paths.map(quote), 'or')}. Most AWS clients fail.`,
    steps: [
      {
        intro: `Log in with ${`--profile ${printable(profile)}`}, or use the default profile:`,
        lines: [`unset ${variable}`],
      },
    ],
  }),
  'file-defect': ({ path, line, why }: { readonly path: string; readonly line: number; readonly why: DefectKind }) => ({
    headline: `${quote(path)}, line ${line}, ${defectText[why]}`,
    cause: 'Some AWS clients reject the file, or read it differently from the others.',
    remedies: ['Correct the line, or log in with --isolated, which writes a private config file.'],
  }),
  'config-read-only': ({ path, loginLine }: { readonly path: string; readonly loginLine: string }) => ({
    headline: `This user cannot write ${quote(path)}`,
    ...privateConfigText(loginLine),
  }),
  'config-not-replaceable': ({ path, loss, loginLine }: NotReplaceableFacts) => ({
    headline: `A login cannot replace ${quote(path)}, which has ${lossText[loss]}`,
    ...privateConfigText(loginLine),
  }),
  'open-to-all': openToAllText,
});

function privateConfigText(loginLine: string): Pick<FindingText, 'cause' | 'steps'> {
  return {
    cause: 'A login writes a private config file instead. AWS clients find it only if the env file is sourced.',
    steps: [{ intro: 'Log in with source:', lines: [loginLine] }],
  };
}

const lossText: Readonly<Record<ReplacementLoss, string>> = {
  'hard-links': 'hard links',
  'foreign-owner': 'an owner or group that cannot be kept',
  'access-list': 'an access list',
};

type ConfigFiles = Pick<Files, 'isWritable' | 'whyNotReplaceable' | 'isOpenToAll'>;

/** Checks that every SDK can read the files, no other user can read keys in them, and the chosen profile exists. */
export function checkConfig(
  awsFiles: AwsFiles,
  environment: Environment,
  login: JobLogin,
  files: ConfigFiles,
): FindingOf<typeof configFindings>[] {
  return [
    ...faultsOf(awsFiles.config),
    ...faultsOf(awsFiles.credentials),
    ...permissionsOf(awsFiles, login, files),
    ...profileFinding(awsFiles, environment),
  ];
}

function permissionsOf(
  { config, credentials }: AwsFiles,
  login: JobLogin,
  files: ConfigFiles,
): FindingOf<typeof configFindings>[] {
  const findings: FindingOf<typeof configFindings>[] = [];
  if (config.path !== undefined && config.failure === undefined) {
    const loss = files.whyNotReplaceable(config.path);
    const facts = { path: config.path, loginLine: login.line() };
    if (!files.isWritable(config.path)) findings.push(configFindings.warn('config-read-only', facts));
    else if (loss !== undefined) findings.push(configFindings.warn('config-not-replaceable', { ...facts, loss }));
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
