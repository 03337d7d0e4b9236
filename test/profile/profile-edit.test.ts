import { describe, expect, test } from 'vitest';
import { editProfile, type ManagedSection } from '../../src/profile/profile-edit.ts';
import { undoProfile } from '../../src/profile/profile-undo.ts';
import { applyEdits } from '../../src/profile/text-edit.ts';

const section: ManagedSection = {
  profile: 'default',
  job: 'job-1',
  keys: [
    ['role_arn', 'arn:aws:iam::123456789012:role/deploy'],
    ['web_identity_token_file', '/home/ci/.sem-aws-login/jobs/job-1/token'],
    ['region', 'eu-west-1'],
  ],
};

describe('a login, the same login again, and its undo', () => {
  test.each([
    ['an empty file', ''],
    ['a byte order mark alone', '\xef\xbb\xbf'],
    ['no newline at the end', '[profile a]\nregion = x'],
    ['CRLF', '[profile a]\r\nregion = x\r\n'],
    ['a header alone', '[default]'],
    [
      'a section to overwrite',
      '# mine\n[ default ] ; why\nRegion=us # note\ns3 =\n  region = b\nsso_session = q\n\n[profile b]',
    ],
  ])('leave %s as it was', (_, text) => {
    const login = editProfile(text, section, { overwrite: true });
    if (login.kind === 'refused') throw new Error(JSON.stringify(login));
    const after = applyEdits(text, login.edits);
    const again = editProfile(after, section, { overwrite: false, earlier: login.undo });
    expect(again).toMatchObject({ kind: 'change', edits: [], undo: login.undo });
    const undone = undoProfile(after, login.undo);
    expect(undone).toMatchObject({ kind: 'undone', restored: true });
    expect(undone.kind === 'undone' && applyEdits(after, undone.edits)).toBe(text);
  });
});
