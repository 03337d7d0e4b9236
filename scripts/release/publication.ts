import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkedFiles } from './contents.ts';
import { obstaclesTo, type Upload, uploadsOf } from './plan.ts';
import { signSums, verifySums } from './signature.ts';

/** A release to check, sign and optionally publish. */
export interface Publication {
  /** The directory that `npm run package` wrote. */
  readonly directory: string;
  readonly version: string;
  /** The tag of the release; undefined outside the pipeline of a tag. */
  readonly tag: string | undefined;
  readonly changelog: string;
  /** Path of an OpenSSH private key. */
  readonly key: string | undefined;
  /** Path of the list of allowed signers. */
  readonly signers: string;
  /** `s3://bucket/prefix`, served at the base URL. */
  readonly store: string | undefined;
  /** If false, only report what would be done. */
  readonly publish: boolean;
  /** Environment for the AWS CLI. */
  readonly environment: NodeJS.ProcessEnv;
  say(line: string): void;
}

/**
 * Checks, signs and publishes. Returns true if nothing prevents publishing. Throws if a file
 * differs from its checksum or a step fails.
 */
export function release(publication: Publication): boolean {
  const { directory, version, tag, changelog, store, publish, say } = publication;
  const files = checkedFiles(directory);
  const facts = { version, tag, changelog, files, installer: installerIn(directory, files) };
  const obstacles = [...obstaclesTo(facts), ...sign(publication), ...checkStore(publication)];
  for (const obstacle of obstacles) say(`${publish ? 'Not published' : 'Would not be published'}: ${obstacle}`);
  const uploads = uploadsOf(facts, store ?? '$RELEASE_STORE');
  if (!publish) {
    for (const { file, address } of uploads) say(`Would be published: ${file} → ${address}`);
  } else if (obstacles.length === 0) {
    for (const upload of uploads) put(publication, upload);
  }
  return obstacles.length === 0;
}

function installerIn(directory: string, files: readonly string[]): string {
  return files.includes('install.sh') ? readFileSync(join(directory, 'install.sh'), 'utf8') : '';
}

function sign({ directory, key, signers, say }: Publication): readonly string[] {
  if (key === undefined) return ['There is no RELEASE_SIGNING_KEY.'];
  signSums(directory, key);
  if (!existsSync(signers)) return [`There is no ${signers}, which names those who may sign.`];
  verifySums(directory, signers);
  say('Signed, and verified');
  return [];
}

/** A published version never changes. */
function checkStore({ store, publish, version, environment }: Publication): readonly string[] {
  if (store === undefined) return ['There is no RELEASE_STORE.'];
  if (!publish) return [];
  try {
    execFileSync('aws', ['s3', 'ls', `${store}/v${version}/`], { env: environment, stdio: 'pipe' });
  } catch (error) {
    // The AWS CLI exits with 1 if nothing is there; denied access or a missing bucket has another
    // code.
    if (error instanceof Error && 'status' in error && error.status === 1) return [];
    throw error;
  }
  return [`${store}/v${version}/ is there already.`];
}

function put({ directory, environment, say }: Publication, { file, address }: Upload): void {
  execFileSync('aws', ['s3', 'cp', '--no-progress', join(directory, file), address], {
    env: environment,
    stdio: 'pipe',
  });
  say(`Published: ${address}`);
}
