// Builds the one-file program. The executable around it comes with the packaging step.
import { build } from 'esbuild';

await build({
  entryPoints: ['src/main.ts'],
  outfile: 'dist/sem-aws-login.cjs',
  bundle: true,
  platform: 'node',
  target: 'node22',
  format: 'cjs',
});
