import { locateProfile } from '../config-file/find.ts';
import type { ConfigFile, ConfigKey, ConfigSection, DefectKind } from '../config-file/model.ts';
import type { Environment } from '../world/world.ts';

/** What AWS clients read: variables and the two files. A file is undefined if it does not exist. */
export interface ClientInputs {
  readonly environment: Environment;
  readonly config: ConfigFile | undefined;
  readonly credentials: ConfigFile | undefined;
}

/** How a client reads the files. */
export interface FileDialect {
  valueOf(key: ConfigKey): string;
  /** Whether `[name]` in the config file is a profile. The format requires `[profile name]`. */
  readonly bareSections: boolean;
}

/** The dialect of the format's public test cases. */
export const standardDialect: FileDialect = { valueOf: (key) => key.value, bareSections: false };

/** Python's clients read a comment after a value as part of the value. */
export const pythonDialect: FileDialect = { valueOf: (key) => key.raw, bareSections: false };

/** In Ruby, only a semicolon begins a comment after a value. */
export const rubyDialect: FileDialect = { valueOf: (key) => key.raw.split(/\s;/)[0] ?? '', bareSections: true };

/** The values of a profile by key, in lower case. */
export type ProfileKeys = ReadonlyMap<string, string>;

/** The inputs as one client reads them. */
export interface ClientView extends ClientInputs {
  /** Returns the profile's keys in one file; undefined if the file does not have the profile. */
  profileIn(file: 'config' | 'credentials', name: string): ProfileKeys | undefined;
  /** Returns the profile's keys in both files; the credentials file takes precedence. Undefined if neither has it. */
  profile(name: string): ProfileKeys | undefined;
}

/** Returns the inputs as a client with this dialect reads them. */
export function clientViewOf(inputs: ClientInputs, dialect: FileDialect): ClientView {
  const profileIn: ClientView['profileIn'] = (file, name) => {
    const section =
      file === 'config'
        ? configSection(inputs.config, name, dialect.bareSections)
        : bareSection(inputs.credentials, name);
    return section && new Map(section.keys.map((key) => [key.name, dialect.valueOf(key)]));
  };
  return {
    ...inputs,
    profileIn,
    profile: (name) => {
      const found = [profileIn('config', name), profileIn('credentials', name)].filter((keys) => keys !== undefined);
      return found.length === 0 ? undefined : new Map(found.flatMap((keys) => [...keys]));
    },
  };
}

function configSection(file: ConfigFile | undefined, name: string, bare: boolean): ConfigSection | undefined {
  if (file === undefined) return undefined;
  const location = locateProfile(file, name);
  if (location.kind === 'absent') return bare ? bareSection(file, name) : undefined;
  return location.kind === 'found' ? location.section : location.second;
}

function bareSection(file: ConfigFile | undefined, name: string): ConfigSection | undefined {
  return file?.sections.findLast(({ headerText }) => headerText.trim() === name);
}

const defectsFatalForPython: ReadonlySet<DefectKind> = new Set([
  'bom',
  'not-utf8',
  'key-before-section',
  'section-twice',
  'key-twice',
  'junk-line',
]);

/** Whether Python's clients reject a file. */
export function isRefusedByPython(file: ConfigFile | undefined): boolean {
  return file?.defects.some(({ why }) => defectsFatalForPython.has(why)) === true;
}
