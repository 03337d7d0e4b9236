// Builds the one-file program. The executable around it comes with the packaging step.
import { readFileSync } from 'node:fs';
import { build } from 'esbuild';

const description = JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf8'));

await build({
  entryPoints: ['src/main.ts'],
  outfile: 'dist/sem-aws-login.cjs',
  bundle: true,
  platform: 'node',
  target: 'node22',
  format: 'cjs',
  define: {
    SEM_AWS_LOGIN_VERSION: JSON.stringify(description.version),
    SEM_AWS_LOGIN_BUGS: JSON.stringify(description.bugs.url),
  },
});
