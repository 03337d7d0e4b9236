import { describe, expect, test } from 'vitest';
import { makeJobRecordText, parseJobRecord, undoFor } from '../../src/login/job-record.ts';
import { makePlainHop } from '../../src/sts/role-chain.ts';

describe('the job record', () => {
  const undo = {
    profile: 'default',
    job: 'j1',
    keys: [['region', 'x']] as const,
    written: '[default]\nregion = x',
    original: undefined,
    blankLines: '',
  };
  const undoEarlier = { ...undo, keys: [['region', 'old']] as const, written: '[default]\nregion = old' };
  const owner = { pid: 4242, startTime: '31415926', bootId: 'b', pidNamespace: 'pid:[1]', machine: 'host 0123' };
  const record = {
    job: 'j1',
    expires: new Date('2026-11-23T20:00:00Z'),
    profiles: [
      {
        config: '/home/me/.aws/config',
        profile: 'default',
        madeFile: true,
        undo,
        undoEarlier,
        recipe: {
          chain: { first: makePlainHop('arn:aws:iam::123456789012:role/deploy', 'semaphore-job-1'), further: [] },
          tokenFile: '/token',
          region: undefined,
        },
      },
    ],
    environmentBefore: { AWS_REGION: 'eu-west-1' },
    owners: [owner],
    envFileId: '0123abcd',
    environments: [
      {
        config: '/home/me/.aws/config',
        envFile: '/own/jobs/j1/env',
        unset: ['AWS_PROFILE'],
        exports: [['AWS_REGION', 'eu-west-1']] as const,
        keys: { hash: '00ff', expires: new Date('2026-11-23T09:00:00Z') },
      },
    ],
  };

  test('is parsed to the same record', () => {
    expect(parseJobRecord(makeJobRecordText(record))).toEqual(record);
  });

  test.each([
    { what: 'what was written last', text: '[default]\nregion = x\n', by: undo },
    { what: 'what a killed login did not replace', text: '[default]\nregion = old\n', by: undoEarlier },
    { what: 'what another program has changed', text: '[default]\nregion = other\n', by: undo },
  ])('undoes $what by its own record', ({ text, by }) => {
    const [recorded] = record.profiles;
    expect(recorded && undoFor(recorded, text)).toBe(by);
  });

  test.each([
    ['', 'nothing'],
    ['{"form":"sem-aws-login job 1"', 'truncated'],
    ['[]', 'not an object'],
    ['null', 'not an object'],
    ['{"form":"something else"}', 'another form'],
  ])('is undefined for %j: %s', (text) => {
    expect(parseJobRecord(text)).toBeUndefined();
  });

  /** Returns the stored record with another value at one path. */
  function changed(path: string, value: unknown): string {
    const whole: unknown = JSON.parse(makeJobRecordText(record));
    const names = path.split('.');
    const last = names.pop() ?? '';
    // The path can name any member of any object.
    const parent = names.reduce<unknown>((one, name) => (one as Record<string, unknown>)[name], whole);
    Object.assign(parent as object, { [last]: value });
    return JSON.stringify(whole);
  }

  test.each<readonly [path: string, value: unknown]>([
    ['form', 'sem-aws-login job 2'],
    ['job', 1],
    ['expires', 1],
    ['expires', 'soon'],
    ['profiles', {}],
    ['profiles.0', null],
    ['profiles.0.config', 1],
    ['profiles.0.profile', 1],
    ['profiles.0.madeFile', 'yes'],
    ['profiles.0.recipe', null],
    ['profiles.0.recipe.chain', {}],
    ['profiles.0.recipe.tokenFile', 1],
    ['profiles.0.undo', null],
    ['profiles.0.undo.profile', 1],
    ['profiles.0.undo.job', 1],
    ['profiles.0.undo.keys', {}],
    ['profiles.0.undo.written', 1],
    ['profiles.0.undo.former', 1],
    ['profiles.0.undo.lead', 1],
  ])('is undefined if %s is %j', (path, value) => {
    expect(parseJobRecord(changed(path, value))).toBeUndefined();
  });

  const [profile] = record.profiles;
  test.each<readonly [path: string, value: unknown, read: object]>([
    ['profiles', [], { profiles: [] }],
    [
      'profiles.0.undoEarlier',
      { ...undo, former: null, lead: 1 },
      { profiles: [{ ...profile, undoEarlier: undefined }] },
    ],
    ['environments', undefined, { environments: [] }],
    ['environments', { 0: record.environments[0] }, { environments: [] }],
    ['environments.0.config', 1, { environments: [] }],
    ['environments.0.exports', null, { environments: [] }],
    ['environments.0.keys', null, { environments: [{ ...record.environments[0], keys: undefined }] }],
    ['environments.0.keys.expires', 'soon', { environments: [{ ...record.environments[0], keys: undefined }] }],
    ['owners', undefined, { owners: [] }],
    ['owners', [owner, { ...owner, pid: '1' }], { owners: [] }],
    ['owners', [{ ...owner, startTime: 1 }], { owners: [] }],
    ['owners', [{ ...owner, bootId: null }], { owners: [] }],
    ['owners', { 0: owner }, { owners: [] }],
    ['profiles.0.recipe.region', 1, { profiles: [{ recipe: { region: undefined } }] }],
    ['profiles.0.recipe.region', 'eu-west-1', { profiles: [{ recipe: { region: 'eu-west-1' } }] }],
    ['profiles.0.undo.former', '[default]', { profiles: [{ undo: { original: '[default]' } }] }],
    [
      'profiles.0.undo.keys',
      [['a', 'b'], ['a'], ['a', 'b', 'c'], ['a', 1], 'ab', [1, 'b']],
      { profiles: [{ undo: { keys: [['a', 'b']] } }] },
    ],
  ])('is read without the invalid part of %s: %j', (path, value, read) => {
    expect(parseJobRecord(changed(path, value))).toMatchObject(read);
  });

  test.each([
    [{ A: 'a', B: 1, C: null }, { A: 'a' }],
    ['x', {}],
    [undefined, {}],
  ])('keeps only the texts of an environment of %j', (value, read) => {
    expect(parseJobRecord(changed('environmentBefore', value))?.environmentBefore).toEqual(read);
  });

  test('is readable text', () => {
    expect(makeJobRecordText(record)).toMatch(/^\{\n "form": "sem-aws-login job 1",\n "job": "j1",\n/);
    expect(makeJobRecordText(record)).toMatch(/\}\n$/);
  });
});
