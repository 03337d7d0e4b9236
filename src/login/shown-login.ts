import type { JobRecord, RecordedEnvironment, RecordedProfile } from './job-record.ts';

/** The part of a job's record that concerns one shell. */
export interface ShownLogin {
  readonly profiles: readonly [RecordedProfile, ...RecordedProfile[]];
  readonly exported: RecordedEnvironment | undefined;
}

/** Returns the login that this shell's config file has; if it has none, the job's latest one. */
export function shownLoginOf(
  { profiles, environments }: JobRecord,
  shellConfig: string | undefined,
): ShownLogin | undefined {
  const latest = profiles.at(-1)?.config;
  const config = profiles.some((one) => one.config === shellConfig) ? shellConfig : latest;
  const [first, ...others] = profiles.filter((one) => one.config === config);
  if (first === undefined) return undefined;
  return { profiles: [first, ...others], exported: environments.find((one) => one.config === config) };
}

/** Whether the login exported nothing that chooses one of its roles. */
export function mustChoose({ profiles, exported }: ShownLogin): boolean {
  if (exported === undefined) return profiles.length > 1;
  const chooses = exported.exports.some(([name]) => name === 'AWS_PROFILE' || name === 'AWS_ROLE_ARN');
  return !chooses && exported.keys === undefined;
}
