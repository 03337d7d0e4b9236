import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { editProfile, type ProfileChange } from '../../src/config-file/edit.ts';
import type { ManagedSection } from '../../src/config-file/managed-section.ts';
import { applyEdits } from '../../src/config-file/text-edit.ts';
import { undoProfile } from '../../src/config-file/undo.ts';
import { type MadeConfig, nastyConfig, readableConfig, targets } from './nasty-config.ts';
import { expectReadRight } from './read-right.ts';
import { installedReaders, type Reader } from './readers/reader.ts';
import { byProcess, webIdentity } from './wanted-section.ts';

const wantedSection = fc
  .tuple(fc.constantFrom(...targets), fc.constantFrom(webIdentity, webIdentity, byProcess))
  .map(([profile, make]) => make(profile, 'job-1'));

/** A generated file after a login with `overwrite`. */
interface Edited {
  readonly made: MadeConfig;
  readonly section: ManagedSection;
  readonly after: string;
  readonly change: ProfileChange;
}

const spansOf = ({ chunks }: MadeConfig): { profile: string | undefined; from: number; to: number }[] => {
  let to = 0;
  return chunks.map(({ profile, text }) => {
    const from = to;
    to += text.length;
    return { profile, from, to };
  });
};

/** Tests a property of edited config files with `runs` generated ones of each of two kinds. */
const always = (runs: number, name: string, holds: (edited: Edited) => void | Promise<void>): void => {
  test.each([
    ['readable', readableConfig, runs],
    // About half of these files have a reason to refuse the edit; fewer edits than this would prove nothing.
    ['nasty', nastyConfig, Math.floor(runs / 3)],
  ])(
    `${name} (%s files)`,
    async (_, config, least) => {
      let edits = 0;
      const property = fc.asyncProperty(config, wantedSection, async (made, section) => {
        const change = editProfile(made.text, section, { overwrite: true });
        if (change.kind === 'refused') return;
        edits++;
        await holds({ made, section, after: applyEdits(made.text, change.edits), change });
      });
      await fc.assert(property, { numRuns: runs });
      expect(edits).toBeGreaterThanOrEqual(least);
    },
    20 * 60_000,
  );
};

/** Tests what is true of every config file. */
export const describeProfileProperties = (runs: number): void => {
  describe('whatever the config file', () => {
    always(runs, 'bytes outside the section stay the same', ({ made, section, change }) => {
      for (const { offset, length } of change.edits) {
        const inOwn = spansOf(made).some(
          ({ profile, from, to }) => profile === section.profile && offset >= from && offset + length <= to,
        );
        expect(inOwn || offset === made.text.length).toBe(true);
      }
    });

    always(runs, 'the same login again changes nothing', ({ section, after, change }) => {
      const again = editProfile(after, section, { overwrite: false, earlier: change.undo });
      expect(again).toMatchObject({ kind: 'change', edits: [], undo: change.undo });
    });

    always(runs, 'login, then logout, gives the same bytes', ({ made, after, change }) => {
      const undone = undoProfile(after, JSON.parse(JSON.stringify(change.undo)));
      expect(undone).toMatchObject({ kind: 'undone' });
      expect(undone.kind === 'undone' && applyEdits(after, undone.edits)).toBe(made.text);
    });
  });
};

/** Tests how the SDKs' own readers read every edited config file. */
export const describeReadProperties = (runs: number): void => {
  describe('whatever the config file, as the SDKs read it', () => {
    let readers: readonly Reader[];
    beforeAll(async () => {
      readers = await installedReaders('readers of the config file');
    });
    afterAll(() => {
      for (const reader of readers) reader.end();
    });

    always(runs, 'our profile reads as written, and every other one as before', async ({ made, section, after }) => {
      const named = new Set([...made.chunks.flatMap(({ profile }) => profile ?? []), section.profile]);
      const names = [...named].filter((name) => !name.includes(' '));
      for (const reader of readers) await expectReadRight(reader, made, after, section, names);
    });
  });
};
