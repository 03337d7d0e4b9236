import { Failure } from '../failure.ts';
import type { TokenPlace } from '../request/login-request.ts';
import { type JobToken, parseJobToken } from '../token/job-token.ts';
import type { World } from '../world.ts';

/** Reads the token from where the request says. Throws `Failure` of the token and file kinds. */
export function readJobToken(place: TokenPlace, world: Pick<World, 'environment' | 'files'>): JobToken {
  if ('variable' in place) {
    const text = world.environment[place.variable]?.trim();
    if (!text) throw new Failure({ kind: 'token-missing', variable: place.variable });
    return parseJobToken(text, place);
  }
  const path = place.file;
  const file = world.files.read(path);
  if (file === undefined) throw new Failure({ kind: 'file-unusable', path, operation: 'read', code: 'ENOENT' });
  if (/[\r\n]$/.test(file.text)) throw new Failure({ kind: 'token-file-newline', path });
  return parseJobToken(file.text, place);
}
