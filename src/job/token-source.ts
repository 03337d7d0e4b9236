import { Failure } from '../failure.ts';
import type { TokenPlace } from '../request/login-request.ts';
import { type JobToken, parseJobToken } from '../token/job-token.ts';
import type { World } from '../world.ts';

/** Reads the token from where the request says. Throws `Failure` of the token and file kinds. */
export function readJobToken(place: TokenPlace, world: Pick<World, 'environment' | 'files'>): JobToken {
  if ('variable' in place) {
    const text = world.environment[place.variable]?.trim();
    if (!text) {
      const inJob = world.environment['SEMAPHORE_JOB_ID'] !== undefined;
      throw new Failure({ kind: 'token-missing', variable: place.variable, inJob });
    }
    return parseJobToken(text, place);
  }
  const path = place.file;
  const text = readTokenFile(path, world.files);
  if (/[\r\n]$/.test(text)) throw new Failure({ kind: 'token-file-newline', path });
  return parseJobToken(text, place);
}

function readTokenFile(path: string, files: Pick<World['files'], 'read'>): string {
  const text = attemptToRead(path, files);
  if (text === undefined) throw new Failure({ kind: 'token-file-unusable', path, code: 'ENOENT' });
  return text;
}

function attemptToRead(path: string, files: Pick<World['files'], 'read'>): string | undefined {
  try {
    return files.read(path)?.text;
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const { facts } = error;
    throw new Failure({
      kind: 'token-file-unusable',
      path,
      code: facts.kind === 'file-unusable' ? facts.code : 'not a file',
    });
  }
}
