import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { root } from '../../scripts/build/bundle.ts';

const directory = join(root, '.semaphore');
const pipelines = readdirSync(directory).filter((name) => name.endsWith('.yml'));
const textOf = (name: string) => readFileSync(join(directory, name), 'utf8');
const scripts: Readonly<Record<string, string>> = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).scripts;

describe.for(pipelines)('the pipeline %s', (name) => {
  const text = textOf(name);
  it('runs scripts that exist', () => {
    const run = [...text.matchAll(/npm run ([\w:-]+)/g)].map(([, script = '']) => script);
    expect(run.filter((script) => scripts[script] === undefined)).toEqual([]);
    const own = [...text.matchAll(/- (\.ci\/\S+)/g)].map(([, path = '']) => path);
    expect(own.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });

  it('promotes to pipelines that exist', () => {
    const next = [...text.matchAll(/pipeline_file: (\S+)/g)].map(([, file = '']) => file);
    expect(next.filter((file) => !pipelines.includes(file))).toEqual([]);
  });

  it('has no stored AWS key', () => {
    expect(text).not.toMatch(/AWS_(ACCESS|SECRET)/);
  });
});

it('a tag starts a release, but someone must choose to publish it', () => {
  const first = textOf('semaphore.yml');
  expect(first).toMatch(/name: RELEASE_PUBLISH\n(.*\n)*? +default_value: 'no'\n/);
  expect(first).toMatch(/auto_promote:\n +when: "tag =~ '\^v\[0-9\]' AND result = 'passed'"/);
  for (const line of textOf('release.yml').split('\n')) {
    if (/--publish|--role-arn/.test(line)) expect(line).toContain('if [ "$RELEASE_PUBLISH" = yes ]');
  }
});
