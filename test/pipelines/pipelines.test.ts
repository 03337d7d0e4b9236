import { spawnSync } from 'node:child_process';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { pipelineSchema } from './pipeline-schema.ts';

const isPipeline = new Ajv({ allowUnionTypes: true, strict: true }).compile(pipelineSchema);
const pipelines = globSync(['.semaphore/*.yml', 'examples/**/*.yml']).toSorted();
const read = (path: string): unknown => parse(readFileSync(path, 'utf8'));

function commandsOf(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(commandsOf);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    key === 'commands' && Array.isArray(inner)
      ? inner.filter((command) => typeof command === 'string')
      : commandsOf(inner),
  );
}

describe('every pipeline', () => {
  test.each(pipelines)('%s matches the schema', (path) => {
    isPipeline(read(path));
    expect(isPipeline.errors).toBeNull();
  });

  test.each(pipelines)('%s has commands that bash can parse', (path) => {
    for (const command of commandsOf(read(path)))
      expect([command, spawnSync('bash', ['-nc', command], { encoding: 'utf8' }).stderr]).toEqual([command, '']);
  });

  test.each(pipelines)('%s logs in with a separate command', (path) => {
    const logins = commandsOf(read(path)).filter((command) => /sem-aws-login (?!logout)/.test(command));
    for (const command of logins) expect(command).toMatch(/^source "\$\(sem-aws-login [^;&|\n]*\)"$/);
  });

  test.each(pipelines)('%s promotes to files that exist', (path) => {
    for (const [, file = ''] of readFileSync(path, 'utf8').matchAll(/pipeline_file: (\S+)/g))
      expect(existsSync(`.semaphore/${file}`) || existsSync(file)).toBe(true);
  });

  test('every example in the README exists', () => {
    const listed = [...readFileSync('examples/README.md', 'utf8').matchAll(/\]\(([\w-]+\.yml)\)/g)].map(
      ([, name]) => `examples/${name}`,
    );
    expect(pipelines).toEqual(expect.arrayContaining(listed));
    expect(listed.length).toBeGreaterThan(3);
  });

  test.each([
    [
      'a job without commands',
      { version: 'v1.0', name: 'x', agent: { machine: { type: 'e1' } }, blocks: [{ task: { jobs: [{}] } }] },
    ],
    ['a misspelt key', { version: 'v1.0', name: 'x', agent: { machine: { type: 'e1' } }, block: [] }],
  ])('the schema refuses %s', (_title, value) => {
    expect(isPipeline(value)).toBe(false);
  });
});

test.each(globSync('examples/**/*.sh'))('%s passes shellcheck, or at least bash can parse it', (path) => {
  expect(spawnSync('bash', ['-n', path], { encoding: 'utf8' }).stderr).toBe('');
});
