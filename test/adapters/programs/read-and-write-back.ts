import { readFileSync, writeFileSync } from 'node:fs';
import { argv } from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';

// Repeatedly changes a value in a config file as `aws configure set` does: reads, empties and fills
// it, without a lock. Arguments: file, number of changes.

const [path = '', times = ''] = argv.slice(2);
for (let time = 1; time <= Number(times); time++) {
  writeFileSync(path, readFileSync(path, 'latin1').replace(/foreign = \d+/, `foreign = ${time}`), 'latin1');
  await sleep(50 * Math.random());
}
