import type {
  AssumedSession,
  ChainedRequest,
  NetworkFault,
  StsAttempt,
  StsEndpoint,
  WebIdentityRequest,
} from './sts.ts';

/** Environment variables as the process got them. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** All that a command can see or change: handed in by `main.ts`, so that commands can be read and tested without a process. */
export interface World {
  readonly environment: Environment;
  readonly platform: NodeJS.Platform;
  /** The user's number, where the platform has one. */
  readonly uid: number | undefined;
  /** The words of a command that starts this program again, absolute paths, for profiles that name it. */
  readonly program: readonly string[];
  readonly files: Files;
  readonly clock: Clock;
  /** Gives numbers from 0 up to 1, for the jitter of retries. */
  readonly random: () => number;
  readonly sts: Sts;
  readonly web: Web;
  readonly input: Input;
  readonly processes: Processes;
  readonly output: Output;
}

/** The time, and waiting. */
export interface Clock {
  now(): Date;
  /** Waits so many milliseconds. */
  sleep(milliseconds: number): Promise<void>;
}

/** Standard input; only read where the command line asks for it, since a job's may be a terminal at which nobody sits. */
export interface Input {
  readonly isTerminal: boolean;
  /** All of it, as UTF-8. */
  text(): string;
}

/** Standard output and error. */
export interface Output {
  readonly stdoutIsTerminal: boolean;
  /** Writes one line, newline added. */
  stdout(line: string): void;
  /** Writes one line, newline added. */
  stderr(line: string): void;
}

/** Other programs. */
export interface Processes {
  /**
   * Runs a command to its end, found by PATH, with this process's own stdin, stdout and stderr and just this environment. A signal
   * that this process gets meanwhile goes on to the command.
   */
  run(command: string, args: readonly string[], environment: Environment): Promise<ProcessEnd>;
}

/** How a command ended; `code` is its exit code as shells give it, 128 and the signal's number where a signal ended it. */
export type ProcessEnd =
  | { readonly kind: 'ended'; readonly code: number }
  | { readonly kind: 'not-started'; readonly reason: string };

/** One request to STS, no retries: what to do with the answer is decided in `sts/`. Never rejects for anything the network or STS does. */
export interface Sts {
  /** The endpoint by the SDK's own rules for a region (the partition's default where undefined) and the environment's endpoint variables. Throws `Failure`. */
  endpointOf(region: string | undefined, partition: string): StsEndpoint;
  assumeRoleWithWebIdentity(request: WebIdentityRequest): Promise<StsAttempt<AssumedSession>>;
  assumeRole(request: ChainedRequest): Promise<StsAttempt<AssumedSession>>;
}

/** Public documents by https (plain http from this machine only), by the same proxy and trusted certificates as STS; follows no redirection. */
export interface Web {
  /** Takes at most `timeout` milliseconds. Never rejects for anything the network does; rejects with `Failure` for a proxy or a CA bundle that makes no sense. */
  get(url: string, timeout: number): Promise<WebAnswer>;
}

/** What a GET brought. `serverTime` is the answer's Date header; `text` is its body, cut off after a megabyte. */
export type WebAnswer =
  | { readonly kind: 'answered'; readonly status: number; readonly text: string; readonly serverTime: Date | undefined }
  | { readonly kind: 'unreachable'; readonly fault: NetworkFault };

/**
 * The disk. Text is the file's bytes as latin1, one character a byte, so that bytes that are not UTF-8 survive a round trip.
 * "Own" files are the ones under this program's root: no call here follows a link to them, and one that another user owns
 * or may write to is refused. Everything throws `Failure` of the kinds `file-*` only.
 */
export interface Files {
  /** Counts a directory as one of our roots from now on, besides those known from the environment. Absolute path. */
  addPrivateRoot(path: string): void;
  /** A file of the user's, links followed; undefined where nothing is there. A directory, a dangling link or no permission throws. */
  read(path: string): string | undefined;
  /** One of ours, whole; undefined where nothing is there. */
  readPrivate(path: string): string | undefined;
  /** Makes the directory (0700) and those above it that are missing; one that is there is checked. */
  makePrivateDirectory(path: string): void;
  /** Removes one of our directories and all in it, quietly when it is gone; never follows a link out of it. */
  removePrivateDirectory(path: string): void;
  /** Runs the work, then removes one of our directories, quietly: at the work's end, whatever it is, or when this process is told to end. */
  withTemporaryDirectory<T>(path: string, work: () => Promise<T>): Promise<T>;
  /** Names of the real directories in one of ours, in order; none where it is not there. */
  listPrivateDirectories(path: string): readonly string[];
  /** Whether everyone on the machine may read this file; false where it is not there, or where the platform knows no such thing. */
  isOpenToAll(path: string): boolean;
  /** Whether a file could be made at this path: asks the nearest directory above that exists. */
  isWritable(path: string): boolean;
  /**
   * Replaces all these files or, if one cannot be written, none: every new content is written and synced beside its target first, then those
   * given with `expected` are compared with what stands there now, and only then everything is renamed into place, in order, directories synced.
   * Directories that are missing are made. A process killed between two of the renames leaves the first files new and the others old:
   * order them so that this does no harm.
   * @returns false, with nothing of ours left, when a file does not hold what was expected, or another program wrote to it meanwhile, or a lock
   * was lost because this process stood still for too long: read anew, edit anew
   */
  replace(replacements: readonly Replacement[]): boolean;
  /**
   * Runs the work while holding the lock beside `path`, its directory made if missing (and gone again if nothing came into it). Waits up to
   * `timeout` milliseconds, then throws `file-locked`; a dead holder's lock is taken over
   * after ten seconds, so the timeout should be longer.
   */
  withLock<T>(path: string, timeout: number, work: () => T | Promise<T>): Promise<T>;
}

/** A file to be replaced, or removed. Text is the bytes as latin1. */
export type Replacement =
  /** One of ours: 0600, never through a link. */
  | { readonly kind: 'private'; readonly path: string; readonly text: string }
  /**
   * The user's: links followed to their target, mode and owner of an existing file kept, 0600 (and 0700 for directories made) otherwise.
   * `expected` is what was read, undefined for "nothing was there"; `text` undefined removes the file.
   */
  | {
      readonly kind: 'user';
      readonly path: string;
      readonly text: string | undefined;
      readonly expected: string | undefined;
    };
