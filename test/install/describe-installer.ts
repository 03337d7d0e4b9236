import { describeWith } from '../needed-programs.ts';

/** For suites of the installer: it is tried with every downloader and shell that it is meant for. */
export const describeInstaller = describeWith('the installer', [
  'curl',
  'wget',
  'busybox',
  'dash',
  'openssl',
  'shasum',
  'gzip',
]);
