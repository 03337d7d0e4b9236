import { defectText } from '../config-file/model.ts';
import { joinWords, printable, quote } from '../text/quote.ts';
import type { FindingTextsOf } from './finding.ts';

/** Files on this machine, and the `cache` command. */
export const fileFindings: FindingTextsOf<
  | 'config-good'
  | 'config-absent'
  | 'config-without-profile'
  | 'profile-missing'
  | 'file-defect'
  | 'config-read-only'
  | 'open-to-all'
  | 'token-file-good'
  | 'token-file-gone'
  | 'no-leftovers'
  | 'leftover-directories'
  | 'foreign-section'
  | 'cache-elsewhere'
  | 'cache-has-profile'
  | 'cache-lacks-profile'
  | 'cache-uses-default'
> = {
  'config-good': ({ path, profile, line, job }) => ({
    headline: `${quote(path)} has the profile ${quote(profile)} in line ${line}${job === undefined ? '' : `, written by sem-aws-login for the job ${quote(job)}`}`,
  }),
  'config-absent': ({ path }) => ({
    headline: path === undefined ? 'There is no HOME to hold a config file' : `There is no ${quote(path)} yet`,
  }),
  'config-without-profile': ({ path, profile }) => ({
    headline: `${quote(path)} can be read, and has no profile ${quote(profile)}`,
  }),
  'profile-missing': ({ profile, variable, paths }) => ({
    headline: `${variable} names the profile ${quote(profile)}, which does not exist`,
    cause: `Neither of the shared files has it: ${joinWords(paths.map(quote))}. Most AWS tools end with an error then.`,
    remedies: [`Log in with that name (--profile ${printable(profile)}), or unset ${variable}.`],
  }),
  'file-defect': ({ path, line, why }) => ({
    headline: `${quote(path)}, line ${line}, ${defectText[why]}`,
    cause: 'Some AWS tools refuse the whole file then, others read it otherwise than the rest.',
    remedies: ['Mend that line, or give the job its own file: --isolated'],
  }),
  'config-read-only': ({ path }) => ({
    headline: `${quote(path)} cannot be written by this user`,
    cause: 'A login then keeps a private config file for the job, which only exported variables lead to.',
    remedies: ['Log in as a command of its own: source "$(sem-aws-login --role-arn ARN)"'],
  }),
  'open-to-all': ({ path, holds }) => ({
    headline: `${quote(path)} holds ${holds}, and everyone on this machine may read it`,
    cause: 'Other users, and other jobs on a self-hosted agent, could act as this one.',
    remedies: [`Take that away: chmod 600 ${printable(path)}`],
  }),
  'token-file-good': ({ path, source }) => ({
    headline: `${quote(path)}, named by ${printable(source)}, can be read`,
  }),
  'token-file-gone': ({ path, source }) => ({
    headline: `${quote(path)}, named by ${printable(source)}, is not there`,
    cause: 'Every AWS tool that reads it ends with an error. The job that wrote it may have ended.',
    remedies: ['Log in again: source "$(sem-aws-login --role-arn ARN)"'],
  }),
  'no-leftovers': () => ({ headline: 'No other job has left anything of sem-aws-login here' }),
  'leftover-directories': ({ paths }) => ({
    headline: `Ended jobs have left ${paths.length === 1 ? 'a directory' : `${paths.length} directories`}`,
    cause: `${joinWords(paths.map(quote))}. Their tokens have ended.`,
    remedies: ['The next login removes them, together with the profiles that point there.'],
  }),
  'foreign-section': ({ path, profile, line, job }) => ({
    headline: `${quote(path)}, line ${line}: the profile ${quote(profile)} is another job's`,
    cause: `It was written ${job === undefined ? 'by an unknown job' : `for the job ${quote(job)}`}, and points to that job's token: jobs on this machine share the file.`,
    remedies: ['Give each job its own file: leave out --shared-config.'],
  }),
  'cache-elsewhere': ({ backend }) => ({
    headline:
      backend === undefined
        ? '"cache" does not use S3'
        : `"cache" uses ${quote(backend)}, which AWS credentials do not matter to`,
  }),
  'cache-has-profile': ({ profile }) => ({ headline: `"cache" uses S3 with the profile ${quote(profile)}` }),
  'cache-lacks-profile': ({ profile }) => ({
    headline: `"cache" uses S3 with the profile ${quote(profile)}, which does not exist`,
    cause: 'SEMAPHORE_CACHE_AWS_PROFILE names it; the command may end without an error and store nothing.',
    remedies: [`Log in with that name (--profile ${printable(profile)}), or unset SEMAPHORE_CACHE_AWS_PROFILE.`],
  }),
  'cache-uses-default': () => ({
    headline: '"cache" uses S3 with whatever this job is logged in as',
    cause: 'It follows the default profile and the AWS variables, so it needs the role to reach its bucket.',
    remedies: ['To keep its own profile: SEMAPHORE_CACHE_AWS_PROFILE=NAME'],
  }),
};
