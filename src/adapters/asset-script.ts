import { getRawAsset } from 'node:sea';
import { Script } from 'node:vm';

/**
 * Runs a script asset of the executable and returns its exports. Its V8 cache was made after use,
 * so that nothing that a login needs is compiled. V8 ignores a cache that does not fit.
 */
export function runAssetScript(name: string): unknown {
  // The build writes scripts in ASCII, so that V8 keeps one byte per character.
  const source = Buffer.from(getRawAsset(`${name}.cjs`)).toString('latin1');
  const cachedData = Buffer.from(getRawAsset(`${name}.cache`));
  const module: { exports: unknown } = { exports: {} };
  new Script(source, { filename: `${name}.cjs`, cachedData }).runInThisContext()(module, require);
  return module.exports;
}
