import type { ByteText } from './byte-text.ts';

const SECRET_KEY = /^(\s*(?:aws_)?(?:secret\w*|session_token|security_token|access_key\w*)\s*[=:]).*$/i;
const LONG_RUN = /[A-Za-z0-9+/=]{20,}/g;
const SHOWN_LENGTH = 200;

/**
 * A line of a config file as it may be shown: a secret's value, and anything else as long as one, becomes `***` except
 * in a header; what is beyond 200 characters is cut off. Job logs mask nothing by themselves.
 */
export function shownLine(line: ByteText): ByteText {
  const start = line.slice(0, SHOWN_LENGTH);
  return start.startsWith('[') ? start : start.replace(SECRET_KEY, '$1 ***').replace(LONG_RUN, '***');
}
