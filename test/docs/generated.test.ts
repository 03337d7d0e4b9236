import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { generatedPages } from '../../scripts/docs/pages.ts';

test.each(Object.entries(generatedPages))(
  '%s is what the program says today ("npm run docs" makes it)',
  (path, makePage) => {
    expect(readFileSync(path, 'utf8')).toBe(makePage());
  },
);
