import { longestSessionPolicy } from '../aws/limits.ts';
import { Failure, type FailureFacts } from '../failure.ts';
import { fromByteText } from '../text/byte-text.ts';
import { parsedJson, recordOf } from '../text/json.ts';
import type { Files } from '../world/world.ts';

/**
 * Reads a file that the user named, as UTF-8. Throws `Failure` of the file kinds, also if missing.
 */
export function readUserText(path: string, files: Pick<Files, 'read'>): string {
  const text = files.read(path);
  if (text === undefined) throw new Failure({ kind: 'file-unusable', path, operation: 'read', code: 'ENOENT' });
  return fromByteText(text);
}

/** `text` is also undefined for a missing file. */
export interface LenientReading {
  readonly text: string | undefined;
  readonly isReadable: boolean;
}

/**
 * Reads a file that the login does not write. If this user cannot read it, no SDK can: ignore it.
 */
export function readIfPossible(path: string, files: Pick<Files, 'read'>): LenientReading {
  try {
    return { text: files.read(path), isReadable: true };
  } catch (error) {
    if (error instanceof Failure) return { text: undefined, isReadable: false };
    throw error;
  }
}

/**
 * Reads a session policy as it will be sent. Throws `session-policy-invalid`.
 * @see https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html (parameter Policy)
 */
export function readSessionPolicy(path: string | undefined, files: Pick<Files, 'read'>): string | undefined {
  if (path === undefined) return undefined;
  const refuse = (problem: string): never => {
    throw new Failure({ kind: 'session-policy-invalid', path, problem });
  };
  const file = policyTextOf(path, files);
  if ('problem' in file) return refuse(file.problem);
  const { text } = file;
  const policy = parsedJson(text);
  if (policy === undefined) refuse('it is not JSON');
  if (!('Statement' in recordOf(policy))) refuse('it has no "Statement"');
  const strange = /[^\t\n\r\u0020-\u00ff]/u.exec(text)?.[0];
  if (strange !== undefined)
    refuse(`it has the character "${strange}", and STS takes those up to U+00FF only; JSON can write it as \\uXXXX`);
  if (text.length > longestSessionPolicy) refuse(tooLongText(text, JSON.stringify(policy)));
  return text;
}

function policyTextOf(
  path: string,
  files: Pick<Files, 'read'>,
): { readonly text: string } | { readonly problem: string } {
  try {
    const text = files.read(path);
    if (text !== undefined) return { text: fromByteText(text) };
    return { problem: 'it does not exist' };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return { problem: `it cannot be read (${whyUnreadable(error.facts)})` };
  }
}

function whyUnreadable(facts: FailureFacts): string {
  if (facts.kind === 'file-unusable') return facts.code;
  return facts.kind === 'file-too-large' ? 'it is too large' : 'it is not a file';
}

function tooLongText(text: string, bare: string): string {
  const limit = `it has ${text.length} characters, and STS takes ${longestSessionPolicy}`;
  return bare.length <= longestSessionPolicy
    ? `${limit}; without white space it would have ${bare.length} (jq -c . FILE)`
    : `${limit}; even without white space it has ${bare.length}`;
}
