const PLAIN = /^[A-Za-z0-9_@%+=:,./-]+$/;

/** Quotes a value as the agent does: plain values not at all, others in single quotes. */
const quotedValue = (value: string): string => {
  if (value === '') return "''";
  return PLAIN.test(value) ? value : `'${value.replaceAll("'", `'"'"'`)}'`;
};

/** Returns the agent's environment file: one `export NAME=VALUE` line for each variable. */
export const environmentFileOf = (variables: Readonly<Record<string, string>>): string =>
  Object.entries(variables)
    .map(([name, value]) => `export ${name}=${quotedValue(value)}\n`)
    .join('');
