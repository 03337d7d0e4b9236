import type { PolicyFault } from '../trust/trust-policy.ts';
import type { ReplacementLoss } from '../world/world.ts';

/** Failures of files on this machine, and of stdout. */
export type FileFailure =
  | FileUnusable
  | FileUnsafe
  | FileTooLarge
  | FileNotReplaceable
  | StdoutUnusable
  | FileLocked
  | LockNotADirectory
  | FileContested
  | FileExists
  | RoleUnreadable
  | ProfileNotOurs
  | ProfileUnreadable
  | ProfileValueUnwritable
  | ProfileUnknown
  | StaticKeys
  | CaBundleUnusable;

/** How each of them ends the program. */
export const fileExitCodes = {
  'file-unusable': 4,
  'file-unsafe': 4,
  'file-too-large': 4,
  'file-not-replaceable': 4,
  'stdout-unusable': 4,
  'file-locked': 4,
  'lock-not-a-directory': 4,
  'file-contested': 4,
  'file-exists': 4,
  'role-unreadable': 4,
  'profile-not-ours': 4,
  'profile-unreadable': 4,
  'profile-value-unwritable': 4,
  'profile-unknown': 4,
  'static-keys': 4,
  'ca-bundle-unusable': 4,
} as const satisfies Record<FileFailure['kind'], 4>;

/** An operation on a file or directory failed; `code` is the system's error code. */
interface FileUnusable {
  readonly kind: 'file-unusable';
  readonly path: string;
  readonly operation: FileOperation;
  readonly code: string;
}

/** Something at this path must not be used: a token could leak, or it is not a file. */
interface FileUnsafe {
  readonly kind: 'file-unsafe';
  readonly path: string;
  readonly reason: UnsafeReason;
}

/** The file is larger than any that this program reads. */
interface FileTooLarge {
  readonly kind: 'file-too-large';
  readonly path: string;
  /** The limit. */
  readonly megabytes: number;
}

/** A new file in place of this one would lose something, and the user asked for no other file. */
interface FileNotReplaceable {
  readonly kind: 'file-not-replaceable';
  readonly path: string;
  readonly loss: ReplacementLoss;
}

/** Writing to stdout failed; `code` is the system's error code. */
interface StdoutUnusable {
  readonly kind: 'stdout-unusable';
  readonly code: string;
}

/** Another process held the lock of the file for the whole timeout. */
interface FileLocked {
  readonly kind: 'file-locked';
  readonly path: string;
  readonly lock: string;
  readonly seconds: number;
}

/** Something else exists at the path of the file's lock, which is a directory. */
interface LockNotADirectory {
  readonly kind: 'lock-not-a-directory';
  readonly path: string;
  readonly lock: string;
  readonly found: 'file' | 'link' | 'other';
}

/** Another program changed the file during every attempt to replace it. */
interface FileContested {
  readonly kind: 'file-contested';
  readonly path: string;
}

/** The file of `setup --out` exists with other content. */
interface FileExists {
  readonly kind: 'file-exists';
  readonly path: string;
}

/** The file of `setup --check` has no role that can be read. */
interface RoleUnreadable {
  readonly kind: 'role-unreadable';
  readonly source: string;
  readonly fault: PolicyFault;
}

/** The config file has a profile of this name that this program did not write. */
interface ProfileNotOurs {
  readonly kind: 'profile-not-ours';
  readonly path: string;
  readonly profile: string;
  readonly line: number;
}

/** A line of the config file keeps some SDKs from reading the profile; `lineText` is in byte text. */
interface ProfileUnreadable {
  readonly kind: 'profile-unreadable';
  readonly path: string;
  readonly profile: string;
  readonly problem: 'profile-twice' | 'junk-line' | 'key-twice' | 'odd-header' | 'not-text';
  readonly line: number;
  readonly lineText: string;
}

/** The SDKs do not all read this value the same way; without a `key` it is the profile's name. */
interface ProfileValueUnwritable {
  readonly kind: 'profile-value-unwritable';
  readonly path: string;
  readonly profile: string;
  readonly key: string | undefined;
}

/** No login of this job wrote the profile. */
interface ProfileUnknown {
  readonly kind: 'profile-unknown';
  readonly profile: string;
  readonly directory: string;
}

/** A file has static keys for the profile, which take precedence over the login in some SDKs. */
interface StaticKeys {
  readonly kind: 'static-keys';
  readonly path: string;
  readonly profile: string;
  readonly line: number;
}

/** The file of certificates that `variable` names cannot be used. */
interface CaBundleUnusable {
  readonly kind: 'ca-bundle-unusable';
  readonly variable: string;
  readonly path: string;
  readonly problem: CaBundleProblem;
}

/** What was tried with a file or directory; messages show it after "Cannot". */
export type FileOperation = 'read' | 'write' | 'keep the owner of' | 'make the directory' | 'remove' | 'lock' | 'list';

/** Why a token must not be kept at a path; `not-a-file` can concern the user's files too. */
export type UnsafeReason = 'link' | 'foreign-owner' | 'writable-by-others' | 'not-a-file' | 'not-a-directory';

/** What is wrong with a file of certificates; `code` is the system's, for one that cannot be read. */
export type CaBundleProblem =
  | { readonly code: string }
  | 'not-a-file'
  | 'too-large'
  | 'empty'
  | 'der'
  | 'damaged'
  | 'no-certificate';
