/**
 * Quotes a value for bash, dash and zsh as Semaphore's own env file does: only if needed, in single
 * quotes, each quote as `'"'"'` (https://github.com/semaphoreci/agent, pkg/api/env_var.go).
 */
export function quoteForBash(value: string): string {
  // zsh expands "=ls" to a program's path, at the start and after a colon.
  if (/^[A-Za-z0-9_@%+=:,./-]+$/.test(value) && !/(?:^|:)=/.test(value)) return value;
  return inSingleQuotes(value);
}

/**
 * Quotes a value for the same shells, even if it needs no quotes, for commands that people read.
 */
export function inSingleQuotes(value: string): string {
  return `'${value.replaceAll("'", `'"'"'`)}'`;
}

/** Quotes a value for PowerShell: in single quotes, where `$` and backticks are literal. */
export function quoteForPowerShell(value: string): string {
  // PowerShell reads typographic quotes as single quotes, too.
  return `'${value.replace(/['\u2018-\u201b]/g, '$&$&')}'`;
}
