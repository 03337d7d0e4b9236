/** A process's own variables, which can be taken away and given back. */
type Variables = Record<string, string | undefined>;

/**
 * How the script is called again: by the launcher that `install.sh --slim` made, if it was that which ran it, else by this Node. Takes
 * the launcher's two variables away, and gives NODE_OPTIONS back, which it kept from Node: they are a child's again.
 * @param argv as Node has it: Node's path, then the script's
 */
export function programOfScript(variables: Variables, argv: readonly string[]): readonly string[] {
  const { SEM_AWS_LOGIN_LAUNCHER: launcher, SEM_AWS_LOGIN_NODE_OPTIONS: options } = variables;
  delete variables['SEM_AWS_LOGIN_LAUNCHER'];
  delete variables['SEM_AWS_LOGIN_NODE_OPTIONS'];
  if (launcher === undefined) return argv.slice(0, 2);
  if (options !== undefined) variables['NODE_OPTIONS'] = options;
  return [launcher];
}
