import { readFileSync } from 'node:fs';
import process from 'node:process';

// npm run build: writes the executable for this machine and the slim script to dist/.

const { devDependencies } = JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf8'));
if (process.version !== `v${devDependencies.node}`) {
  console.error(
    `This needs Node ${devDependencies.node}, which "npm ci" installs and "npm run build" uses; got ${process.version}.`,
  );
  process.exit(1);
}
const { buildForThisMachine } = await import('./scripts/build/this-machine.ts');
await buildForThisMachine();
