import { argv } from 'node:process';
import { makeDisk } from '../../../src/adapters/disk.ts';

// Adds a profile to a config file under its lock, as a login does. Arguments: file, profile.

const [path = '', name = ''] = argv.slice(2);
const disk = makeDisk({ privateRoots: [], uid: process.geteuid?.() });
const section = `[profile ${name}]\nregion = eu-west-1\n`;

function addProfile(): boolean {
  const text = disk.read(path);
  if (text?.includes(section)) return true;
  return disk.replace([{ kind: 'user', path, text: `${text ?? ''}${section}`, expected: text }]);
}

await disk.withLock(path, 120_000, () => {
  while (!addProfile());
});
