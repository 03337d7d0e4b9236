import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, expect, it } from 'vitest';

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'run-test-'));
});
afterAll(() => rm(directory, { recursive: true }));

async function start(description: object) {
  const file = join(directory, 'description.json');
  await writeFile(file, JSON.stringify(description));
  const child = spawn(process.execPath, [join(import.meta.dirname, 'run.ts'), file], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  const answer = async () => JSON.parse((await lines.next()).value ?? 'null');
  return {
    first: await answer(),
    order: (order: object) => {
      child.stdin.write(`${JSON.stringify(order)}\n`);
      return answer();
    },
    end: async () => {
      child.stdin.end();
      const [status] = await once(child, 'exit');
      return status;
    },
  };
}

it('prints its addresses, executes commands, and ends with its stdin', async () => {
  const aws = await start({ directory, jobs: { tag: { job: 'tag', tags: true } } });
  const file = await readFile(join(directory, 'tag.env'), 'utf8');
  expect(file).toContain(`export SEMAPHORE_OIDC_TOKEN=${aws.first.jobs.tag.SEMAPHORE_OIDC_TOKEN}\n`);
  expect(file).toContain('export SEMAPHORE_GIT_REF=refs/tags/v1\n');

  expect(await aws.order({ faults: [{ kind: 'error', name: 'Throttling' }] })).toEqual({});
  const refused = await fetch(`${aws.first.url}/?Action=GetCallerIdentity`);
  expect(await refused.text()).toContain('<Code>Throttling</Code>');
  expect(await aws.order({ requests: true })).toMatchObject([{ outcome: { kind: 'refused', code: 'Throttling' } }]);
  expect(await aws.order({ job: { job: 'branch' } })).toMatchObject({ SEMAPHORE_GIT_REF_TYPE: 'branch' });
  expect(await aws.end()).toBe(0);
});
