import { Failure } from '../failure.ts';
import { longestPolicy } from '../request/session-wishes.ts';
import type { Files } from '../world.ts';

/** A session policy's text, as it will be sent; undefined where none is wanted. Throws `session-policy-invalid` and the file kinds. */
export function readSessionPolicy(path: string | undefined, files: Pick<Files, 'read'>): string | undefined {
  if (path === undefined) return undefined;
  const file = files.read(path);
  if (file === undefined) throw new Failure({ kind: 'file-unusable', path, operation: 'read', code: 'ENOENT' });
  const text = Buffer.from(file.text, 'latin1').toString('utf8');
  const refuse = (problem: string): never => {
    throw new Failure({ kind: 'session-policy-invalid', path, problem });
  };
  const policy = parseJson(text) ?? refuse('it is not JSON');
  if (typeof policy !== 'object' || !('Statement' in policy)) refuse('it has no "Statement"');
  if (text.length > longestPolicy) {
    const bare = JSON.stringify(policy).length;
    refuse(`it has ${text.length} characters, ${bare} without white space, and STS takes ${longestPolicy}`);
  }
  return text;
}

function parseJson(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return undefined;
  }
}
