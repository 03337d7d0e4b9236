import { join } from 'node:path';
import { argv } from 'node:process';
import { makeDisk } from '../../../src/adapters/disk.ts';
import { Failure } from '../../../src/failure.ts';

// Replaces two private files and a user file that holds "old", as a login does. Argument: the home.
// Prints the result.

const [home = ''] = argv.slice(2);
const own = join(home, 'own');
const disk = makeDisk({ privateRoots: [own], uid: process.geteuid?.() });
const path = join(home, '.aws/config');
try {
  const replaced = disk.replace([
    { kind: 'private', path: join(own, 'jobs/1/token'), text: 'new token' },
    { kind: 'user', path, text: 'new', expected: 'old' },
    { kind: 'private', path: join(own, 'jobs/1/env'), text: 'new env' },
  ]);
  console.log(JSON.stringify(replaced));
} catch (error) {
  if (!(error instanceof Failure)) throw error;
  console.log(JSON.stringify(error.facts));
}
