import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { editProfile, type ManagedSection, type ProfileChange } from '../../src/profile/profile-edit.ts';
import { isCredentialKey } from '../../src/profile/profile-key.ts';
import { undoProfile } from '../../src/profile/profile-undo.ts';
import { applyEdits } from '../../src/profile/text-edit.ts';
import { type MadeConfig, nastyConfig, readableConfig, targets } from './nasty-config.ts';
import { installedReaders, type Reader, type Reading } from './readers/reader.ts';

const webIdentity = (profile: string, job: string): ManagedSection => ({
  profile,
  job,
  keys: [
    ['role_arn', 'arn:aws:iam::123456789012:role/deploy'],
    ['web_identity_token_file', `/home/ci/.sem-aws-login/jobs/${job}/token`],
    ['role_session_name', `semaphore-job-${job}`],
    ['region', 'eu-central-1'],
    ['sts_regional_endpoints', 'regional'],
  ],
});

const byProcess = (profile: string, job: string): ManagedSection => ({
  profile,
  job,
  keys: [
    ['credential_process', `/usr/local/bin/sem-aws-login credentials --profile ${profile}`],
    ['region', 'eu-central-1'],
  ],
});

const wantedSection = fc
  .tuple(fc.constantFrom(...targets), fc.constantFrom(webIdentity, webIdentity, byProcess))
  .map(([profile, make]) => make(profile, 'job-1'));

const editedText = (text: string, section: ManagedSection): { after: string; change: ProfileChange } | null => {
  const change = editProfile(text, section, { overwrite: true });
  return change.kind === 'change' ? { after: applyEdits(text, change.edits), change } : null;
};

const spansOf = ({ chunks }: MadeConfig): { profile: string | null; from: number; to: number }[] => {
  let to = 0;
  return chunks.map(({ profile, text }) => {
    const from = to;
    to += text.length;
    return { profile, from, to };
  });
};

/** What must hold for every config file, tried with as many made-up ones as `runs` says, of each of two kinds. */
export const describeProfileProperties = (runs: number): void => {
  const always = (name: string, holds: (made: MadeConfig, section: ManagedSection) => void | Promise<void>): void => {
    test.each([
      ['readable', readableConfig],
      ['nasty', nastyConfig],
    ])(
      `${name} (%s files)`,
      (_, config) =>
        fc.assert(
          fc.asyncProperty(config, wantedSection, async (made, section) => holds(made, section)),
          { numRuns: runs },
        ),
      20 * 60_000,
    );
  };

  describe('whatever the config file', () => {
    always('a section is made, unless the file itself stands in the way', (made, section) => {
      const change = editProfile(made.text, section, { overwrite: true });
      if (made.readable) expect(change).toMatchObject({ kind: 'change' });
    });

    always('bytes outside the section are the same', (made, section) => {
      const edited = editedText(made.text, section);
      if (edited === null) return;
      const end = made.text.length;
      for (const { offset, length } of edited.change.edits) {
        const inOwn = spansOf(made).some(
          ({ profile, from, to }) => profile === section.profile && offset >= from && offset + length <= to,
        );
        expect(inOwn || offset === end).toBe(true);
      }
    });

    always('the same login again changes nothing', (made, section) => {
      const edited = editedText(made.text, section);
      if (edited === null) return;
      const again = editProfile(edited.after, section, { overwrite: false, earlier: edited.change.undo });
      expect(again).toMatchObject({ kind: 'change', edits: [], undo: edited.change.undo });
    });

    always('login, then logout, gives the same bytes', (made, section) => {
      const edited = editedText(made.text, section);
      if (edited === null) return;
      const undone = undoProfile(edited.after, JSON.parse(JSON.stringify(edited.change.undo)));
      expect(undone).toMatchObject({ kind: 'undone', restored: true });
      expect(undone.kind === 'undone' && applyEdits(edited.after, undone.edits)).toBe(made.text);
    });
  });

  describe('whatever the config file, as the SDKs read it', () => {
    let readers: readonly Reader[];
    beforeAll(async () => {
      readers = await installedReaders('readers of the config file');
    });
    afterAll(() => {
      for (const reader of readers) reader.end();
    });

    always('our profile reads as it was written, and every other as before', async (made, section) => {
      const edited = editedText(made.text, section);
      if (edited === null) return;
      const names = [...new Set([...made.chunks.flatMap(({ profile }) => profile ?? []), section.profile])].filter(
        (name) => !name.includes(' '),
      );
      for (const reader of readers) await expectReadRight(reader, made, edited.after, section, names);
    });
  });
};

const expectReadRight = async (
  reader: Reader,
  made: MadeConfig,
  edited: string,
  section: ManagedSection,
  names: readonly string[],
): Promise<void> => {
  const [before, after] = await Promise.all([reader.read(made.text, names), reader.read(edited, names)]);
  if (before === 'refused') return;
  const others = (reading: Reading): unknown => othersIn(made.readable ? reading : flat(reading), section);
  expect({ [reader.name]: others(after) }).toEqual({ [reader.name]: others(before) });
  if (leaks(reader, made, section)) return;
  const own = ownIn(after, section);
  expect({ [reader.name]: deciding(own) }).toEqual({ [reader.name]: wantedBy(reader, section) });
  // In nasty files what one reader takes for a key of the section is to another part of a value that we replace.
  const ownBefore = ownIn(before, section);
  if (!made.readable || ownBefore === undefined) return;
  expect({ [reader.name]: kept(own, section) }).toEqual({ [reader.name]: kept(ownBefore, section) });
};

/** Whether this reader takes a section of another name for part of the profile, which an edit only can warn of. */
const leaks = ({ name }: Reader, { text }: MadeConfig, { profile }: ManagedSection): boolean =>
  (name === 'Ruby' && profile !== 'default' && text.includes(`[${profile}]`)) ||
  (name === 'botocore' && text.includes('[DEFAULT]'));

/** The profiles other than ours, under whatever spelling of its name a reader knows it. */
const othersIn = (reading: Reading, { profile }: ManagedSection): unknown =>
  reading === 'refused'
    ? reading
    : Object.fromEntries(Object.entries(reading).filter(([name]) => plainName(name) !== profile));

/**
 * A reading of a nasty file without what our section cannot help but change: Ruby's SDK hangs a stray indented line on
 * the last block of any section before it, and Go's keeps a CR that ends the file, but not when an LF follows.
 */
const flat = (reading: Reading): Reading =>
  reading === 'refused'
    ? reading
    : Object.fromEntries(
        Object.entries(reading).map(([profile, keys]) => [
          profile,
          Object.fromEntries(Object.entries(keys).flatMap(([key, value]) => textEntry(key, value))),
        ]),
      );

const textEntry = (key: string, value: unknown): [string, string][] =>
  typeof value === 'string' ? [[key, value.replace(/\r+$/, '')]] : [];

const plainName = (name: string): string => name.replace(/^\s*profiles?[\s.]+/, '').replace(/["'\s]/g, '');

type Keys = { readonly [key: string]: unknown };

const ownIn = (reading: Reading, { profile }: ManagedSection): Keys | undefined =>
  reading === 'refused' ? { refused: true } : reading[profile];

const isOurs = (name: string): boolean =>
  isCredentialKey(name.toLowerCase()) || ['region', 'sts_regional_endpoints'].includes(name.toLowerCase());

/** The keys that decide about credentials, and the ones that we write beside them. */
const deciding = (keys: Keys = {}): Keys => Object.fromEntries(Object.entries(keys).filter(([name]) => isOurs(name)));

/** The other keys, which an edit leaves as they are. */
const kept = (keys: Keys = {}, { keys: wanted }: ManagedSection): Keys => {
  const names = new Set<string>(wanted.map(([name]) => name));
  return Object.fromEntries(
    Object.entries(keys).filter(([name]) => !isCredentialKey(name.toLowerCase()) && !names.has(name.toLowerCase())),
  );
};

const wantedBy = (reader: Reader, { keys }: ManagedSection): Keys =>
  // Go's has no field for it.
  Object.fromEntries(keys.filter(([name]) => reader.name !== 'Go v2' || name !== 'sts_regional_endpoints'));
