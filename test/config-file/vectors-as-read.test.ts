import { afterAll, beforeAll, describe, test } from 'vitest';
import { editedCase, readableCases } from './public-cases.ts';
import { expectReadRight } from './read-right.ts';
import { installedReaders, type Reader } from './readers/reader.ts';

describe('each public case that is a readable file, as the SDKs read it', () => {
  let readers: readonly Reader[];
  beforeAll(async () => {
    readers = await installedReaders('public test cases of the config file');
  });
  afterAll(() => {
    for (const reader of readers) reader.end();
  });

  test.each(readableCases)('accepts a new profile: $name', async ({ text }) => {
    for (const profile of ['deploy', 'ci_1']) await expectRead(text, profile, 'added');
  });

  test.each(readableCases)('has a profile overwritten: $name', async ({ text }) => {
    for (const profile of ['foo', 'default']) await expectRead(text, profile, 'any');
  });

  const expectRead = async (text: string, profile: string, how: 'added' | 'any'): Promise<void> => {
    const edited = editedCase(text, profile, how);
    if (edited === undefined) return;
    for (const reader of readers) {
      const names = ['foo', 'bar', 'default', profile];
      await expectReadRight(reader, { text, readable: true }, edited.after, edited.section, names);
    }
  };
});
