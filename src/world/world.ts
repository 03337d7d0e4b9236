import type {
  AssumedSession,
  ChainedRequest,
  NetworkFault,
  StsAttempt,
  StsEndpoint,
  WebIdentityRequest,
} from './sts.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** Everything that a command can read or change. `main.ts` builds it; tests build their own. */
export interface World {
  readonly environment: Environment;
  readonly platform: NodeJS.Platform;
  /** The effective user id; undefined on Windows. */
  readonly uid: number | undefined;
  /** The command that starts this program again, with absolute paths, for `credential_process`. */
  readonly program: readonly string[];
  readonly files: Files;
  readonly clock: Clock;
  /** Returns numbers from 0 to 1, for the jitter of retries. */
  readonly random: () => number;
  readonly sts: Sts;
  readonly web: Web;
  readonly input: Input;
  readonly processes: Processes;
  readonly processTable: ProcessTable;
  readonly output: Output;
}

export interface Clock {
  now(): Date;
  sleep(milliseconds: number): Promise<void>;
}

/** Standard input. Read only on request: a job's can be a terminal that no one types at. */
export interface Input {
  readonly isTerminal: boolean;
  /** Reads everything, as UTF-8. */
  text(): string;
}

/** Standard output and error. */
export interface Output {
  readonly stdoutIsTerminal: boolean;
  /** The width of stdout's terminal, 0 if unknown; undefined without one. Takes time to read. */
  readonly stdoutColumns: number | undefined;
  /** Whether stdout is the null device, so that no one reads it. */
  readonly stdoutIsDiscarded: boolean;
  /** The width of stderr's terminal, as `stdoutColumns`. */
  readonly stderrColumns: number | undefined;
  /** Writes one line, newline added. */
  stdout(line: string): void;
  /** Writes one line, newline added. */
  stderr(line: string): void;
  /** Replaces the text of the terminal line that stderr is at; an empty text clears it. */
  rewriteLine(text: string): void;
}

export interface Processes {
  /**
   * Runs a command from PATH to its end, with this process's stdin, stdout and stderr and exactly
   * this environment. Signals that this process gets are forwarded.
   */
  run(command: string, args: readonly string[], environment: Environment): Promise<ProcessEnd>;
  /**
   * Starts a process that outlives this one and logs a job out when its owners have ended. Linux
   * only. Returns why it could not be started; undefined if it was.
   */
  startWatcher(watch: Watch): Promise<string | undefined>;
}

/** What a watcher needs. No secrets: every user can read it. */
export interface Watch {
  /** The job's directory. The watcher ends when its mark there is gone or replaced. */
  readonly directory: string;
  readonly mark: string;
  /** On this machine and in this PID namespace. */
  readonly owners: readonly Pick<ProcessIdentity, 'pid' | 'startTime'>[];
  /** HOME and SEM_AWS_LOGIN_HOME for the logout; empty if not set. */
  readonly home: string;
  readonly root: string;
  readonly program: readonly string[];
}

/** Identifies a process even after its end: a reused pid or a reboot makes another identity. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Clock ticks from the boot to the start of the process. */
  readonly startTime: string;
  readonly bootId: string;
  readonly pidNamespace: string;
  /** The host's name and machine id; empty without a machine id. Machines can share a HOME. */
  readonly machine: string;
}

/** Linux only: elsewhere nothing is known. */
export interface ProcessTable {
  /**
   * Returns the job's shell: the leader of this process's session. Undefined if it is not known:
   * outside of this container, in a session of this process's own, or not on Linux.
   */
  jobShell(): ProcessIdentity | undefined;
  /** Undefined where `jobShell` is never known. */
  thisProcess(): ProcessIdentity | undefined;
  /** Whether the process is known to have ended; false if that is not known. */
  hasEnded(identity: ProcessIdentity): boolean;
}

/** `code` is the exit code as shells report it: 128 plus the signal's number after a signal. */
export type ProcessEnd =
  | { readonly kind: 'ended'; readonly code: number }
  | { readonly kind: 'not-started'; readonly reason: string };

/** Single requests to STS, without retries. Returns errors of the network or STS. */
export interface Sts {
  /** See `stsEndpointOf`. */
  endpointOf(region: string | undefined, partition: string): StsEndpoint;
  assumeRoleWithWebIdentity(request: WebIdentityRequest): Promise<StsAttempt<AssumedSession>>;
  assumeRole(request: ChainedRequest): Promise<StsAttempt<AssumedSession>>;
}

/**
 * GET of public documents by https (http from this machine only), with STS's proxy and CA settings;
 * no redirects.
 */
export interface Web {
  /**
   * `timeout` is in milliseconds. Returns network errors; throws `Failure` for an invalid proxy or
   * CA bundle.
   */
  get(url: string, timeout: number): Promise<WebAnswer>;
}

/** `serverTime` is the response's Date header; `text` is the body, cut after a megabyte. */
export type WebAnswer =
  | { readonly kind: 'answered'; readonly status: number; readonly text: string; readonly serverTime: Date | undefined }
  | { readonly kind: 'unreachable'; readonly fault: NetworkFault };

/**
 * The disk. Text is the bytes as latin1, so that bytes that are not UTF-8 survive a round trip.
 * Private files are those under this program's roots: links are never followed, and a file or
 * directory that another user owns or can write to throws. All calls throw only `Failure` of the
 * kinds `file-*`.
 */
export interface Files {
  /** Adds a private root (an absolute path). */
  addPrivateRoot(path: string): void;
  /**
   * Reads a user file, following links; undefined if missing. Throws for a directory, a dangling
   * link or denied access.
   */
  read(path: string): string | undefined;
  /** Reads a private file; undefined if missing. */
  readPrivate(path: string): string | undefined;
  /** Returns when a private file was last written; undefined if missing. */
  modifiedPrivate(path: string): Date | undefined;
  /** Makes the directory (0700) and its missing parents; checks those that exist. */
  makePrivateDirectory(path: string): void;
  /** Removes a private directory with its contents; ignores a missing one. Never follows links. */
  removePrivateDirectory(path: string): void;
  /** Runs `work`, then removes the private directory, even after an error or a signal. */
  withTemporaryDirectory<T>(path: string, work: () => Promise<T>): Promise<T>;
  /** Lists a private directory's directories (no links), sorted; empty if it is missing. */
  listPrivateDirectories(path: string): readonly string[];
  /**
   * Removes this user's regular files in a directory for which `isWanted` returns true. Returns how
   * many. Ignores file-system errors.
   */
  removeMatching(directory: string, isWanted: (file: ListedFile) => boolean): number;
  /** Whether the mode lets every user read the file; false if it is missing, and on Windows. */
  isOpenToAll(path: string): boolean;
  /** Whether this user could write a file at this path. */
  isWritable(path: string): boolean;
  /**
   * Returns what the replacement of a user file would lose; undefined if nothing or without a file.
   */
  whyNotReplaceable(path: string): ReplacementLoss | undefined;
  /**
   * Replaces all files or none. Writes and syncs each new content beside its target, compares the
   * user's files with `expected`, then renames in order and syncs the directories. Makes missing
   * directories. If the process is killed between two renames, the first files are new and the rest
   * old: choose a harmless order.
   * @returns false, with everything undone, if a file differs from `expected`, another program
   * wrote to it meanwhile, or a lock was lost because this process was suspended too long. The
   * caller reads and edits again.
   */
  replace(replacements: readonly Replacement[]): boolean;
  /**
   * Runs `work` while holding the lock beside `path`. Makes a missing directory, and removes it if
   * it stays empty. Throws `file-locked` after `timeout` milliseconds. A dead holder's lock is
   * taken over after ten seconds, so the timeout should be longer.
   */
  withLock<T>(path: string, timeout: number, work: () => T | Promise<T>): Promise<T>;
}

/**
 * What a replacement would lose: other names, an owner or group that this user cannot set, or an
 * access list.
 */
export type ReplacementLoss = 'hard-links' | 'foreign-owner' | 'access-list';

export interface ListedFile {
  readonly name: string;
  readonly modified: Date;
  /** Reads the file, as latin1; an empty text for a file over 64 KiB. */
  text(): string;
}

/** Text is the bytes as latin1. */
export type Replacement =
  /** A private file: 0600, never through a link. */
  | { readonly kind: 'private'; readonly path: string; readonly text: string }
  /**
   * A user file: follows links, keeps mode and owner. New files get 0600, new directories 0700.
   * `expected` is the text that was read, undefined for a missing file. `text` undefined removes
   * the file.
   */
  | {
      readonly kind: 'user';
      readonly path: string;
      readonly text: string | undefined;
      readonly expected: string | undefined;
    };
