import { locateProfile } from '../config-file/find.ts';
import type { ConfigFile, ConfigKey, ConfigSection, DefectKind } from '../config-file/model.ts';
import type { Environment } from '../world/world.ts';

export interface ClientInputs {
  readonly environment: Environment;
  readonly config: ConfigFile | undefined;
  readonly credentials: ConfigFile | undefined;
}

/** How a client's reading of the files differs. */
export interface FileDialect {
  valueOf(key: ConfigKey): string;
  /** Whether `[name]` in the config file is a profile; the format says `[profile name]`. */
  readonly bareSections: boolean;
}

/** As the format's public test cases say. */
export const standardDialect: FileDialect = { valueOf: (key) => key.value, bareSections: false };

/** Python reads a comment after a value as part of it. */
export const pythonDialect: FileDialect = { valueOf: (key) => key.raw, bareSections: false };

/** In Ruby only a semicolon begins a comment after a value. */
export const rubyDialect: FileDialect = { valueOf: (key) => key.raw.split(/\s;/)[0] ?? '', bareSections: true };

/** A profile's values by key, in lower case. */
export type ProfileKeys = ReadonlyMap<string, string>;

export interface ClientView extends ClientInputs {
  /** A profile's keys in one file; undefined when that file does not have it. */
  profileIn(file: 'config' | 'credentials', name: string): ProfileKeys | undefined;
  /** A profile's keys in both files; the credentials file wins. Undefined when neither has it. */
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

/** Whether Python's clients refuse a file. */
export function isRefusedByPython(file: ConfigFile | undefined): boolean {
  return file?.defects.some(({ why }) => defectsFatalForPython.has(why)) === true;
}
