/**
 * An address that a variable gives, as a message may show it: whole if it is at most a scheme, a host and a port, otherwise not at all.
 * What cannot be read as a URL may be a user and a password in any shape (`user:password`, `host:port:user:password`), so that
 * looking for an "@" is not enough.
 */
export function shownAddress(value: string): string {
  const isPlain = /^(?:[a-z][a-z0-9+.-]*:\/\/)?(?:[\w.-]*|\[[0-9a-f:.]*\])(?::\d{1,5})?\/?$/i.test(value);
  return isPlain ? value : '(not shown, since it may hold a password)';
}
