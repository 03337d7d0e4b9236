import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkedFiles } from './contents.ts';
import { obstaclesTo, type Upload, uploadsOf } from './plan.ts';
import { signSums, verifySums } from './signature.ts';

/** One release to be checked, signed and, if wanted, published. */
export interface Publication {
  /** Where `npm run package` left it. */
  readonly directory: string;
  readonly version: string;
  /** The tag that is being released; undefined outside a tag's pipeline. */
  readonly tag: string | undefined;
  readonly changelog: string;
  /** The path of an OpenSSH private key. */
  readonly key: string | undefined;
  /** The path of the file that names those who may sign. */
  readonly signers: string;
  /** `s3://bucket/prefix`, served at the base URL. */
  readonly store: string | undefined;
  /** False: it is only told what would be done. */
  readonly publish: boolean;
  /** The environment of the AWS CLI. */
  readonly environment: NodeJS.ProcessEnv;
  say(line: string): void;
}

/** Does it; true if nothing stands against publishing. Throws where the files are not what their sums say, or a step fails. */
export function release(publication: Publication): boolean {
  const { directory, version, tag, changelog, store, publish, say } = publication;
  const files = checkedFiles(directory);
  const facts = { version, tag, changelog, files, installer: installerIn(directory, files) };
  const obstacles = [...obstaclesTo(facts), ...sign(publication), ...lookAtStore(publication)];
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

/** A version that was published is never changed. */
function lookAtStore({ store, publish, version, environment }: Publication): readonly string[] {
  if (store === undefined) return ['There is no RELEASE_STORE.'];
  if (!publish) return [];
  try {
    execFileSync('aws', ['s3', 'ls', `${store}/v${version}/`], { env: environment, stdio: 'pipe' });
  } catch (error) {
    // What the AWS CLI ends with when nothing is there; a refusal or a missing bucket ends with another.
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
