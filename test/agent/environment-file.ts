const PLAIN = /^[A-Za-z0-9_@%+=:,./-]+$/;

/**
 * One value as the Semaphore agent quotes it: bare where it is plain, `''` where it is empty, else in single quotes
 * with each `'` written as `'"'"'`.
 */
const quotedValue = (value: string): string => {
  if (value === '') return "''";
  return PLAIN.test(value) ? value : `'${value.replaceAll("'", `'"'"'`)}'`;
};

/** The text of the agent's own environment file: one `export NAME=VALUE` line for each variable, in the order given. */
export const environmentFileOf = (variables: Readonly<Record<string, string>>): string =>
  Object.entries(variables)
    .map(([name, value]) => `export ${name}=${quotedValue(value)}\n`)
    .join('');
