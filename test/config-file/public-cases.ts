import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { editProfile, type ProfileChange } from '../../src/config-file/edit.ts';
import type { ManagedSection } from '../../src/config-file/managed-section.ts';
import { applyEdits } from '../../src/config-file/text-edit.ts';
import { webIdentity } from './wanted-section.ts';

interface Profiles {
  readonly [profile: string]: { readonly [key: string]: string };
}
interface Vector {
  readonly name: string;
  readonly input: { readonly configFile?: string; readonly credentialsFile?: string };
  readonly output: { readonly config?: { readonly profiles: Profiles }; readonly errorContaining?: string };
}

const { tests }: { tests: Vector[] } = JSON.parse(
  readFileSync(join(import.meta.dirname, 'vectors/profile-parser-tests.json'), 'utf8'),
);

/** How many cases there are in all. */
export const publicCases = tests.length;

/** The cases that are a readable config file: byte text and expected profiles; `mixed` with a credentials file. */
export const readableCases = tests.flatMap(({ name, input, output }) =>
  output.config === undefined || input.configFile === undefined
    ? []
    : [
        {
          name,
          text: Buffer.from(input.configFile).toString('latin1'),
          mixed: input.credentialsFile !== undefined,
          ...output.config,
        },
      ],
);

/** A case after a login. */
export interface EditedCase {
  readonly section: ManagedSection;
  readonly after: string;
  readonly change: ProfileChange;
}

/** Logs in with a profile; undefined when the edit is refused, which `added` does not expect. */
export const editedCase = (text: string, profile: string, how: 'added' | 'any'): EditedCase | undefined => {
  const section = webIdentity(profile, 'job-1');
  const change = editProfile(text, section, { overwrite: true });
  if (change.kind !== 'refused') return { section, after: applyEdits(text, change.edits), change };
  expect(how).toBe('any');
  expect(['profile-twice', 'key-twice', 'odd-header']).toContain(change.reason);
  return undefined;
};
