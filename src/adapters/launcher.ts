/** The process's variables, which can be changed. */
type Variables = Record<string, string | undefined>;

/**
 * Returns the command that runs the script again: the launcher from `install.sh --slim` if it ran
 * it, else this Node. Removes the launcher's variables, and restores NODE_OPTIONS, which it hid
 * from this Node, for child processes.
 * @param argv Node's path, then the script's
 */
export function programOfScript(variables: Variables, argv: readonly string[]): readonly string[] {
  const { SEM_AWS_LOGIN_LAUNCHER: launcher, SEM_AWS_LOGIN_NODE_OPTIONS: options } = variables;
  delete variables['SEM_AWS_LOGIN_LAUNCHER'];
  delete variables['SEM_AWS_LOGIN_NODE_OPTIONS'];
  if (launcher === undefined) return argv.slice(0, 2);
  if (options !== undefined) variables['NODE_OPTIONS'] = options;
  return [launcher];
}
