import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { startAws } from '../aws-simulator/aws.ts';
import { executableDirectory } from '../executable.ts';
import { startIam } from '../setup/local-iam.ts';
import { makeScratch } from '../setup/setup-run.ts';
import { skipped } from '../skips.ts';
import { consoleBlock, replayed, timeless } from './replay.ts';

const guide = join(import.meta.dirname, '../../docs/aws-setup.md');
const account = '123456789012';
const hasAws = existsSync('/usr/bin/aws');
if (!hasAws) skipped('the guide to setting up AWS', 'no /usr/bin/aws');

it.skipIf(!hasAws)('shows the current output of its commands ("npx vitest run test/docs -u" updates it)', async () => {
  await using aws = await startAws({ roles: [], providers: [] });
  const iam = await startIam(aws.accounts, account);
  using scratch = makeScratch();
  const home = join(scratch.path, 'home');
  const work = join(scratch.path, 'work');
  const programs = join(scratch.path, 'programs');
  for (const directory of [home, work, programs]) mkdirSync(directory);
  const client = `#!/bin/sh\nexec /usr/bin/aws --endpoint-url ${iam.url} "$@"\n`;
  writeFileSync(join(programs, 'aws'), client);
  chmodSync(join(programs, 'aws'), 0o755);

  const everywhere = { PATH: `${programs}:${executableDirectory}:/usr/bin:/bin`, HOME: home, LC_ALL: 'C.UTF-8' };
  const job = aws.environmentFor({ jobId: '2f8a7c9e-5a3d-4c1b-9c59-0d7c1f3b7e11' });
  const places: Readonly<Record<string, Readonly<Record<string, string>>>> = {
    '': everywhere,
    job: { ...everywhere, ...job, ...aws.proxyEnvironment },
    administrator: {
      ...{ ...everywhere, AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE', AWS_SECRET_ACCESS_KEY: 'secret' },
      ...{ AWS_DEFAULT_REGION: 'eu-west-1', AWS_EC2_METADATA_DISABLED: 'true' },
    },
  };

  const text = readFileSync(guide, 'utf8');
  let printed = text;
  for (const [whole, place = '', body = ''] of text.matchAll(consoleBlock)) {
    const env = places[place];
    if (env === undefined) throw new Error(`unknown place ${place}`);
    const today = timeless(await replayed(body, work, env), home);
    printed = printed.replace(whole, () => whole.replace(body, () => today));
  }
  await iam.close();
  await expect(printed).toMatchFileSnapshot(guide);
});
