import { describe, expect, it } from 'vitest';
import type { ProjectParts } from '../../src/semaphore/subject.ts';
import { issuerHostOf } from '../../src/trust/condition-evaluation.ts';
import { fixSubject, isSiblingHost } from '../../src/trust/value-mistakes.ts';

const nothing = { org: undefined, project: undefined, repo: undefined };

describe('what is unknown is not fixed', () => {
  it.each<readonly [subject: string, job: ProjectParts, text: string, kinds: readonly string[]]>([
    ['org:rtx:x', nothing, 'org:rtx:x', []],
    ['xorg:rtx:project:web', { ...nothing, org: 'acme', project: 'p' }, 'xorg:rtx:project:web', []],
    ['org:rtx:project:web', nothing, 'org:rtx:project:web', ['project-name-for-id']],
    ['org:rtx:project:web:x', { ...nothing, project: 'p' }, 'org:rtx:project:p:x', ['project-name-for-id']],
    ['org:rtx:project:', { ...nothing, project: 'p' }, 'org:rtx:project:', []],
  ])('%s', (subject, job, text, kinds) => {
    expect(fixSubject(subject, job, [])).toEqual({ text, kinds });
  });
});

it.each([
  ['rtx.semaphoreci.com', 'acme.semaphoreci.com', true],
  ['https://rtx.Semaphoreci.com', 'acme.semaphoreci.COM', true],
  ['acme.semaphoreci.com', 'acme.semaphoreci.com', true],
  ['rtx.semaphore.cicom', 'acme.semaphoreci.com', false],
  ['semaphoreci.com', 'acme.semaphoreci.com', false],
  ['localhost', 'semaphore', false],
])('%s and %s are of the same installation: %s', (other, host, siblings) => {
  expect(isSiblingHost(other, host)).toBe(siblings);
});

it.each([
  ['https://acme.semaphoreci.com', 'acme.semaphoreci.com'],
  ['https://acme.example/path/', 'acme.example/path/'],
  ['http://acme.example/?https://', 'http://acme.example/?https://'],
  [undefined, undefined],
])('the host of the issuer %s is %s', (iss, host) => {
  expect(issuerHostOf({ iss })).toBe(host);
});
