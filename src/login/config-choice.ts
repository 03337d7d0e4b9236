import { createHash } from 'node:crypto';
import { basename, dirname, join } from 'node:path';
import { loginIdOf } from '../sts/role-chain.ts';
import type { RoleChain } from '../world/sts.ts';
import type { JobRecord, RecordedProfile } from './job-record.ts';
import { type LoginPaths, privateConfigName } from './paths.ts';
import type { LoginProfile } from './plan.ts';

/** The config file that a login writes. */
export interface ConfigChoice {
  readonly paths: LoginPaths;
  /** The chosen file starts as a copy of this one, which has profiles of this job. */
  readonly copied: { readonly config: string; readonly profiles: readonly RecordedProfile[] } | undefined;
  /** Profiles that other shells can use and whose role this login replaces. */
  readonly replaced: readonly ReplacedRole[];
}

export interface ReplacedRole {
  readonly profile: string;
  readonly from: RoleChain;
  readonly to: RoleChain;
}

/**
 * Returns the config file for these profiles. A file that a shell of this job uses keeps its roles:
 * another role in the same profile gets a file in which the shell's other profiles are unchanged.
 * Without exports no shell could find that file, so the role is replaced.
 */
export function chooseConfig(
  paths: LoginPaths,
  wanted: readonly Pick<LoginProfile, 'profile' | 'recipe'>[],
  record: JobRecord | undefined,
  canExport: boolean,
): ConfigChoice {
  const profilesIn = (config: string) => record?.profiles.filter((one) => one.config === config) ?? [];
  const { currentConfig } = paths;
  const isUsable = currentConfig !== undefined && (profilesIn(currentConfig).length > 0 || !canExport);
  const start = isUsable ? currentConfig : paths.config;
  const replaced = replacedIn(profilesIn(start), wanted);
  if (!canExport || replaced.length === 0) return { paths: withConfig(paths, start), copied: undefined, replaced };

  const kept = profilesIn(start).filter(({ profile }) => wanted.every((one) => one.profile !== profile));
  const view = viewOf([...kept, ...wanted]);
  const known = new Set([paths.config, ...(record?.profiles.map(({ config }) => config) ?? [])]);
  const isOurs = (config: string) => config === paths.config || dirname(config) === paths.directory;
  const existing = [...known].find((config) => isOurs(config) && contains(viewOf(profilesIn(config)), view));
  if (existing !== undefined) return { paths: withConfig(paths, existing), copied: undefined, replaced: [] };
  return {
    paths: withConfig(paths, newConfig(paths.directory, view, known)),
    copied: { config: start, profiles: kept },
    replaced: [],
  };
}

/** Each profile's role and session options, as an id. */
type View = ReadonlyMap<string, string>;

function viewOf(profiles: readonly Pick<LoginProfile, 'profile' | 'recipe'>[]): View {
  return new Map(profiles.map(({ profile, recipe }) => [profile, loginIdOf(recipe.chain)]));
}

function contains(view: View, wanted: View): boolean {
  return [...wanted].every(([profile, id]) => view.get(profile) === id);
}

function replacedIn(
  present: readonly RecordedProfile[],
  wanted: readonly Pick<LoginProfile, 'profile' | 'recipe'>[],
): ReplacedRole[] {
  return wanted.flatMap(({ profile, recipe: { chain: to } }) => {
    const from = present.find((one) => one.profile === profile)?.recipe.chain;
    return from === undefined || loginIdOf(from) === loginIdOf(to) ? [] : [{ profile, from, to }];
  });
}

/** Returns the path of a private file that no login has used: the same one for the same view. */
function newConfig(directory: string, view: View, known: ReadonlySet<string>): string {
  const content = JSON.stringify([...view].sort());
  for (let attempt = 0; ; attempt++) {
    const id = createHash('sha256').update(`${attempt} ${content}`).digest('hex').slice(0, 8);
    const path = join(directory, privateConfigName(id));
    if (!known.has(path)) return path;
  }
}

function withConfig(paths: LoginPaths, config: string): LoginPaths {
  if (config === paths.config) return paths;
  const isFirst = basename(config) === privateConfigName(undefined);
  return { ...paths, config, isolation: isFirst ? 'requested' : 'other-role' };
}
