import { createRequire } from 'node:module';
import { getRawAsset } from 'node:sea';
import { Script } from 'node:vm';
import type * as Client from '../sts/aws-sdk.ts';

/**
 * Stands in for `sts/aws-sdk.ts` in the executable: there the SDK is a script of its own with a V8 cache that was made after real
 * exchanges, so that nothing of it is compiled at a login. V8 quietly leaves out a cache that does not fit.
 */
export const assumeRoleWithWebIdentity: typeof Client.assumeRoleWithWebIdentity = (request, transport) =>
  load().assumeRoleWithWebIdentity(request, transport);

function load(): typeof Client {
  // The build writes the script in ASCII; one byte a character is also what V8 keeps in memory for it.
  const source = Buffer.from(getRawAsset('sts-client.cjs')).toString('latin1');
  const cachedData = Buffer.from(getRawAsset('sts-client.cache'));
  const script = new Script(source, { filename: 'sts-client.cjs', cachedData });
  const module: { exports: unknown } = { exports: {} };
  script.runInThisContext()(module, createRequire(process.execPath));
  // The build makes the script from just this module.
  return module.exports as typeof Client;
}
