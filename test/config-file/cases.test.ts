import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { editProfile } from '../../src/config-file/edit.ts';
import { applyEdits } from '../../src/config-file/text-edit.ts';
import { undoProfile } from '../../src/config-file/undo.ts';
import { webIdentity } from './wanted-section.ts';

/** A case's `options.json`. */
interface Options {
  /** The fault that only this case catches. */
  readonly catches: string;
  readonly profile: string;
  readonly overwrite?: boolean;
  readonly refused?: { readonly reason: string; readonly line: number };
  readonly warnings?: readonly string[];
}

const root = join(import.meta.dirname, 'cases');
const cases = readdirSync(root).map((name) => {
  const file = (part: string): string => readFileSync(join(root, name, part), 'latin1');
  const options: Options = JSON.parse(readFileSync(join(root, name, 'options.json'), 'utf8'));
  return {
    name,
    before: file('before'),
    after: () => file('after'),
    refuses: !existsSync(join(root, name, 'after')),
    ...options,
  };
});

const edit = (before: string, profile: string, overwrite = false) =>
  editProfile(before, webIdentity(profile, 'job-1'), { overwrite });

describe('an edit', () => {
  test.each(cases.filter(({ refuses }) => !refuses))(
    '$name: $catches',
    ({ before, after, profile, overwrite, warnings }) => {
      const change = edit(before, profile, overwrite);
      if (change.kind === 'refused') throw new Error(JSON.stringify(change));
      const text = applyEdits(before, change.edits);
      expect(text).toBe(after());
      expect(change.warnings.map(warningText)).toEqual(warnings ?? []);
    },
  );
});

describe('an edit, undone,', () => {
  test.each(cases.filter(({ name }) => /^(?:added|overwritten)-/.test(name)))(
    '$name: gives the bytes from before',
    ({ before, profile, overwrite }) => {
      const change = edit(before, profile, overwrite);
      if (change.kind === 'refused') throw new Error(JSON.stringify(change));
      const undone = undoProfile(applyEdits(before, change.edits), change.undo);
      expect(undone.kind === 'undone' && applyEdits(applyEdits(before, change.edits), undone.edits)).toBe(before);
    },
  );
});

describe('no edit', () => {
  test.each(cases.filter(({ refuses }) => refuses))('$name: $catches', ({ before, profile, overwrite, refused }) => {
    expect(edit(before, profile, overwrite)).toMatchObject({ kind: 'refused', ...refused });
  });
});

const warningText = (warning: object): string => Object.values(warning).map(String).join(' ');
