import { describe, expect, expectTypeOf, test } from 'vitest';
import type { RoleArn } from '../../src/aws/arn.ts';
import { commands, type OptionName, type OptionsOf, optionsOf } from '../../src/cli/commands.ts';
import { commandHelp } from '../../src/cli/help.ts';
import { optionGroups } from '../../src/cli/option.ts';
import { invocationOf } from './invocation.ts';

const names = commands.map(({ name }) => name);

describe('the declarations of a command', () => {
  test.each(names)('of %s have different names', (command) => {
    const declared = optionsOf(command).map(({ name }) => name);
    expect(declared).toEqual([...new Set(declared)]);
  });

  test.each(names)('of %s have defaults that their own parsers accept', (command) => {
    for (const { name, default: value, parse } of optionsOf(command))
      if (value !== undefined) expect(() => parse?.({ value, source: `--${name}` })).not.toThrow();
  });

  test.each(names)('of %s are in the help by group, common ones first', (command) => {
    const declaration = commands.find(({ name }) => name === command);
    const help = declaration === undefined ? '' : commandHelp(declaration, 80);
    const headings = [...help.matchAll(/^(\S.*):$/gm)].map(([, heading]) => heading ?? '');
    const groups = optionGroups.filter((group) => optionsOf(command).some((option) => option.group === group));
    expect(headings).toEqual([...groups, 'Help', 'Example']);
    expect(groups[0]).toBe('Common');
  });
});

describe('a default is declared for each command', () => {
  test('and is what the command uses and what its help says', () => {
    expect(invocationOf('login', []).options.values.timeout).toBe(30_000);
    expect(invocationOf('doctor', []).options.values.timeout).toBe(10_000);
    const helpOf = (command: string) =>
      commands
        .filter(({ name }) => name === command)
        .map((one) => commandHelp(one, 80))
        .join();
    expect(helpOf('login').replace(/\s+/g, ' ')).toContain('time limit for all requests to STS (default: 30)');
    expect(helpOf('doctor').replace(/\s+/g, ' ')).toContain('time limit for each network request (default: 10)');
  });
});

describe('the types of options follow from their declarations', () => {
  const { values, given } = invocationOf('login', []).options;

  test('so that a misspelt name does not compile', () => {
    // @ts-expect-error
    expect(values.quite).toBeUndefined();
    // @ts-expect-error
    expect(given.quite).toBeUndefined();
    // @ts-expect-error
    const name: OptionName = 'quite';
    expect(optionsOf('login').some((option) => option.name === name)).toBe(false);
  });

  test('nor an option that only another command has', () => {
    // @ts-expect-error
    expect(values['trust-policy']).toBeUndefined();
    // @ts-expect-error
    const name: OptionName<'login'> = 'trust-policy';
    const other: OptionName = name;
    expect(optionsOf('doctor').some((option) => option.name === other)).toBe(true);
  });

  test('nor a value of another type', () => {
    type Values = OptionsOf<'login'>['values'];
    expectTypeOf<Values['quiet']>().toEqualTypeOf<boolean>();
    expectTypeOf<Values['timeout']>().toEqualTypeOf<number>();
    expectTypeOf<Values['duration']>().toEqualTypeOf<number | undefined>();
    expectTypeOf<Values['session-policy']>().toEqualTypeOf<string | undefined>();
    expectTypeOf<Values['role-arn']>().toEqualTypeOf<RoleArn | undefined>();
    expectTypeOf<Values['then-role-arn']>().toEqualTypeOf<readonly RoleArn[]>();
    // @ts-expect-error
    expect(values.quiet === '1').toBe(false);
  });
});
