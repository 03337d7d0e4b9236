import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { RegoEngine, TemplateFile } from '@aws/cloudformation-validate';
import { format as formatHcl } from '@cdktn/hcl-tools';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { parseDocument } from 'yaml';
import { readCloudFormation, readJson, readTerraform } from './readers.ts';
import { documentOf, makeScratch } from './setup-run.ts';
import { account, flagsOf, type WantedJobs, wantedJobs } from './wanted-jobs.ts';

const thumbprint = '0123456789abcdef0123456789abcdef01234567';
const policies = [
  'arn:aws:iam::aws:policy/ReadOnlyAccess',
  'arn:aws:iam::123456789012:policy/team/deploy',
  `arn:aws:iam::123456789012:policy/a$b"c'd{e}&f/deploy`,
];

/** Options that do not affect the trust policy. */
const extras = fc
  .record({
    'role-name': fc.option(fc.constantFrom('deploy', '1st', 'a.b+c=d,e@f-g_h', 'null', '0x10', '2026-11-22')),
    'max-session-duration': fc.option(fc.constantFrom('3600', '43200')),
    policies: fc.subarray(policies),
    thumbprint: fc.boolean(),
    existing: fc.boolean(),
  })
  .map((extra) => [
    ...(extra['role-name'] === null ? [] : [`--role-name=${extra['role-name']}`]),
    ...(extra['max-session-duration'] === null ? [] : ['--max-session-duration', extra['max-session-duration']]),
    ...extra.policies.flatMap((arn) => ['--permissions-policy-arn', arn]),
    ...(extra.existing ? ['--existing-provider'] : extra.thumbprint ? ['--thumbprint', thumbprint] : []),
  ]);

async function always(
  times: number,
  check: (args: readonly string[], wanted: WantedJobs) => Promise<void>,
): Promise<void> {
  const property = fc.asyncProperty(wantedJobs, extras, (wanted, extra) =>
    check([...flagsOf(wanted), ...extra], wanted),
  );
  await fc.assert(property, { numRuns: times });
}

const jsonOf = (args: readonly string[]) => documentOf([...args, '--format', 'json', '--account-id', account]);

const engine = new RegoEngine();
afterAll(() => engine.free());

/** Returns warnings and errors, but no hints (such as that a role could have tags). */
function findingsIn(file: string): readonly unknown[] {
  const { status, diagnostics } = engine.validateStandard(new TemplateFile(file), { severityLevel: 'WARN' });
  expect(status).toBe('OK');
  return diagnostics;
}

describe('cloudformation', () => {
  const write = (args: readonly string[]) => documentOf([...args, '--format', 'cloudformation']);

  it('has the same content as JSON', () =>
    always(200, async (args) => {
      expect(readCloudFormation(await write(args))).toEqual(readJson(await jsonOf(args)));
    }));

  it('is formatted as a YAML formatter does', () =>
    always(200, async (args) => {
      const text = await write(args);
      const document = parseDocument(text, { customTags: [], version: '1.1' });
      expect(document.toString({ lineWidth: 0 })).toBe(text);
    }));

  it("passes AWS's own validator", () =>
    always(20, async (args, wanted) => {
      using scratch = makeScratch();
      const file = join(scratch.path, 'setup.yaml');
      writeFileSync(file, await write(args));
      expect(findingsIn(file)).toEqual([]);
      // The validator works: it finds an unknown property.
      writeFileSync(
        file,
        (await write(['--thumbprint', thumbprint, ...flagsOf(wanted)])).replace('ThumbprintList:', 'Thumbs:'),
      );
      expect(findingsIn(file)).not.toEqual([]);
    }));
});

describe('terraform', () => {
  const write = (args: readonly string[]) => documentOf([...args, '--format', 'terraform']);

  it('has the same content as JSON', () =>
    always(200, async (args) => {
      expect(await readTerraform(await write(args))).toEqual(readJson(await jsonOf(args)));
    }));

  it('is formatted as "terraform fmt" does', () =>
    always(100, async (args) => {
      const text = await write(args);
      expect(await formatHcl(text)).toBe(text);
    }));
});

describe('json', () => {
  it('is formatted as "jq ." does', () =>
    always(50, async (args) => {
      const text = await jsonOf(args);
      expect(`${JSON.stringify(JSON.parse(text), null, 2)}\n`).toBe(text);
    }));
});

describe('every format', () => {
  it('is the same for the same request, and ASCII', () =>
    always(50, async (args) => {
      for (const format of ['cloudformation', 'terraform', 'aws-cli', 'json']) {
        const all = [...args, '--format', format, '--account-id', account];
        const text = await documentOf(all);
        expect(await documentOf(all)).toBe(text);
        expect(text).toMatch(/^[\x20-\x7e\n]*[^\n]\n$/);
      }
    }));
});
