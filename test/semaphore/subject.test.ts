import { describe, expect, it } from 'vitest';
import { makeSubject, type ProjectParts, parseSubject, projectPartsOf } from '../../src/semaphore/subject.ts';

const nothing = { org: undefined, project: undefined, repo: undefined };

describe('the project in a subject', () => {
  it.each<readonly [subject: string | undefined, host: string | undefined, parts: ProjectParts]>([
    ['org:acme:project:p:repo:web:ref_type:x', 'rtx.example', { org: 'acme', project: 'p', repo: 'web' }],
    ['org::project::repo::', undefined, { org: '', project: '', repo: '' }],
    ['x:org:acme:project:p:repo:web:', 'rtx.example', { ...nothing, org: 'rtx' }],
    ['org:acme:project:p:repo:web', 'rtx.example', { ...nothing, org: 'rtx' }],
    [undefined, 'rtx.example', { ...nothing, org: 'rtx' }],
    [undefined, undefined, nothing],
  ])('%s from %s', (subject, host, parts) => {
    expect(projectPartsOf(subject, host)).toEqual(parts);
  });
});

it.each([
  'org:acme:project:p:repo:web:ref_type:branch:ref:refs/heads/main',
  'org:acme:project:p:repo:web:ref_type::ref:',
])('%s is built again from its parts', (text) => {
  const subject = parseSubject(text);
  expect(subject && makeSubject(subject)).toBe(text);
});
