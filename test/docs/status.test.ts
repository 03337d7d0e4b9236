import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { startAws } from '../aws-simulator/aws.ts';
import { makeFurtherRoles } from '../aws-simulator/further-roles.ts';
import { executableDirectory } from '../executable.ts';
import { makeScratch } from '../setup/setup-run.ts';
import { consoleBlock, replayed, timeless } from './replay.ts';

const page = join(import.meta.dirname, '../../docs/status.md');

it('the page on status shows the current output of its commands ("npx vitest run test/docs -u" updates it)', async () => {
  await using aws = await startAws({ roles: makeFurtherRoles() });
  using scratch = makeScratch();
  const text = readFileSync(page, 'utf8');
  let printed = text;
  for (const [index, [whole, , body = '']] of [...text.matchAll(consoleBlock)].entries()) {
    // Each block is a separate job.
    const home = join(scratch.path, `home-${index}`);
    mkdirSync(home);
    const env = {
      ...{ PATH: `${executableDirectory}:/usr/bin:/bin`, HOME: home, AWS_EC2_METADATA_DISABLED: 'true' },
      ...aws.environmentFor({ jobId: '2f8a7c9e-5a3d-4c1b-9c59-0d7c1f3b7e11' }),
      ...aws.clientEnvironment,
    };
    const today = timeless(await replayed(body, home, env), home);
    printed = printed.replace(whole, () => whole.replace(body, () => today));
  }
  await expect(printed).toMatchFileSnapshot(page);
});
