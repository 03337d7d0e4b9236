import { execFileSync } from 'node:child_process';
import process, { geteuid } from 'node:process';
import { skipped } from '../skips.ts';

/** A user without a name, as Kubernetes hands them out. */
const uid = 54_321;

/** How to run the program as somebody who is not root and has no entry in `/etc/passwd`; undefined, and said, where that cannot be done. */
export function asStranger(suite: string): { readonly uid: number; readonly wrapper: readonly string[] } | undefined {
  const wrapper = ['setpriv', '--reuid', `${uid}`, '--regid', `${uid}`, '--clear-groups'];
  if (geteuid?.() === 0 && works([...wrapper, 'true'])) return { uid, wrapper };
  if (suite !== '') skipped(suite, 'only root can run a program as another user, with setpriv');
  return undefined;
}

/** How to run the program with HOME on a file system that is mounted read-only; undefined, and said, where that cannot be done. */
export function onReadOnlyHome(suite: string): readonly string[] | undefined {
  const script = 'mount --bind "$HOME" "$HOME" && mount -o remount,bind,ro "$HOME" && exec "$@"';
  const wrapper = ['unshare', '--mount', 'bash', '-c', script, 'bash'];
  if (works(['unshare', '--mount', 'true'])) return wrapper;
  skipped(suite, 'no mounts of one’s own here');
  return undefined;
}

/**
 * How to run the program with a HOME of two pages that holds a config file of `text`; whoever is run tells on stderr what stands there
 * afterwards. Undefined, and said, where that cannot be done.
 */
export function onFullHome(suite: string, text: string): readonly string[] | undefined {
  const script =
    'mount -t tmpfs -o size=8k tmpfs "$HOME" && mkdir "$HOME/.aws" && printf %s "$0" > "$HOME/.aws/config" || exit 99; ' +
    '"$@"; code=$?; (cd "$HOME" && find . -type f -printf "%p " -exec cat {} \\;) >&2; exit $code';
  const wrapper = ['unshare', '--mount', 'bash', '-c', script, text];
  if (works(['unshare', '--mount', 'true'])) return wrapper;
  skipped(suite, 'no mounts of one’s own here');
  return undefined;
}

/** How to run the program where there is no network at all; undefined, and said, where that cannot be done. */
export function withoutNetwork(suite: string): readonly string[] | undefined {
  const wrapper = ['unshare', '--net'];
  if (works([...wrapper, 'true'])) return wrapper;
  skipped(suite, 'no network of one’s own here');
  return undefined;
}

/**
 * How to run the program as a job's shell does: in a session whose leader is a shell. A test run in a
 * container can have none, and a login without one knows no process that it is for.
 */
export const underJobShell: readonly string[] =
  process.platform === 'linux' ? ['setsid', '--wait', 'bash', '-c', '"$@"; exit $?', 'bash'] : [];

function works([command = '', ...args]: readonly string[]): boolean {
  try {
    execFileSync(command, args, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** How to run the program where `/bin/sh` cannot be run; undefined, and reported, where that cannot be done. */
export function withoutShell(suite: string): readonly string[] | undefined {
  const script = 'mount --bind /dev/null "$(realpath /bin/sh)" && exec "$@"';
  const wrapper = ['unshare', '--mount', 'bash', '-c', script, 'bash'];
  if (process.platform === 'linux' && works(['unshare', '--mount', 'true'])) return wrapper;
  skipped(suite, 'no mounts of one’s own here');
  return undefined;
}
