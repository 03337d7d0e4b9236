import { exitCodeOf } from '../explain/catalogue.ts';
import { Failure } from '../failure.ts';
import { sectionsOf } from '../profile/profile-section.ts';
import type { Environment, Files } from '../world.ts';
import { type AwsFiles, chosenProfileOf } from './aws-files.ts';
import { type Finding, fail, failed, ok, warn } from './finding.ts';

/** A token file that SDKs are told to read, and who tells them. */
export interface NamedTokenFile {
  readonly path: string;
  /** A variable's name, the profile's, or both. */
  readonly source: string;
}

/** The token files that the environment and the chosen profile name. */
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

/** Whether a token file is there, can be read by this user and not by all, and ends as every SDK needs it. */
export function checkTokenFile({ path, source }: NamedTokenFile, files: Pick<Files, 'read' | 'isOpenToAll'>): Finding {
  try {
    const text = files.read(path)?.text;
    if (text === undefined) return fail('token-file', 4, { kind: 'token-file-gone', path, source });
    if (/[\r\n]$/.test(text)) throw new Failure({ kind: 'token-file-newline', path });
    if (files.isOpenToAll(path)) return warn('token-file', { kind: 'open-to-all', path, holds: 'a token' });
    return ok('token-file', { kind: 'token-file-good', path, source });
  } catch (error) {
    if (error instanceof Failure) return failed('token-file', exitCodeOf(error.facts), error.facts);
    throw error;
  }
}
