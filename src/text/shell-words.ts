/**
 * A value as bash, dash and zsh read it back unchanged, in the form Semaphore's own env file has: bare where nothing in it is special,
 * else in single quotes with each quote written `'"'"'` (https://github.com/semaphoreci/agent, pkg/api/env_var.go).
 */
export function quoteForBash(value: string): string {
  // zsh puts a program's path in the place of "=ls", at the start and after a colon.
  if (/^[A-Za-z0-9_@%+=:,./-]+$/.test(value) && !/(?:^|:)=/.test(value)) return value;
  return `'${value.replaceAll("'", `'"'"'`)}'`;
}

/** A value as PowerShell reads it back unchanged: single quotes, each quote in it doubled, so that neither `$` nor a backtick means anything. */
export function quoteForPowerShell(value: string): string {
  // PowerShell takes the typographic quotes for single quotes too.
  return `'${value.replace(/['\u2018-\u201b]/g, '$&$&')}'`;
}
