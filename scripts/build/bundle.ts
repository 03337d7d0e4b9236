import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type BuildOptions, build, type Plugin } from 'esbuild';

/** The project's root. */
export const root = join(import.meta.dirname, '..', '..');

/** What of package.json the program and the build speak of. */
export const project: {
  readonly name: string;
  readonly version: string;
  readonly bugs: { readonly url: string };
  readonly devDependencies: { readonly node: string };
} = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

/** A bundled script and what it was made of. */
export interface Bundle {
  readonly text: string;
  /** Bytes of it that come from a file, by the file's path from the root. */
  readonly origins: Readonly<Record<string, number>>;
}

const SLIM_HEAD = '#!/usr/bin/env node';

/** The whole program as one script for an installed Node, 22.12 or later. */
export async function bundleSlimScript(): Promise<Bundle> {
  // What a script loads only later, esbuild puts into it whole. So the SDK's part is a script by itself first, of what is used of it.
  const client = await bundle('src/adapters/sts-call.ts', {});
  const { text, origins } = await bundle('src/main.ts', {
    banner: { js: SLIM_HEAD },
    plugins: [stsClientAs(client.text)],
  });
  return { text, origins: { ...client.origins, ...origins } };
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
      // The slim script is a file for Node to run, all else is part of the executable.
      SEM_AWS_LOGIN_IS_EXECUTABLE: String(options.banner?.['js'] !== SLIM_HEAD),
      // The SDK asks whether a body is one of these; to look at the first is to load Node's web streams.
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

/** The module that holds the SDK's part, as others name it. */
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
      // By its ending, esbuild knows a CommonJS module.
      onResolve({ filter: stsClient }, () => ({ path: 'aws-sdk.cjs', namespace: 'sts-client' }));
      onLoad({ filter: /.*/, namespace: 'sts-client' }, () => ({ contents }));
    },
  };
}

/** Functions and classes of Node's own modules that load slowly, which are therefore loaded by the first call and not by the program's start. */
const LATE_FUNCTIONS: Readonly<Record<string, readonly string[]>> = {
  'node:child_process': ['spawn'],
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
 * Modules of Node's own of which the default is imported. For that, esbuild makes a copy with the same hundred properties, at every start;
 * what they export is their default.
 */
const defaultImports: Plugin = {
  name: 'default-imports',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^node:(fs|path|process)$/, namespace: 'file' }, ({ path, importer }) =>
      importer === join(root, 'src', 'main.ts') || importer.includes('/commander/')
        ? { path, namespace: 'default-imports', sideEffects: false }
        : undefined,
    );
    onLoad({ filter: /.*/, namespace: 'default-imports' }, ({ path }) => ({
      contents: `export default require('${path}');`,
    }));
  },
};

/** What is named by the code we use but is never reached by us; each with what stands in for it, and why it never is. */
const UNUSED_PARTS: readonly { readonly part: RegExp; readonly in: RegExp; readonly standIn: string }[] = [
  // Writes what it sees of connections to stderr when DEBUG is set.
  { part: /^debug$/, in: /./, standIn: 'export default () => () => {};' },
  // Kerberos for proxies, by a package that is not installed.
  { part: /^proxy-agent-negotiate$/, in: /./, standIn: 'export const createNegotiateAuth = undefined;' },
  // From here on: modules of Node's own, which cost half a millisecond each to load. Subcommands that are programs of their own:
  { part: /^node:child_process$/, in: /\/commander\//, standIn: 'export default {};' },
  // CRC checksums, which STS does not use.
  { part: /^node:zlib$/, in: /\/@smithy\//, standIn: 'export default {};' },
];

const unusedParts: Plugin = {
  name: 'unused-parts',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^(@aws-sdk\/|debug$|proxy-agent-negotiate$|node:)/ }, ({ path, importer }) => {
      const index = UNUSED_PARTS.findIndex((unused) => unused.part.test(path) && unused.in.test(importer));
      return index < 0 ? undefined : { path: String(index), namespace: 'unused-part', sideEffects: false };
    });
    onLoad({ filter: /.*/, namespace: 'unused-part' }, ({ path }) => ({
      contents: UNUSED_PARTS[Number(path)]?.standIn ?? '',
      resolveDir: root,
    }));
  },
};
