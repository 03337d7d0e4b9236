import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generatedPages } from './docs/pages.ts';

// npm run docs: writes the pages of docs/ that are generated from the code.

for (const [path, makePage] of Object.entries(generatedPages))
  writeFileSync(join(import.meta.dirname, '..', path), makePage());
