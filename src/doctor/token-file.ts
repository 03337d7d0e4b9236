import { sectionsOf } from '../config-file/find.ts';
import { Failure } from '../failure.ts';
import { printable, quote } from '../text/quote.ts';
import type { Environment, Files } from '../world/world.ts';
import { type AwsFiles, chosenProfileOf, openToAllText } from './aws-files.ts';
import { type FindingOf, failureIn, makeFindings } from './finding.ts';
import type { JobLogin } from './job-login.ts';

/** A token file that SDKs read, and what sets its path. */
export interface NamedTokenFile {
  readonly path: string;
  /** A variable, a profile, or both. */
  readonly source: string;
}

/** The check of the token files that SDKs read. */
export const tokenFileFindings = makeFindings('token-file', {
  'token-file-good': ({ path, source }: NamedTokenFile) => ({
    headline: `The token file of ${printable(source)} can be read: ${quote(path)}`,
  }),
  'token-file-gone': ({ path, source, loginLine }: NamedTokenFile & { readonly loginLine: string }) => ({
    headline: `The token file of ${printable(source)} does not exist: ${quote(path)}`,
    cause: 'AWS clients that read it fail. The job that wrote it has probably ended.',
    steps: [{ intro: 'Log in again:', lines: [loginLine] }],
  }),
  'open-to-all': openToAllText,
});

/** Returns the token files of the environment and of the chosen profile. */
export function namedTokenFilesOf({ config }: AwsFiles, environment: Environment): NamedTokenFile[] {
  const named: NamedTokenFile[] = [];
  const variable = environment['AWS_WEB_IDENTITY_TOKEN_FILE'];
  if (variable) named.push({ path: variable, source: 'AWS_WEB_IDENTITY_TOKEN_FILE' });
  const { name } = chosenProfileOf(environment);
  const keys = config.file === undefined ? [] : sectionsOf(config.file, name).flatMap((section) => section.keys);
  const path = keys.find((key) => key.name === 'web_identity_token_file')?.value;
  const source = `profile "${name}"`;
  if (path === undefined || path === '') return named;
  if (path === variable) return [{ path, source: `AWS_WEB_IDENTITY_TOKEN_FILE and ${source}` }];
  return [...named, { path, source }];
}

/** Checks that a token file exists, only this user can read it, and it does not end with a newline, as SDKs need it. */
export function checkTokenFile(
  { path, source }: NamedTokenFile,
  login: JobLogin,
  files: Pick<Files, 'read' | 'isOpenToAll'>,
): FindingOf<typeof tokenFileFindings> {
  try {
    const text = files.read(path);
    if (text === undefined)
      return tokenFileFindings.fail(4, 'token-file-gone', { path, source, loginLine: login.line() });
    if (/[\r\n]$/.test(text)) throw new Failure({ kind: 'token-file-newline', path });
    if (files.isOpenToAll(path)) return tokenFileFindings.warn('open-to-all', { path, holds: 'a token' });
    return tokenFileFindings.ok('token-file-good', { path, source });
  } catch (error) {
    return tokenFileFindings.failed(failureIn(error));
  }
}
