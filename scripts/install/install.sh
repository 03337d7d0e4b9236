#!/bin/sh
# Installs sem-aws-login for this user and makes the command callable in the rest of the job.
#
#   curl -fsSL @BASE_URL@/install.sh | bash
#   curl -fsSL @BASE_URL@/install.sh | bash -s -- --slim
#
# Exit codes: 0 done, 1 this machine cannot run it, 2 usage, 4 local files, 5 not what was released, 6 download failed.
# Never 130, which would stop a whole Semaphore job.
{ # Closed on the last line: a truncated script is a syntax error, and nothing runs.
set -u
umask 077
# Fixed language: the messages of other programs are shown and partly parsed.
LC_ALL=C
export LC_ALL

# Stamped at release: the version, the address of its files, and their checksums.
stamped_version='@VERSION@'
base_url='@BASE_URL@'
stamped_sums='@SUMS@'

# The SHA-256 of empty input, to test whether a tool works.
sum_of_nothing=e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
# The oldest Node that can run the slim script.
slim_major=22
slim_minor=12

say() {
  printf 'sem-aws-login: %s\n' "$*" >&2
}

# fail EXIT_CODE HEADLINE CAUSE REMEDY…
fail() {
  fail_code=$1
  say "$2"
  printf '  %s\n' "$3" >&2
  shift 3
  for remedy in "$@"; do printf '  → %s\n' "$remedy" >&2; done
  exit "$fail_code"
}

has() {
  command -v "$1" >/dev/null 2>&1
}

usage() {
  cat <<EOF
Usage: install.sh [--slim] [--version VERSION --sha256 SUM]
       install.sh --uninstall

Installs sem-aws-login $stamped_version under ~/.sem-aws-login (or SEM_AWS_LOGIN_HOME) and puts a link to it into a
directory on PATH. What stands there already with the right sum is left alone.

  --slim             the small script, where Node $slim_major.$slim_minor or later is on PATH; else the executable
  --version VERSION  another version, by the sums you give
  --sha256 SUM       the sum of its executable, or with --slim of its script, from its SHA256SUMS; may be repeated
  --uninstall        removes every installed version and the link, and leaves what jobs wrote

SEM_AWS_LOGIN_BASE_URL names another place to download from: <base>/v<version>/<file>.

Example:
  curl -fsSL $base_url/install.sh | bash -s -- --slim
EOF
}

read_options() {
  version=$stamped_version
  given_sums=
  slim=
  uninstall=
  while [ $# -gt 0 ]; do
    case $1 in
      --slim) slim=1 ;;
      --uninstall) uninstall=1 ;;
      --version | --sha256)
        [ $# -gt 1 ] || fail 2 "$1 needs a value" 'It is the last word of the command line.' 'See: install.sh --help'
        if [ "$1" = --version ]; then version=$2; else given_sums="$given_sums $2"; fi
        shift
        ;;
      --version=*) version=${1#*=} ;;
      --sha256=*) given_sums="$given_sums ${1#*=}" ;;
      --help | -h)
        usage
        exit 0
        ;;
      *) fail 2 "Unknown option \"$1\"" 'The installer knows --slim, --version, --sha256 and --uninstall.' \
        'See: install.sh --help' ;;
    esac
    shift
  done
  check_version
  check_given_sums
}

check_version() {
  case $version in
    @*) fail 2 'This installer has no version in it' 'It is the template; a release holds the stamped one.' \
      'Take install.sh from dist/release, which "npm run package" makes.' ;;
    *[!0-9A-Za-z.+-]*) ;;
    [0-9]*.[0-9]*.[0-9]*) return ;;
  esac
  fail 2 "\"$version\" is not a version" 'A version reads like 1.2.3.' 'See: install.sh --help'
}

check_given_sums() {
  for sum in $given_sums; do
    case $sum in
      *[!0-9a-f]*) ;;
      *) [ ${#sum} -ne 64 ] || continue ;;
    esac
    fail 2 "\"$sum\" is not a SHA-256" 'It has 64 characters, 0 to 9 and a to f.' \
      "Take it from that version's SHA256SUMS, once you have checked its signature."
  done
  [ "$version" = "$stamped_version" ] || [ -n "$given_sums" ] || [ -n "$uninstall" ] ||
    fail 2 "Version $version needs --sha256" "This installer knows the sums of version $stamped_version only." \
      "Give the executable's sum from that version's SHA256SUMS: --version $version --sha256 SUM" \
      "Or take that version's own installer: $base_url/v$version/install.sh"
}

find_root() {
  home=${HOME-}
  home=${home%/}
  root=${SEM_AWS_LOGIN_HOME:-$home/.sem-aws-login}
  [ -n "${HOME-}" ] || [ -n "${SEM_AWS_LOGIN_HOME-}" ] ||
    fail 4 'HOME is not set' 'There is no place to install to.' \
      'Set HOME, or SEM_AWS_LOGIN_HOME to a directory of your own.'
  root=${root%/}
  case $root in
    /*) ;;
    *) fail 2 "\"$root\" is not an absolute path" 'Where everything is installed must not depend on where a job is.' \
      'Set SEM_AWS_LOGIN_HOME to a path that begins with a slash.' ;;
  esac
}

make_root() {
  mkdir -p "$root" 2>/dev/null || [ -e "$root" ] ||
    fail 4 "Cannot make the directory \"$root\"" 'HOME may be read-only, or belong to another user.' \
      "Set SEM_AWS_LOGIN_HOME to a directory that is yours alone, and put its \"bin\" on PATH."
  is_ours_alone "$root" ||
    fail 4 "\"$root\" is not safe to install to" 'It is a link or no directory, belongs to another user, or others may write to it.' \
      "Look at it and remove it: ls -ld $root" 'Or set SEM_AWS_LOGIN_HOME to a directory that is yours alone.'
}

# The same rule as for the login: a real directory of this user that no one else can write to.
is_ours_alone() {
  # shellcheck disable=SC2012 # find would need GNU extensions, and small images have no find.
  [ -d "$1" ] && [ ! -L "$1" ] && ls -ldn "$1" | {
    read -r mode _ owner _
    case $mode in ?????w* | ????????w*) exit 1 ;; esac
    [ "$owner" = "$(id -u)" ]
  }
}

# Selects the first tool that works. openssl first: it uses the processor's SHA-256 instructions,
# unlike many builds of sha256sum, and hashing takes most of the time of a repeated install.
find_sum_tool() {
  for sum_tool in openssl sha256sum shasum none; do
    [ "$(sum_of_stdin </dev/null 2>/dev/null)" != $sum_of_nothing ] || return 0
  done
  fail 1 'Nothing here can make a SHA-256' \
    'Neither openssl nor sha256sum nor shasum works, and what is not checked is not run.' \
    'Install one of them: apt-get install -y openssl'
}

sum_of_stdin() {
  case $sum_tool in
    openssl) openssl dgst -sha256 -r ;;
    sha256sum) sha256sum ;;
    shasum) shasum -a 256 ;;
  esac | (read -r sum _ && echo "$sum")
}

# Sets file (name in the release), expected (checksums it may have), expected_packed (checksum of
# its archive, if known), installed (where it goes) and command (what users call).
choose_form() {
  installed=$root/$version/sem-aws-login
  node=
  if [ -n "$slim" ] && ! find_node; then
    say "No Node $slim_major.$slim_minor or later is on PATH for --slim: taking the executable"
    slim=
  fi
  if [ -n "$slim" ]; then
    platform=slim
    file=sem-aws-login.cjs
    installed=$root/$version/$file
    command=$root/$version/sem-aws-login-slim
  else
    find_platform
    has gzip ||
      fail 1 'There is no gzip here' 'The executable comes packed by it.' 'Install it: apt-get install -y gzip'
    file=sem-aws-login-$platform
    command=$installed
  fi
  expected=${given_sums:-$(stamped_sum_of "$file")}
  expected_packed=
  [ -n "$given_sums" ] || expected_packed=$(stamped_sum_of "$file.gz")
  [ -n "$expected" ] ||
    fail 1 "There is no executable for $platform in version $version" 'The release was made without it.' \
      "With Node $slim_major.$slim_minor or later the script runs here: --slim"
}

stamped_sum_of() {
  printf '%s\n' "$stamped_sums" | while read -r sum name; do
    [ "$name" != "$1" ] || echo "$sum"
  done
}

# Finds Node's own path: the wrapper of a version manager can select another Node elsewhere.
find_node() {
  has node || return 1
  ask='console.log(process.versions.node + " " + process.execPath)'
  found=$(unset NODE_OPTIONS && node -e "$ask" 2>/dev/null) || return 1
  node=${found#* }
  major=${found%%.*}
  minor=${found#*.}
  minor=${minor%%.*}
  case $major$minor in '' | *[!0-9]*) return 1 ;; esac
  [ "$major" -gt $slim_major ] || { [ "$major" -eq $slim_major ] && [ "$minor" -ge $slim_minor ]; }
}

find_platform() {
  system=$(uname -s)
  machine=$(uname -m)
  case $machine in
    x86_64 | amd64) arch=x64 ;;
    aarch64 | arm64) arch=arm64 ;;
    i?86 | arm*) fail_32_bit ;;
    *) fail_unsupported "$system on $machine" ;;
  esac
  case $system in
    Linux)
      platform=linux-$arch
      check_loader
      ;;
    Darwin)
      # Under Rosetta, uname reports an Intel machine.
      [ "$(sysctl -n sysctl.proc_translated 2>/dev/null)" != 1 ] || arch=arm64
      platform=darwin-$arch
      [ $arch = arm64 ] || fail_unsupported 'macOS on Intel'
      ;;
    MINGW* | MSYS* | CYGWIN*)
      fail 1 'This installer does not serve Windows' \
        'It links into a directory on PATH, and the PowerShell of a Windows job takes only .exe files for commands.' \
        "Download the executable in PowerShell: $base_url/v$version/sem-aws-login-win-x64.exe"
      ;;
    *) fail_unsupported "$system on $machine" ;;
  esac
}

# The executable needs glibc. Without its loader the kernel only says that the file does not exist.
check_loader() {
  case $arch in
    x64) loader=/lib64/ld-linux-x86-64.so.2 ;;
    arm64) loader=/lib/ld-linux-aarch64.so.1 ;;
  esac
  [ ! -e "$loader" ] || return 0
  for musl in /lib/ld-musl-*; do
    [ ! -e "$musl" ] ||
      fail 1 'The executable does not run on this system (musl)' \
        'It needs glibc, which Alpine and other musl systems lack.' \
        "With Node $slim_major.$slim_minor or later the script runs here: apk add nodejs, then install with --slim" \
        'Or use an image with glibc, such as Debian or Ubuntu.'
  done
  [ "$(getconf LONG_BIT 2>/dev/null)" != 32 ] || fail_32_bit
  fail 1 "The executable does not run on this system (no \"$loader\")" 'It needs glibc in its usual place.' \
    "With Node $slim_major.$slim_minor or later the script runs here: --slim"
}

fail_32_bit() {
  fail 1 "The executable does not run on a 32-bit system ($machine)" 'It is made for 64-bit x86 and ARM.' \
    "With Node $slim_major.$slim_minor or later the script runs here: --slim" 'Or use a 64-bit image.'
}

fail_unsupported() {
  fail 1 "There is no executable for $1" 'There are some for Linux (x64, arm64), macOS (arm64) and Windows (x64).' \
    "With Node $slim_major.$slim_minor or later the script runs here: --slim"
}

is_expected() {
  [ -n "$1" ] || return 1
  for sum in $expected; do
    [ "$1" != "$sum" ] || return 0
  done
  return 1
}

is_installed() {
  [ -f "$installed" ] && [ -x "$installed" ] && is_expected "$(sum_of_stdin <"$installed")"
}

make_work() {
  [ -z "$work" ] || return 0
  trap 'rm -rf "$work"' EXIT
  trap 'exit 143' INT TERM HUP
  work=$(mktemp -d "$root/.install.XXXXXX") ||
    fail 4 "Cannot write to \"$root\"" 'It may be read-only or full.' "Look at it: ls -ld $root; df $root" \
      'Or set SEM_AWS_LOGIN_HOME to a directory that is yours alone.'
  # Removes the directories of killed installs: no install takes a day.
  find "$root"/.install.* -prune -mtime +0 -exec rm -rf {} + 2>/dev/null
}

install_file() {
  make_work
  restore_from_cache || download
  chmod 700 "$work/file" 2>>"$work/trouble" || fail_local
  check_that_it_starts
  move_into_place "$work/file" "$installed"
}

# Replaces the file in one step: running programs continue, and new ones get one complete version.
move_into_place() {
  { mkdir -p "$root/$version" && mv -f "$1" "$2"; } 2>>"$work/trouble" || fail_local
}

# take COMMAND…: unpacks the output of the command to $work/file. True if it arrived complete, was
# written and has the right checksum: of the archive during the download if known, else of the file.
take() {
  rm -f "$work/file" "$work/stream"
  : >"$work/said"
  came=1 kept=1 unpacked=1 sum=
  # Some file systems have no named pipes.
  [ -z "$expected_packed" ] || mkfifo "$work/stream" 2>/dev/null || expected_packed=
  # Messages of other programs never take this way: a server could make them look like a checksum.
  for step in $(
    {
      [ -z "$expected_packed" ] || { echo "sum=$(sum_of_stdin <"$work/stream")" >&3; } &
      { "$@" 2>>"$work/said"; echo "came=$?" >&3; } |
      { copy_packed 2>/dev/null; echo "kept=$?" >&3; } |
      { unpack >"$work/file" 2>>"$work/trouble"; echo "unpacked=$?" >&3; }
      # Releases a reader that still waits for a writer that did not start.
      [ -z "$expected_packed" ] || : <>"$work/stream"
      wait
    } 3>&1
  ); do
    case $step in
      came=*) came=${step#*=} ;;
      kept=*) kept=${step#*=} ;;
      unpacked=*) unpacked=${step#*=} ;;
      sum=*) sum=${step#*=} ;;
    esac
  done
  [ "$unpacked" = 0 ] || return 1
  if [ -n "$expected_packed" ]; then
    [ "$sum" = "$expected_packed" ]
  else
    sum=$(sum_of_stdin <"$work/file")
    is_expected "$sum"
  fi
}

# Copies the archive to the checksum tool and to the file for Semaphore's cache.
copy_packed() {
  if [ -n "$expected_packed" ] && [ -n "$packed" ]; then
    tee "$work/stream" "$packed"
  elif [ -n "$expected_packed$packed" ]; then
    tee "${packed:-$work/stream}"
  else
    cat
  fi
}

# True if this machine's disk failed, not the download.
is_local_fault() {
  [ "$unpacked" != 0 ] && { [ -n "$slim" ] || [ "$sum" = "${expected_packed:-none}" ] || is_full; }
}

# Reads invalid input to its end: the download then only fails for reasons of its own.
unpack() {
  if [ -n "$slim" ]; then
    cat
  else
    gzip -dc || {
      cat >/dev/null
      return 1
    }
  fi
}

# Semaphore's cache always exits with 0, may restore a similar key, and every job of the project can
# write to it. Only the checksum is proof. https://docs.semaphoreci.com/reference/toolbox
restore_from_cache() {
  packed=
  if [ -n "$slim" ] || [ -z "${SEMAPHORE_JOB_ID-}" ] || ! has cache; then return 1; fi
  cache_key=sem-aws-login-$version-$platform
  cache_directory=$work/cache
  mkdir "$cache_directory" || return 1
  ask_cache restore "$cache_key"
  # take writes outside this directory, so a malicious archive cannot have prepared that path.
  restored=$cache_directory/$file.gz
  if [ -f "$restored" ] && [ ! -L "$restored" ]; then
    if take cat "$restored"; then
      origin='from the cache'
      return 0
    fi
    say "The cache's entry \"$cache_key\" is not what was released: replacing it"
  fi
  rm -rf "$cache_directory"
  mkdir "$cache_directory" && packed=$restored
  return 1
}

# In a separate directory with a relative path, because the archive stores the path as given.
ask_cache() {
  (cd "$cache_directory" && cache "$@") >/dev/null 2>&1
}

store_in_cache() {
  [ -n "$packed" ] && [ "$kept" = 0 ] || return 0
  # The cache never overwrites a key, and this key may have other content.
  ask_cache delete "$cache_key"
  ask_cache store "$cache_key" "$file.gz"
}

download() {
  find_downloader
  url=${SEM_AWS_LOGIN_BASE_URL:-$base_url}
  url=${url%/}/v$version/$file
  [ -n "$slim" ] || url=$url.gz
  # The log is public to the project, and an address can contain a password.
  shown_url=$(printf '%s\n' "$url" | sed 's#//[^/@]*@#//#')
  for pause in 1 3 none; do
    if take fetch; then
      origin=downloaded
      store_in_cache
      return 0
    fi
    ! is_local_fault || fail_local
    [ "$came" != 0 ] || fail_wrong
    if [ $pause = none ] || is_final; then fail_download; fi
    say "Download failed, trying again: $(last_words)"
    sleep $pause
  done
}

find_downloader() {
  if has curl; then
    downloader=curl
  elif has wget; then
    downloader=wget
    case $(wget --help 2>&1) in *BusyBox*) downloader=busybox ;; esac
    # curl reads upper and lower case, wget only lower case.
    for name in http_proxy https_proxy no_proxy; do
      upper=$(echo $name | tr '[:lower:]' '[:upper:]')
      eval "[ -n \"\${$name-}\" ] || [ -z \"\${$upper-}\" ] || { $name=\$$upper && export $name; }"
    done
  else
    fail 1 'Neither curl nor wget is here' 'One of them is needed for the download.' \
      'Install one: apt-get update && apt-get install -y curl ca-certificates'
  fi
}

# shellcheck disable=SC2317 # Called by name, through take.
# Without the tools' own retries, which would append to the output of the first try.
fetch() {
  case $downloader in
    curl) curl -fsSL --connect-timeout 20 --speed-limit 1000 --speed-time 30 "$url" ;;
    wget) wget -nv -t 1 -T 30 -O - "$url" ;;
    # Without -T: it crashes the busybox of Debian 12.
    busybox) wget -q -O - "$url" ;;
  esac
}

# True if a retry cannot help: the request is wrong (4xx), or the certificate is invalid.
is_final() {
  grep -Eq '(error:|ERROR|HTTP/[0-9.]+) 4(0[0-79]|1[0-9]|2[0-8])|certificate' "$work/said"
}

last_words() {
  words=$(sed -n '$p' "$work/said" | sed 's#//[^/@]*@#//#g')
  echo "${words:-$downloader ended with $came}"
}

fail_download() {
  fail 6 "Cannot download \"$shown_url\"" "It was: $(last_words)" \
    'Look whether that address can be reached from this machine; a proxy is named by https_proxy.' \
    'Or name another place for the files: SEM_AWS_LOGIN_BASE_URL' \
    'Nothing was installed.'
}

fail_wrong() {
  fail 5 "\"$shown_url\" is not what was released" \
    "Its SHA-256 is ${sum:-unknown}, not ${expected_packed:-${expected# }}: a mirror, a proxy or somebody else put something else there." \
    'Look at what the address answers. It was not run.' 'Nothing was installed.'
}

fail_local() {
  if is_full; then
    fail 4 "No space left for \"$installed\"" 'It needs about 170 MB, and 50 MB more to be kept in the cache.' \
      "Make room: df $root" 'Or set SEM_AWS_LOGIN_HOME to a directory on another disk.' 'Nothing was installed.'
  fi
  fail 4 "Cannot write \"$installed\"" "It was: $(sed -n '$p' "$work/trouble" 2>/dev/null)" "Look at its directory: ls -ld $root" \
    'Or set SEM_AWS_LOGIN_HOME to a directory that is yours alone.' 'Nothing was installed.'
}

is_full() {
  df -Pk "$root" | {
    read -r _
    read -r _ _ _ available _
    [ "$available" -lt 1024 ]
  }
} 2>/dev/null

# Only after the checksum matched. An old glibc shows only here.
check_that_it_starts() {
  [ -z "$slim" ] || return 0
  answer=$("$work/file" --version 2>"$work/said")
  [ "$answer" = "sem-aws-login $version" ] ||
    fail 1 'The executable does not start on this machine' "It says: $answer$(sed -n '1p' "$work/said")" \
      'It needs a Linux with glibc 2.28 or later, or macOS 13.5 or later.' \
      "With Node $slim_major.$slim_minor or later the script may run here: --slim"
}

# Writes the command of the slim form. NODE_OPTIONS could run code in it or prevent its start.
write_launcher() {
  launcher=$(print_launcher)
  [ ! -x "$command" ] || [ "$(cat "$command")" != "$launcher" ] || return 0
  make_work
  { printf '%s\n' "$launcher" >"$work/launcher" && chmod 700 "$work/launcher"; } 2>>"$work/trouble" || fail_local
  move_into_place "$work/launcher" "$command"
}

print_launcher() {
  cat <<EOF
#!/bin/sh
# Runs sem-aws-login $version on the Node that --slim found.
node=$(quoted "$node")
if [ ! -x "\$node" ]; then
  echo "sem-aws-login: The Node that it was installed with is gone" >&2
  echo "  It was \"\$node\"." >&2
  echo "  → Install again, with --slim for the Node that is here now, or without it for the executable." >&2
  exit 4
fi
# They are a child's all the same: the script gives them back.
unset SEM_AWS_LOGIN_NODE_OPTIONS
if [ -n "\${NODE_OPTIONS+set}" ]; then
  SEM_AWS_LOGIN_NODE_OPTIONS=\$NODE_OPTIONS
  export SEM_AWS_LOGIN_NODE_OPTIONS
  unset NODE_OPTIONS
fi
SEM_AWS_LOGIN_LAUNCHER=$(quoted "$command")
export SEM_AWS_LOGIN_LAUNCHER
exec "\$node" $(quoted "$installed") "\$@"
EOF
}

quoted() {
  printf "'"
  printf '%s' "$1" | sed "s/'/'\\\\''/g"
  printf "'"
}

# A hosted agent runs one job only. Other machines survive the job, so nothing outside HOME changes.
is_hosted() {
  case ${SEMAPHORE_AGENT_MACHINE_TYPE-} in '' | s1*) return 1 ;; esac
}

is_on_path() {
  case ":${PATH-}:" in *":$1:"* | *":$1/:"*) return 0 ;; esac
  return 1
}

is_callable() {
  [ "$(readlink "$(command -v sem-aws-login)" 2>/dev/null)" = "$command" ]
}

# First the directories that stay on PATH; a version manager's directory is the last choice.
link_command() {
  linked=
  is_callable && return
  for directory in "$root/bin" "$home/.local/bin" "$home/bin"; do
    is_on_path "$directory" && mkdir -p "$directory" 2>/dev/null && link_in "$directory" && return
  done
  is_hosted && is_on_path /usr/local/bin && { link_in /usr/local/bin || link_as_root_in /usr/local/bin; } && return
  link_elsewhere_in_home && return
  fail_link
}

# Splits PATH without globbing: it can contain any character.
link_elsewhere_in_home() {
  set -f
  IFS=:
  for directory in ${PATH-}; do
    unset IFS
    case $directory in
      "$home"/* | "$root"/*) ! link_in "${directory%/}" || return 0 ;;
    esac
  done
  unset IFS
  return 1
}

# True if the command is callable afterwards.
link_in() {
  link=$1/sem-aws-login
  [ -w "$1" ] && is_ours_or_nothing "$link" || return 1
  new_link=$1/.sem-aws-login.$$
  { ln -sf "$command" "$new_link" && mv -f "$new_link" "$link"; } 2>/dev/null || return 1
  has_linked
}

link_as_root_in() {
  link=$1/sem-aws-login
  is_ours_or_nothing "$link" && has sudo && sudo -n ln -sfn "$command" "$link" 2>/dev/null || return 1
  has_linked
}

has_linked() {
  linked=$link
  # The shell caches the paths of commands.
  hash -r
  is_callable
}

# Only replaces links of this installer.
is_ours_or_nothing() {
  is_ours "$1" || { [ ! -e "$1" ] && [ ! -L "$1" ]; }
}

is_ours() {
  case $(readlink "$1" 2>/dev/null) in "$root"/*) return 0 ;; esac
  return 1
}

fail_link() {
  other=$(command -v sem-aws-login) && ! is_ours "$other" &&
    fail 4 "Installed, but another sem-aws-login comes first on PATH: \"$other\"" \
      'It was not put there by this installer.' \
      "Remove it, or put this line before the installer's: export PATH=\"$root/bin:\$PATH\""
  fail 4 'Installed, but no directory on PATH can take the command' \
    'Of the directories on PATH none is in HOME and writable, and outside HOME nothing is changed on this machine.' \
    "Put this line before the installer's: export PATH=\"$root/bin:\$PATH\""
}

remove_everything() {
  removed=
  set -f
  IFS=:
  for directory in ${PATH-}:$root/bin:$home/.local/bin:$home/bin; do
    unset IFS
    remove_link "${directory%/}/sem-aws-login"
  done
  unset IFS
  set +f
  for directory in "$root"/[0-9]*.[0-9]*.[0-9]*; do
    if [ ! -d "$directory" ] || [ -L "$directory" ]; then continue; fi
    for name in sem-aws-login sem-aws-login-slim sem-aws-login.cjs; do rm -f "$directory/$name"; done
    rmdir "$directory" ||
      fail 4 "Cannot remove \"$directory\"" 'It may be read-only, or hold what this installer did not put there.' \
        "Look at it: ls -la $directory"
    removed=1
  done
  rm -rf "$root"/.install.*
  rmdir "$root/bin" "$root" 2>/dev/null
  if [ -n "$removed" ]; then say 'Removed'; else say 'There was nothing to remove'; fi
}

remove_link() {
  [ -L "$1" ] && is_ours "$1" || return 0
  rm -f "$1" 2>/dev/null || { is_hosted && has sudo && sudo -n rm -f "$1" 2>/dev/null; } ||
    fail 4 "Cannot remove \"$1\"" 'It is in a directory that this user cannot write to.' "Remove it as root: rm $1"
  removed=1
}

main() {
  read_options "$@"
  find_root
  if [ -n "$uninstall" ]; then
    remove_everything
    exit 0
  fi
  make_root
  find_sum_tool
  choose_form
  origin=
  work=
  is_installed || install_file
  [ -z "$slim" ] || write_launcher
  link_command
  [ -z "$origin$linked" ] ||
    say "Version $version ($platform${origin:+, $origin}) is installed: $(command -v sem-aws-login)"
}

# stdin can be the pipe with this script, and no program may read from it.
main "$@" </dev/null
exit
}
