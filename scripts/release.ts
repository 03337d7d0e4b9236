import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { project, root } from './build/bundle.ts';
import { release } from './release/publication.ts';

// npm run release [-- --publish]: checks and signs the result of npm run package, and shows what it
// would publish. With --publish it publishes.
// RELEASE_SIGNING_KEY: path of an OpenSSH private key; its public key is in
// .semaphore/release-signers
// RELEASE_STORE: s3://bucket/prefix, served at the base URL in package.json; the AWS CLI writes to
// it

const publish = process.argv.includes('--publish');
const canPublish = release({
  directory: join(root, 'dist', 'release'),
  version: project.version,
  tag: process.env['SEMAPHORE_GIT_TAG_NAME'],
  changelog: readFileSync(join(root, 'CHANGELOG.md'), 'utf8'),
  key: process.env['RELEASE_SIGNING_KEY'],
  signers: join(root, '.semaphore', 'release-signers'),
  store: process.env['RELEASE_STORE'],
  publish,
  environment: process.env,
  say: console.log,
});
if (publish && !canPublish) process.exitCode = 1;
