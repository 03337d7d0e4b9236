import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pkgSea, { type SeaConfig } from '@yao-pkg/pkg/lib-es5/sea.js';
import { project } from './bundle.ts';

/** A platform as this project's files name it. */
export interface Platform {
  readonly os: 'linux' | 'darwin' | 'win';
  readonly arch: 'x64' | 'arm64';
}

/** One executable to make. All paths are absolute. */
export interface ExecutableRequest {
  readonly platform: Platform;
  /** The Node that the program is put into; of the version that this project pins. */
  readonly node: string;
  readonly main: string;
  /** Files by the names under which the program asks for them. */
  readonly assets: Readonly<Record<string, string>>;
  readonly output: string;
  /** A directory of this build's own, for what pkg expects to find. */
  readonly workDirectory: string;
}

/** Puts the program into a copy of Node. Must run on the pinned Node itself, since the format of what is put in may change with every release. */
export async function makeExecutable(request: ExecutableRequest): Promise<void> {
  const { os, arch } = request.platform;
  const home = process.env['HOME'];
  process.env['HOME'] = placeNode(request);
  const seaConfig: SeaConfig & { execArgvExtension: 'none' } = {
    // The main script is next to nothing; the assets have caches of their own.
    useCodeCache: false,
    useSnapshot: false,
    disableExperimentalSEAWarning: true,
    // NODE_OPTIONS could otherwise run code in the program, or keep it from starting.
    execArgvExtension: 'none',
    assets: request.assets,
  };
  try {
    // Not pkg's command line, which would drop most of this configuration. An internal path: pkg's version is pinned.
    await pkgSea.default(request.main, {
      targets: [
        {
          nodeRange: `node${project.devDependencies.node}`,
          platform: os === 'darwin' ? 'macos' : os,
          arch,
          output: request.output,
        },
      ],
      // Only a Mac has the tool for it; elsewhere the signature is made afterwards.
      signature: hostOs() === 'darwin',
      seaConfig,
    });
  } finally {
    if (home === undefined) delete process.env['HOME'];
    else process.env['HOME'] = home;
  }
}

/** The platform that this build runs on. */
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

/** Lays Node out as pkg's cache under a home directory, so that pkg finds it there and downloads nothing; gives that home. */
function placeNode({ platform: { os, arch }, node, workDirectory }: ExecutableRequest): string {
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
