import { sectionsOf } from '../config-file/find.ts';
import { Failure } from '../failure.ts';
import { printable, quote } from '../text/quote.ts';
import type { Environment, Files } from '../world/world.ts';
import { type AwsFiles, chosenProfileOf, openToAllText } from './aws-files.ts';
import { type FindingOf, failureIn, makeFindings } from './finding.ts';

/** A token file that SDKs read, and what names it. */
export interface NamedTokenFile {
  readonly path: string;
  /** A variable, a profile, or both. */
  readonly source: string;
}

/** The check of the files that SDKs read a token from. */
export const tokenFileFindings = makeFindings('token-file', {
  'token-file-good': ({ path, source }: NamedTokenFile) => ({
    headline: `${quote(path)}, named by ${printable(source)}, can be read`,
  }),
  'token-file-gone': ({ path, source }: NamedTokenFile) => ({
    headline: `${quote(path)}, named by ${printable(source)}, is not there`,
    cause: 'Every AWS tool that reads it ends with an error. The job that wrote it may have ended.',
    remedies: ['Log in again: source "$(sem-aws-login --role-arn ARN)"'],
  }),
  'open-to-all': openToAllText,
});

/** Returns the token files that the environment and the chosen profile name. */
export function namedTokenFilesOf({ config }: AwsFiles, environment: Environment): NamedTokenFile[] {
  const named: NamedTokenFile[] = [];
  const variable = environment['AWS_WEB_IDENTITY_TOKEN_FILE'];
  if (variable) named.push({ path: variable, source: 'AWS_WEB_IDENTITY_TOKEN_FILE' });
  const { name } = chosenProfileOf(environment);
  const keys = config.file === undefined ? [] : sectionsOf(config.file, name).flatMap((section) => section.keys);
  const path = keys.find((key) => key.name === 'web_identity_token_file')?.value;
  const source = `the profile "${name}"`;
  if (path === undefined || path === '') return named;
  if (path === variable) return [{ path, source: `AWS_WEB_IDENTITY_TOKEN_FILE and ${source}` }];
  return [...named, { path, source }];
}

/** Checks whether a token file exists, only this user can read it, and it ends as every SDK needs it. */
export function checkTokenFile(
  { path, source }: NamedTokenFile,
  files: Pick<Files, 'read' | 'isOpenToAll'>,
): FindingOf<typeof tokenFileFindings> {
  try {
    const text = files.read(path);
    if (text === undefined) return tokenFileFindings.fail(4, 'token-file-gone', { path, source });
    if (/[\r\n]$/.test(text)) throw new Failure({ kind: 'token-file-newline', path });
    if (files.isOpenToAll(path)) return tokenFileFindings.warn('open-to-all', { path, holds: 'a token' });
    return tokenFileFindings.ok('token-file-good', { path, source });
  } catch (error) {
    return tokenFileFindings.failed(failureIn(error));
  }
}
