import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { editProfile } from '../../src/config-file/edit.ts';
import { managingJobOfProfile } from '../../src/config-file/find.ts';
import { readConfig } from '../../src/config-file/read.ts';
import { applyEdits } from '../../src/config-file/text-edit.ts';
import { type ProfileUndo, undoProfile } from '../../src/config-file/undo.ts';
import { nastyConfig, readableConfig, targets } from './nasty-config.ts';
import { byProcess, webIdentity } from './wanted-section.ts';

/** A config file that jobs share, with the undo records of their logins. */
class SharedConfig {
  text: string;
  readonly #records = new Map<string, ProfileUndo>();

  constructor(text: string) {
    this.text = text;
  }

  login(job: string, profile: string, make: typeof webIdentity): void {
    const existing = managingJobOfProfile(readConfig(this.text), profile);
    const earlier = this.#records.get(`${existing} ${profile}`);
    const change = editProfile(this.text, make(profile, job), { overwrite: true, earlier });
    if (change.kind !== 'change') return;
    this.text = applyEdits(this.text, change.edits);
    this.#records.set(`${job} ${profile}`, JSON.parse(JSON.stringify(change.undo)));
  }

  logout(job: string, profile: string): void {
    const record = this.#records.get(`${job} ${profile}`);
    if (record === undefined) return;
    const undone = undoProfile(this.text, record);
    if (undone.kind === 'undone') this.text = applyEdits(this.text, undone.edits);
    this.#records.delete(`${job} ${profile}`);
  }

  /** Appends a section, as another tool does. */
  append(section: string): void {
    this.text += (this.text === '' || /[\r\n]$/.test(this.text) ? '' : '\n') + section;
  }
}

const jobs = ['job-1', 'job-2', 'job-3'];
const jobAndProfile = fc.tuple(fc.constantFrom(...jobs), fc.constantFrom(...targets));

type Action = (config: SharedConfig) => void;

const loginAction = fc
  .tuple(jobAndProfile, fc.constantFrom(webIdentity, byProcess))
  .map(([[job, profile], make]): [string, Action] => [
    `login ${job} ${profile} ${make.name}`,
    (config) => config.login(job, profile, make),
  ]);
const logoutAction = jobAndProfile.map(([job, profile]): [string, Action] => [
  `logout ${job} ${profile}`,
  (config) => config.logout(job, profile),
]);
const actions = fc.array(fc.oneof({ weight: 3, arbitrary: loginAction }, { weight: 1, arbitrary: logoutAction }), {
  maxLength: 12,
});
const everyLogout = fc.shuffledSubarray(
  jobs.flatMap((job) => targets.map((profile) => [job, profile] as const)),
  { minLength: jobs.length * targets.length },
);

/** Tests `runs` generated sequences of several jobs' logins and logouts in one file. */
export const describeProfileSequences = (runs: number): void => {
  describe('whatever several jobs do to one config file', () => {
    test.each([
      ['readable', readableConfig],
      ['nasty', nastyConfig],
    ])('it is as before the first login once all have logged out (%s files)', (_, made) => {
      fc.assert(
        fc.property(made, actions, everyLogout, ({ text }, sequence, logouts) => {
          const config = new SharedConfig(text);
          for (const [, act] of sequence) act(config);
          for (const [job, profile] of logouts) config.logout(job, profile);
          expect(config.text).toBe(text);
        }),
        { numRuns: runs },
      );
    });

    test('what others add meanwhile stays, and nothing else', () => {
      const foreign = fc
        .constantFrom('[profile foreign]\nregion = x\n', '# comment\n[sso-session z]\na = b', '[services y]\r\n')
        .map((section): [string, Action] => [`append ${JSON.stringify(section)}`, (config) => config.append(section)]);
      const sequences = fc.array(
        fc.oneof(
          { weight: 3, arbitrary: loginAction },
          { weight: 1, arbitrary: logoutAction },
          { weight: 1, arbitrary: foreign },
        ),
        { maxLength: 12 },
      );
      fc.assert(
        fc.property(readableConfig, sequences, everyLogout, ({ text }, sequence, logouts) => {
          const config = new SharedConfig(text);
          const alone = new SharedConfig(text);
          for (const [name, act] of sequence) {
            act(config);
            if (name.startsWith('append')) act(alone);
          }
          for (const [job, profile] of logouts) config.logout(job, profile);
          expect(config.text.replaceAll('\r\n', '\n')).toBe(alone.text.replaceAll('\r\n', '\n'));
        }),
        { numRuns: runs },
      );
    });
  });
};
