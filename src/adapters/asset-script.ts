import { getRawAsset } from 'node:sea';
import { Script } from 'node:vm';

/**
 * Runs a script that the executable carries, with the V8 cache made for it after it had been used: nothing of it that a login needs is
 * compiled again. V8 quietly leaves out a cache that does not fit. Gives what the script exports; only for the executable.
 */
export function runAssetScript(name: string): unknown {
  // The build writes scripts in ASCII: one byte a character, which is also how V8 then keeps them.
  const source = Buffer.from(getRawAsset(`${name}.cjs`)).toString('latin1');
  const cachedData = Buffer.from(getRawAsset(`${name}.cache`));
  const module: { exports: unknown } = { exports: {} };
  new Script(source, { filename: `${name}.cjs`, cachedData }).runInThisContext()(module, require);
  return module.exports;
}
