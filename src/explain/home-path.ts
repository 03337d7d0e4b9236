/** A path as people write it, `~` for HOME. */
export function homely(path: string, home: string | undefined): string {
  return home && path.startsWith(`${home}/`) ? `~${path.slice(home.length)}` : path;
}
