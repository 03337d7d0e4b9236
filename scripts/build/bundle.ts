import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type BuildOptions, build, type Metafile, type Plugin } from 'esbuild';

/** The project's root. */
export const root = join(import.meta.dirname, '..', '..');

/** What of package.json the program and the build speak of. */
export const project: {
  readonly version: string;
  readonly bugs: { readonly url: string };
  readonly devDependencies: { readonly node: string };
} = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

/** A bundled script and what it was made of. */
export interface Bundle {
  readonly text: string;
  readonly metafile: Metafile;
}

/** The whole program as one script for an installed Node, 22.12 or later. */
export function bundleSlimScript(): Promise<Bundle> {
  return bundle('src/main.ts', { banner: { js: '#!/usr/bin/env node' } });
}

/** What Node runs in the executable; everything else is an asset. */
export function bundleExecutableMain(): Promise<Bundle> {
  return bundle('src/adapters/executable-main.ts', {});
}

/** The scripts that the executable carries as assets, by name: function expressions that take a module to fill and a `require`. */
export async function bundleAssetScripts(): Promise<Readonly<Record<string, Bundle>>> {
  const asFunction = { banner: { js: '(function (module, require) {' }, footer: { js: '})' } };
  const [program, stsClient] = await Promise.all([
    // Size counts for nothing here: a bug's stack is worth more when it has names.
    bundle('src/main.ts', { ...asFunction, minifyIdentifiers: false, plugins: [stsClientAsAsset] }),
    bundle('src/sts/aws-sdk.ts', asFunction),
  ]);
  return { program, 'sts-client': stsClient };
}

async function bundle(entry: string, options: BuildOptions): Promise<Bundle> {
  const { outputFiles, metafile } = await build({
    absWorkingDir: root,
    entryPoints: [entry],
    outfile: 'dist/bundle.cjs',
    bundle: true,
    write: false,
    metafile: true,
    platform: 'node',
    target: 'node22.12',
    format: 'cjs',
    // The packages' ES modules come first: of them only what is used goes in.
    mainFields: ['module', 'main'],
    minifyWhitespace: true,
    minifySyntax: true,
    minifyIdentifiers: true,
    charset: 'ascii',
    legalComments: 'none',
    // An `import()` of Node's own modules fails in a single executable that runs from a code cache; a `require` does not.
    supported: { 'dynamic-import': false },
    define: {
      SEM_AWS_LOGIN_VERSION: JSON.stringify(project.version),
      SEM_AWS_LOGIN_BUGS: JSON.stringify(project.bugs.url),
    },
    logLevel: 'warning',
    ...options,
    plugins: [...(options.plugins ?? []), unusedParts],
  });
  const [file] = outputFiles ?? [];
  if (file === undefined || metafile === undefined) throw new Error(`esbuild made nothing of ${entry}`);
  return { text: file.text, metafile };
}

const stsClientAsAsset: Plugin = {
  name: 'sts-client-as-asset',
  setup({ onResolve }) {
    const asset = join(root, 'src', 'adapters', 'sts-client-asset.ts');
    onResolve({ filter: /\/sts\/aws-sdk\.ts$/ }, () => ({ path: asset }));
  },
};

/** Packages that are named by what we use, but that no request of ours can reach; each with what stands in for it. */
const UNUSED_PARTS: Readonly<Record<string, string>> = {
  // Credentials are always given, or not needed: the web identity request is not signed.
  '@aws-sdk/credential-provider-node':
    'export const defaultProvider = () => async () => { throw new Error("No credentials were given"); };',
  // Signing for several regions at once, which STS does not use.
  '@aws-sdk/signature-v4-multi-region': 'export class SignatureV4MultiRegion {}',
  // Writes what it sees of connections to stderr when DEBUG is set.
  debug: 'export default () => () => {};',
};

const unusedParts: Plugin = {
  name: 'unused-parts',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^(@aws-sdk\/|debug$)/ }, ({ path }) =>
      path in UNUSED_PARTS ? { path, namespace: 'unused-part', sideEffects: false } : undefined,
    );
    onLoad({ filter: /.*/, namespace: 'unused-part' }, ({ path }) => ({ contents: UNUSED_PARTS[path] ?? '' }));
  },
};
