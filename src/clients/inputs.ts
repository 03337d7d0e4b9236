import { locateProfile } from '../config-file/find.ts';
import type { ConfigFile, ConfigKey, ConfigSection, DefectKind } from '../config-file/model.ts';
import type { Environment } from '../world/world.ts';

/** What every client decides by. */
export interface ClientInputs {
  readonly environment: Environment;
  /** Undefined where there is no such file. */
  readonly config: ConfigFile | undefined;
  readonly credentials: ConfigFile | undefined;
}

/** How a client reads the files, where clients differ. */
export interface FileDialect {
  valueOf(key: ConfigKey): string;
  /** Takes `[name]` in the config file for a profile, which ought to be `[profile name]`. */
  readonly bareSections: boolean;
}

/** As the format's public test cases have it. */
export const standardDialect: FileDialect = { valueOf: (key) => key.value, bareSections: false };

/** Python's keeps a note after a value as part of it. */
export const pythonDialect: FileDialect = { valueOf: (key) => key.raw, bareSections: false };

/** Ruby's knows notes that begin with a semicolon only. */
export const rubyDialect: FileDialect = { valueOf: (key) => key.raw.split(/\s;/)[0] ?? '', bareSections: true };

/** A profile's keys by name, in lower case. */
export type ProfileKeys = ReadonlyMap<string, string>;

/** The inputs as one client sees it. */
export interface ClientView extends ClientInputs {
  /** A profile in one of the files; undefined where it does not stand there. */
  profileIn(file: 'config' | 'credentials', name: string): ProfileKeys | undefined;
  /** The keys of both files, those of the credentials file first; undefined where neither has the profile. */
  profile(name: string): ProfileKeys | undefined;
}

/** How a reader sees the inputs. */
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
      const found = [profileIn('config', name), profileIn('credentials', name)].filter((one) => one !== undefined);
      return found.length === 0 ? undefined : new Map(found.flatMap((one) => [...one]));
    },
  };
}

function configSection(file: ConfigFile | undefined, name: string, bare: boolean): ConfigSection | undefined {
  if (file === undefined) return undefined;
  const place = locateProfile(file, name);
  if (place.kind === 'absent') return bare ? bareSection(file, name) : undefined;
  return place.kind === 'found' ? place.section : place.second;
}

// A credentials file's sections are bare names.
function bareSection(file: ConfigFile | undefined, name: string): ConfigSection | undefined {
  return file?.sections.findLast(({ headerText }) => headerText.trim() === name);
}

const fatalForPython: ReadonlySet<DefectKind> = new Set([
  'bom',
  'not-utf8',
  'key-before-section',
  'section-twice',
  'key-twice',
  'junk-line',
]);

/** The line for which Python's clients refuse a file; undefined where they read it. */
export function lineFatalForPython(file: ConfigFile | undefined): number | undefined {
  return file?.defects.find(({ why }) => fatalForPython.has(why))?.line;
}
