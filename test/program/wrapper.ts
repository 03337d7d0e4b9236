import { execFileSync } from 'node:child_process';
import process, { geteuid } from 'node:process';
import { skipped } from '../skips.ts';
import { program } from './program.ts';

/** A user without an entry in `/etc/passwd`, as in Kubernetes. */
const uid = 54_321;

/**
 * Returns a command that runs the program as another user, without an entry in `/etc/passwd`. Only
 * root can do that: else undefined, and `suite` is reported as skipped.
 */
export function asStranger(suite: string): { readonly uid: number; readonly wrapper: readonly string[] } | undefined {
  const wrapper = ['setpriv', '--reuid', `${uid}`, '--regid', `${uid}`, '--clear-groups'];
  if (geteuid?.() === 0 && works([...wrapper, 'true'])) return { uid, wrapper };
  if (suite !== '') skipped(suite, 'only root can run a program as another user, with setpriv');
  return undefined;
}

/**
 * Returns a command that runs the program with a HOME on a read-only file system. Undefined, and
 * `suite` reported as skipped, if mounts are not allowed.
 */
export function onReadOnlyHome(suite: string): readonly string[] | undefined {
  const script = 'mount --bind "$HOME" "$HOME" && mount -o remount,bind,ro "$HOME" && exec "$@"';
  const wrapper = ['unshare', '--mount', 'bash', '-c', script, 'bash'];
  if (works(['unshare', '--mount', 'true'])) return wrapper;
  skipped(suite, 'this process is not allowed to mount');
  return undefined;
}

/**
 * Returns a command that runs the program with a HOME of two pages, with this text in its config
 * file, and then prints HOME's files to stderr. Undefined, and `suite` reported as skipped, if
 * mounts are not allowed.
 */
export function onFullHome(suite: string, text: string): readonly string[] | undefined {
  const script =
    'mount -t tmpfs -o size=8k tmpfs "$HOME" && mkdir "$HOME/.aws" && printf %s "$0" > "$HOME/.aws/config" || exit 99; ' +
    '"$@"; code=$?; (cd "$HOME" && find . -type f -printf "%p " -exec cat {} \\;) >&2; exit $code';
  const wrapper = ['unshare', '--mount', 'bash', '-c', script, text];
  if (works(['unshare', '--mount', 'true'])) return wrapper;
  skipped(suite, 'this process is not allowed to mount');
  return undefined;
}

/**
 * Returns a command that runs the program without a network. Undefined, and `suite` reported as
 * skipped, if that is not allowed.
 */
export function withoutNetwork(suite: string): readonly string[] | undefined {
  const wrapper = ['unshare', '--net'];
  if (works([...wrapper, 'true'])) return wrapper;
  skipped(suite, 'this process is not allowed to leave the network');
  return undefined;
}

/**
 * Runs the program as a job's shell does: in a session whose leader is a shell. A test run in a
 * container can have none, and then a login knows no process that it is for.
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

/**
 * Returns a command that runs the program where `/bin/sh` cannot run. Undefined, and `suite`
 * reported as skipped, if mounts are not allowed.
 */
export function withoutShell(suite: string): readonly string[] | undefined {
  if (program[0].endsWith('-slim')) {
    skipped(suite, 'the launcher of the slim script is a shell script');
    return undefined;
  }
  const script = 'mount --bind /dev/null "$(realpath /bin/sh)" && exec "$@"';
  const wrapper = ['unshare', '--mount', 'bash', '-c', script, 'bash'];
  if (process.platform === 'linux' && works(['unshare', '--mount', 'true'])) return wrapper;
  skipped(suite, 'this process is not allowed to mount');
  return undefined;
}
