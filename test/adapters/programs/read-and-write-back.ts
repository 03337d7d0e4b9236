import { readFileSync, writeFileSync } from 'node:fs';
import { argv } from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';

// Changes one value of a config file again and again as `aws configure set` does: reads the file, empties it, fills it. It knows of no lock.
// Arguments: the file, how often.

const [path = '', times = ''] = argv.slice(2);
for (let time = 1; time <= Number(times); time++) {
  writeFileSync(path, readFileSync(path, 'latin1').replace(/foreign = \d+/, `foreign = ${time}`), 'latin1');
  await sleep(50 * Math.random());
}
