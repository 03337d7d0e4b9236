import { spawn } from 'node:child_process';
import { closeSync, fstatSync, openSync, readdirSync } from 'node:fs';
import { quoteForBash } from '../text/shell-words.ts';
import type { Watch } from '../world/world.ts';
import { quietly } from './system-error.ts';

/**
 * POSIX shell, since a waiting Node would take 40 MB. If the process table is full, a fork fails
 * and ends the shell. So the EXIT trap starts it again, and builtins, which need no fork, empty the
 * secrets.
 */
const script = `
set -f
umask 077
PATH=/usr/local/bin:/usr/bin:/bin
trap '' HUP INT TERM
trap again EXIT
script=$1 start=$2 directory=$3 mark=$4 owners=$5 home=$6 root=$7 program=$8

again() {
  pause
  exec /bin/sh -c 'eval "$1"' "$0" "$script" again "$directory" "$mark" "$owners" "$home" "$root" "$program"
}
pause() {
  i=0
  while [ "$i" -lt 20000 ]; do i=$((i + 1)); done
}
leave() {
  trap - EXIT
  exit 0
}
read_stat() {
  text=
  while read -r line; do text="$text $line"; done <"/proc/$1/stat"
  # The name in parentheses can contain anything.
  text=\${text##*) }
}
claim() {
  read_stat "$$"
  set -- $text
  echo "$mark $$ \${20} $owners" >"$directory/watcher" || leave
}
gone() {
  if [ ! -d "/proc/$1" ]; then
    [ -d "/proc/$$" ]
    return
  fi
  expected=$2
  read_stat "$1"
  set -- $text
  [ "$#" -ge 20 ] || return 1
  case $1 in Z | X | x) return 0 ;; esac
  [ "\${20}" != "$expected" ]
}
all_gone() {
  for owner in $owners; do gone "\${owner%/*}" "\${owner#*/}" || return 1; done
}
empty_secrets() {
  set +f
  for file in "$directory"/* "$directory"/.[!.]*; do
    case $file in
      */login.json | */watcher) ;;
      *) [ -h "$file" ] || [ ! -f "$file" ] || true >"$file" ;;
    esac
  done
  set -f
}
clean_up() {
  empty_secrets
  tries=0
  until eval 'HOME=$home SEM_AWS_LOGIN_HOME=$root '"$program"' logout --job-directory "$directory" --quiet'; do
    tries=$((tries + 1))
    [ "$tries" -lt 20 ] || leave
    sleep 1
  done
  leave
}

[ "$start" = again ] || claim
while :; do
  [ -f "$directory/watcher" ] || leave
  found=
  read -r found rest <"$directory/watcher"
  [ -z "$found" ] || [ "$found" = "$mark" ] || leave
  if all_gone; then clean_up; fi
  sleep 0.2 || sleep 1 || pause
done
`;

/**
 * Starts a watcher, detached and without variables, terminal or descriptors of this process.
 * Returns why it could not be started; undefined if it was.
 */
export async function startWatcher({
  directory,
  mark,
  owners,
  home,
  root,
  program,
}: Watch): Promise<string | undefined> {
  const shells = owners.map(({ pid, startTime }) => `${pid}/${startTime}`).join(' ');
  const parameters = [script, 'first', directory, mark, shells, home, root, program.map(quoteForBash).join(' ')];
  const args = ['-c', 'eval "$1"', 'sem-aws-login-watcher', ...parameters];
  const nullDevice = openSync('/dev/null', 'r+');
  try {
    const stdio = nothingOpen(nullDevice);
    return await new Promise((resolve) => {
      const child = spawn('/bin/sh', args, { detached: true, cwd: '/', env: {}, stdio });
      child.once('error', (error) => resolve('code' in error ? String(error.code) : error.message));
      child.once('spawn', () => resolve(undefined));
      child.unref();
    });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    return String(error.code);
  } finally {
    closeSync(nullDevice);
  }
}

/**
 * Returns a `stdio` that puts the null device on every open descriptor. The child would inherit the
 * agent's, among others; libuv does not close them, and dash cannot close any above 9.
 */
function nothingOpen(nullDevice: number): (number | 'ignore')[] {
  const stdio: (number | 'ignore')[] = [nullDevice, nullDevice, nullDevice];
  for (const name of readdirSync('/proc/self/fd')) {
    const descriptor = Number(name);
    // The listing's own descriptor is closed by now; libuv can reuse its number.
    quietly(() => {
      fstatSync(descriptor);
      stdio[descriptor] = nullDevice;
    });
  }
  return Array.from(stdio, (entry) => entry ?? 'ignore');
}
