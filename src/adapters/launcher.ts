type Variables = Record<string, string | undefined>;

/**
 * Returns the command that runs the script again: the launcher of `install.sh --slim` if there is
 * one, else this Node. Removes the launcher's variables, and restores the NODE_OPTIONS that it hid.
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
