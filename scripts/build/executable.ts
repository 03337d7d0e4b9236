import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pkgSea, { type SeaConfig } from '@yao-pkg/pkg/lib-es5/sea.js';
import { project } from './bundle.ts';

/** A platform, named as in the release's files. */
export interface Platform {
  readonly os: 'linux' | 'darwin' | 'win';
  readonly arch: 'x64' | 'arm64';
}

/** One executable to build. All paths are absolute. */
export interface ExecutableRequest {
  readonly platform: Platform;
  /** The Node to copy, in the version that package.json pins. */
  readonly node: string;
  readonly main: string;
  /** Files by the name that the program requests. */
  readonly assets: Readonly<Record<string, string>>;
  readonly output: string;
  /** A directory for this build, where pkg looks for its cache. */
  readonly workDirectory: string;
}

/**
 * Puts the program into a copy of Node. Must run on the pinned Node: the format of the injected
 * data can change with every release.
 */
export async function makeExecutable(request: ExecutableRequest): Promise<void> {
  const { os, arch } = request.platform;
  const home = process.env['HOME'];
  process.env['HOME'] = makePkgHome(request);
  const seaConfig: SeaConfig & { execArgvExtension: 'none'; execArgv: readonly string[] } = {
    // The main script is tiny, and the assets have their own caches.
    useCodeCache: false,
    useSnapshot: false,
    disableExperimentalSEAWarning: true,
    // Otherwise NODE_OPTIONS could run code in the program or prevent its start.
    execArgvExtension: 'none',
    // SIGUSR1 would open Node's inspector until the program handles signals, and the file that
    // OPENSSL_CONF names can load code.
    execArgv: ['--disable-sigusr1', `--openssl-config=${os === 'win' ? 'NUL' : '/dev/null'}`],
    assets: request.assets,
  };
  try {
    // pkg's command line would drop most of this configuration. The import path is internal, so
    // pkg's version is pinned.
    await pkgSea.default(request.main, {
      targets: [
        {
          nodeRange: `node${project.devDependencies.node}`,
          platform: os === 'darwin' ? 'macos' : os,
          arch,
          output: request.output,
        },
      ],
      // The tool exists on macOS only. Elsewhere `npm run package` signs afterwards.
      signature: hostOs() === 'darwin',
      seaConfig,
    });
  } finally {
    if (home === undefined) delete process.env['HOME'];
    else process.env['HOME'] = home;
  }
}

/** Returns the platform of this machine. Throws if no executable can be built for it. */
export function hostPlatform(): Platform {
  const { arch } = process;
  if (arch !== 'x64' && arch !== 'arm64') throw new Error(`No executable can be made on ${arch}`);
  return { os: hostOs(), arch };
}

function hostOs(): Platform['os'] {
  switch (process.platform) {
    case 'linux':
    case 'darwin':
      return process.platform;
    case 'win32':
      return 'win';
    default:
      throw new Error(`No executable can be made on ${process.platform}`);
  }
}

/**
 * Creates a home directory with Node in pkg's cache, so that pkg downloads nothing. Returns its
 * path.
 */
function makePkgHome({ platform: { os, arch }, node, workDirectory }: ExecutableRequest): string {
  const home = join(workDirectory, 'pkg-home');
  const cache = join(home, '.pkg-cache', 'sea');
  rmSync(home, { recursive: true, force: true });
  const name = `node-v${project.devDependencies.node}-${os}-${arch}`;
  const executable = os === 'win' ? `${name}.exe` : join(name, 'bin', 'node');
  const archive = os === 'win' ? `${name}.zip` : `${name}.tar.gz`;
  mkdirSync(join(cache, executable, '..'), { recursive: true });
  symlinkSync(node, join(cache, executable));
  for (const marker of [`${executable}.ok`, archive, `${archive}.ok`]) writeFileSync(join(cache, marker), '');
  return home;
}
