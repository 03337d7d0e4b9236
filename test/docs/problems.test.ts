import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { problemsPage } from '../../scripts/problems/page.ts';

test('docs/problems.md is what the program says today ("npm run docs" makes it)', () => {
  expect(readFileSync('docs/problems.md', 'utf8')).toBe(problemsPage());
});
