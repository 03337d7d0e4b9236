import { describeWith } from '../needed-programs.ts';

/** `describe` for the installer's suites, which need every supported downloader and shell. */
export const describeInstaller = describeWith('the installer', [
  'curl',
  'wget',
  'busybox',
  'dash',
  'openssl',
  'shasum',
  'gzip',
]);
