import { Failure } from '../failure.ts';
import { fromByteText } from '../profile/byte-text.ts';
import { parsedJson, recordOf } from '../request/json-value.ts';
import { longestPolicy } from '../request/session-wishes.ts';
import type { Files } from '../world.ts';

/**
 * A session policy's text, as it will be sent; undefined where none is wanted. Throws `session-policy-invalid`. Its limits:
 * https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html, parameter Policy.
 */
export function readSessionPolicy(path: string | undefined, files: Pick<Files, 'read'>): string | undefined {
  if (path === undefined) return undefined;
  const refuse = (problem: string): never => {
    throw new Failure({ kind: 'session-policy-invalid', path, problem });
  };
  const file = textOf(path, files);
  if ('problem' in file) return refuse(file.problem);
  const { text } = file;
  const policy = parsedJson(text);
  if (policy === undefined) refuse('it is not JSON');
  if (!('Statement' in recordOf(policy))) refuse('it has no "Statement"');
  const strange = /[^\t\n\r\u0020-\u00ff]/u.exec(text)?.[0];
  if (strange !== undefined)
    refuse(`it has the character "${strange}", and STS takes those up to U+00FF only; JSON can write it as \\uXXXX`);
  if (text.length > longestPolicy) refuse(tooLongText(text, JSON.stringify(policy)));
  return text;
}

function textOf(path: string, files: Pick<Files, 'read'>): { readonly text: string } | { readonly problem: string } {
  try {
    const file = files.read(path);
    if (file !== undefined) return { text: fromByteText(file.text) };
    return { problem: 'it is not there' };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const { facts } = error;
    const why = facts.kind === 'file-unusable' ? facts.code : 'it is not a file';
    return { problem: `it cannot be read (${why})` };
  }
}

function tooLongText(text: string, bare: string): string {
  const limit = `it has ${text.length} characters, and STS takes ${longestPolicy}`;
  return bare.length <= longestPolicy
    ? `${limit}; without white space it would have ${bare.length} (jq -c . FILE)`
    : `${limit}; even without white space it has ${bare.length}`;
}
