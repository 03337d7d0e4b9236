import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type BuildOptions, build, type Plugin } from 'esbuild';

export const root = join(import.meta.dirname, '..', '..');

/** The parts of package.json that the program and the build use. */
export const project: {
  readonly name: string;
  readonly version: string;
  readonly bugs: { readonly url: string };
  readonly devDependencies: { readonly node: string };
} = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

/** A bundled script and its sources. */
export interface Bundle {
  readonly text: string;
  /** Bytes of the bundle by source file; paths are relative to the root. */
  readonly origins: Readonly<Record<string, number>>;
}

const SLIM_HEAD = '#!/usr/bin/env node';

/** Returns the whole program as one script for an installed Node, 22.12 or later. */
export async function bundleSlimScript(): Promise<Bundle> {
  // esbuild inlines a lazily loaded module whole. So the SDK's part is bundled first, with only the
  // code that is used.
  const client = await bundle('src/adapters/sts-call.ts', {});
  const { text, origins } = await bundle('src/main.ts', {
    banner: { js: SLIM_HEAD },
    plugins: [stsClientAs(client.text)],
  });
  return { text, origins: { ...client.origins, ...origins } };
}

/** Returns the executable's main script; everything else is an asset. */
export function bundleExecutableMain(): Promise<Bundle> {
  return bundle('src/adapters/executable-main.ts', {});
}

/**
 * Returns the asset scripts of the executable by name: function expressions with the parameters
 * `module` and `require`.
 */
export async function bundleAssetScripts(): Promise<Readonly<Record<string, Bundle>>> {
  const asFunction = { banner: { js: '(function (module, require) {' }, footer: { js: '})' } };
  const [program, stsClient] = await Promise.all([
    // The size does not matter here, and names make the stack trace of a bug readable.
    bundle('src/main.ts', { ...asFunction, minifyIdentifiers: false, plugins: [stsClientAsAsset] }),
    bundle('src/adapters/sts-call.ts', asFunction),
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
    // With ES modules, esbuild can drop unused code.
    mainFields: ['module', 'main'],
    minifyWhitespace: true,
    minifySyntax: true,
    minifyIdentifiers: true,
    charset: 'ascii',
    legalComments: 'none',
    // `import()` of a Node module fails in a single executable with a code cache; `require` works.
    supported: { 'dynamic-import': false },
    define: {
      SEM_AWS_LOGIN_VERSION: JSON.stringify(project.version),
      SEM_AWS_LOGIN_BUGS: JSON.stringify(project.bugs.url),
      SEM_AWS_LOGIN_IS_EXECUTABLE: String(options.banner?.['js'] !== SLIM_HEAD),
      // The SDK checks bodies against these types; a look at the first one loads Node's web
      // streams.
      ReadableStream: 'undefined',
      Blob: 'undefined',
    },
    logLevel: 'warning',
    ...options,
    plugins: [...(options.plugins ?? []), unusedParts, lateFunctions, defaultImports],
  });
  const [file] = outputFiles ?? [];
  const [output] = Object.values(metafile?.outputs ?? {});
  if (file === undefined || output === undefined) throw new Error(`esbuild made nothing of ${entry}`);
  const origins = Object.entries(output.inputs).map(([path, { bytesInOutput }]) => [path, bytesInOutput] as const);
  return { text: file.text, origins: Object.fromEntries(origins) };
}

/** The import path of the module with the SDK's part. */
const stsClient = /\/sts-call\.ts$/;

const stsClientAsAsset: Plugin = {
  name: 'sts-client-as-asset',
  setup({ onResolve }) {
    const asset = join(root, 'src', 'adapters', 'sts-client-asset.ts');
    onResolve({ filter: stsClient }, () => ({ path: asset }));
  },
};

function stsClientAs(contents: string): Plugin {
  return {
    name: 'sts-client',
    setup({ onResolve, onLoad }) {
      // The .cjs extension marks a CommonJS module for esbuild.
      onResolve({ filter: stsClient }, () => ({ path: 'aws-sdk.cjs', namespace: 'sts-client' }));
      onLoad({ filter: /.*/, namespace: 'sts-client' }, () => ({ contents }));
    },
  };
}

/** Exports of Node modules that load slowly: the first call loads the module, not the start. */
const LATE_FUNCTIONS: Readonly<Record<string, readonly string[]>> = {
  'node:child_process': ['spawn', 'spawnSync'],
  'node:crypto': ['createHash', 'createHmac', 'randomBytes', 'randomUUID', 'X509Certificate'],
  'node:tty': ['isatty'],
};

const lateFunctions: Plugin = {
  name: 'late-functions',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^node:(child_process|crypto|tty)$/, namespace: 'file' }, ({ path, importer }) =>
      importer.startsWith(join(root, 'src')) ? { path, namespace: 'late-functions', sideEffects: false } : undefined,
    );
    onLoad({ filter: /.*/, namespace: 'late-functions' }, ({ path }) => ({
      contents: (LATE_FUNCTIONS[path] ?? [])
        .map((name) => {
          const late = `require('${path}').${name}`;
          return `export const ${name} = function (...given) { return new.target ? new (${late})(...given) : ${late}(...given); };`;
        })
        .join('\n'),
    }));
  },
};

/**
 * Node modules with a default import. esbuild would copy about a hundred properties at every start;
 * the module itself is the same.
 */
const defaultImports: Plugin = {
  name: 'default-imports',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^node:process$/, namespace: 'file' }, ({ path, importer }) =>
      importer === join(root, 'src', 'main.ts')
        ? { path, namespace: 'default-imports', sideEffects: false }
        : undefined,
    );
    onLoad({ filter: /.*/, namespace: 'default-imports' }, ({ path }) => ({
      contents: `export default require('${path}');`,
    }));
  },
};

/** Imports that the bundle names but never uses, each with a stand-in and the reason. */
const UNUSED_PARTS: readonly { readonly part: RegExp; readonly in: RegExp; readonly standIn: string }[] = [
  // CRC checksums, which STS does not use. A Node module takes half a millisecond to load.
  { part: /^node:zlib$/, in: /\/@smithy\//, standIn: 'export default {};' },
];

const unusedParts: Plugin = {
  name: 'unused-parts',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^(@aws-sdk\/|node:)/ }, ({ path, importer }) => {
      const index = UNUSED_PARTS.findIndex((unused) => unused.part.test(path) && unused.in.test(importer));
      return index < 0 ? undefined : { path: String(index), namespace: 'unused-part', sideEffects: false };
    });
    onLoad({ filter: /.*/, namespace: 'unused-part' }, ({ path }) => ({
      contents: UNUSED_PARTS[Number(path)]?.standIn ?? '',
      resolveDir: root,
    }));
  },
};
