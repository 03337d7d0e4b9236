import { Failure } from '../failure.ts';
import type { Environment } from '../world.ts';
import { type Flag, variableOf } from './flags.ts';
import type { GivenValue } from './given-value.ts';

/** What was given for a command's flags, on the command line or in `SEM_AWS_LOGIN_<FLAG>`; the command line wins. Still unparsed. */
export interface RawOptions {
  text(name: string): GivenValue | undefined;
  /** A flag's value through its parser; undefined where the flag was not given. */
  parsed<T>(name: string, parse: (given: GivenValue) => T): T | undefined;
  list(name: string): readonly GivenValue[];
  switch(name: string): boolean;
}

/** Values from the command line by flag name: text, texts of a repeatable flag, or true for a switch. */
export type CommandLineValues = Readonly<Record<string, string | readonly string[] | true | undefined>>;

/** Joins both sources. Throws `value-invalid` for an empty value, for a variable of a switch that is neither "1" nor "0", and `flag-without-value`. */
export function makeRawOptions(
  flags: readonly Flag[],
  commandLine: CommandLineValues,
  environment: Environment,
): RawOptions {
  const given = new Map(flags.map((flag) => [flag.name, valuesOf(flag, commandLine[flag.name], environment)]));
  const valuesFor = (name: string): readonly GivenValue[] => given.get(name) ?? [];
  return {
    text: (name) => valuesFor(name)[0],
    parsed: (name, parse) => {
      const [given] = valuesFor(name);
      return given === undefined ? undefined : parse(given);
    },
    list: valuesFor,
    switch: (name) => valuesFor(name)[0]?.value === '1',
  };
}

function valuesOf(flag: Flag, fromLine: CommandLineValues[string], environment: Environment): readonly GivenValue[] {
  if (fromLine !== undefined) {
    const source = `--${flag.name}`;
    if (fromLine === true) return [{ value: '1', source }];
    return [fromLine].flat().map((value) => notMistaken({ value, source }));
  }
  const source = variableOf(flag);
  const value = environment[source];
  // A variable that stands empty in a pipeline's env block means "not set" there.
  if (value === undefined || value === '') return [];
  if (flag.value === undefined) return [switchValue({ value, source })];
  return (flag.repeatable ? value.split(',') : [value]).map((part) => notMistaken({ value: part, source }));
}

function switchValue(given: GivenValue): GivenValue {
  if (given.value === '1' || given.value === '0') return given;
  throw new Failure({
    kind: 'value-invalid',
    ...given,
    problem: 'a switch is either on or off',
    remedy: 'set it to 1 or 0',
  });
}

function notMistaken(given: GivenValue): GivenValue {
  if (given.value.startsWith('--'))
    throw new Failure({ kind: 'flag-without-value', flag: given.source, next: given.value });
  if (given.value !== '') return given;
  throw new Failure({
    kind: 'value-invalid',
    ...given,
    problem: 'it is empty: a variable of the pipeline that should hold it is probably not set',
    remedy: 'give a value or leave the flag out',
  });
}
