import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { playJob } from '../agent/agent-job.ts';
import { type LocalAws, startAws } from '../aws-simulator/aws.ts';
import { executableDirectory } from '../executable.ts';

/** Every page with the commands of its `bash` blocks; `needs-aws` marks a block that needs AWS. */
const pages = [
  'README.md',
  ...readdirSync('docs')
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
].map((path) => [path, commandsOf(readFileSync(path, 'utf8'))] as const);

function commandsOf(text: string): string[] {
  const blocks = [...text.matchAll(/^```bash\n(.*?)^```$/gms)].map((match) => (match[1] ?? '').trimEnd());
  // .ci/run runs the build's own commands.
  return blocks.filter((block) => !/^(npm|cd|git) /.test(block));
}

let aws: LocalAws;
beforeAll(async () => {
  aws = await startAws();
});
afterAll(async () => {
  await aws.close();
});

describe('every command in the documentation works as written', () => {
  test.each(pages.filter(([, commands]) => commands.length > 0))('%s', async (_path, commands) => {
    const home = mkdtempSync(join(tmpdir(), 'sem-aws-login-docs-'));
    try {
      const environment = { ...aws.environmentFor('branch'), ...aws.clientEnvironment };
      const path = `${executableDirectory}${delimiter}${process.env['PATH']}`;
      const played = await playJob({ home, environment: { ...environment, PATH: path }, commands });
      const failed = played.steps.filter((step) => step.exitCode !== 0);
      expect(failed).toEqual([]);
      expect(played.steps).toHaveLength(commands.length);
    } finally {
      rmSync(home, { recursive: true });
    }
  });

  test('the documentation has commands', () => {
    expect(pages.flatMap(([, commands]) => commands).length).toBeGreaterThan(3);
  });
});

describe('every link between pages has a target', () => {
  const linked = ['README.md', 'CONTRIBUTING.md', 'SECURITY.md', ...pages.map(([path]) => path)];
  test.each([...new Set(linked)])('%s', (path) => {
    const text = readFileSync(path, 'utf8');
    const targets = [...text.matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map((match) => match[1] ?? '');
    for (const target of targets) expect(() => readdirOrFile(join(path, '..', target))).not.toThrow();
  });
});

function readdirOrFile(path: string): void {
  readFileSync(path);
}
