import type { ByteText } from './byte-text.ts';

const secretKey = /^(\s*(?:aws_)?(?:secret\w*|session_token|security_token|access_key\w*)\s*[=:]).*/is;
const longRun = /[A-Za-z0-9+/=]{20,}/g;
const shownLength = 200;

/**
 * A line of a config file as it may be shown: a secret's value, and anything else as long as one, becomes `***` except
 * in a header; what is beyond 200 characters is cut off. Job logs mask nothing by themselves.
 */
export function shownLine(line: ByteText): ByteText {
  const start = line.slice(0, shownLength);
  return start.startsWith('[') ? start : start.replace(secretKey, '$1 ***').replace(longRun, '***');
}
