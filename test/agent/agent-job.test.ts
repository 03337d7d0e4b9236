import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { skipped } from '../skips.ts';
import { type Job, playJob } from './agent-job.ts';
import { canMakeTerminal } from './shell.ts';

if (!canMakeTerminal) skipped('the agent’s terminal', 'there is no `script` to make one');

let home: string;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'sem-aws-login-agent-'));
});
afterAll(() => rm(home, { recursive: true }));

const play = (job: Partial<Job>) => playJob({ home, environment: {}, commands: [], ...job });
const outputs = async (job: Partial<Job>) => (await play(job)).steps.map((step) => step.output);

describe('a job is played as the agent plays it', () => {
  test('in HOME, in a login shell without a prompt', async () => {
    expect(await outputs({ commands: ['pwd', 'shopt login_shell'] })).toEqual([`${home}\n`, 'login_shell    \ton\n']);
  });

  test.runIf(canMakeTerminal)('on a terminal', async () => {
    const played = await play({ commands: ['tty >/dev/null && echo terminal'] });
    expect(played).toMatchObject({ onTerminal: true, steps: [{ output: 'terminal\n' }] });
  });

  test('variables arrive unchanged, whatever characters they contain', async () => {
    const value = `a 'quoted' "word", $HOME \`x\`\\ !1\nsecond line ✓`;
    expect(await outputs({ environment: { ODD: value, EMPTY: '' }, commands: ['printf %s "$ODD"'] })).toEqual([value]);
  });

  test('nothing of the test process reaches the job', async () => {
    process.env['LEAKED_BY_THE_TEST'] = 'yes';
    expect(await outputs({ commands: ['echo "[$LEAKED_BY_THE_TEST]"'] })).toEqual(['[]\n']);
    delete process.env['LEAKED_BY_THE_TEST'];
  });

  test('what a command exports reaches later commands and the epilogue', async () => {
    const played = await play({
      prologue: ['export FROM_PROLOGUE=1'],
      commands: ['echo "$FROM_PROLOGUE"', 'export FROM_COMMANDS=2'],
      epilogue: ['echo "$FROM_PROLOGUE $FROM_COMMANDS $SEMAPHORE_JOB_RESULT"'],
    });
    expect(played.steps.map((step) => step.output)).toEqual(['', '1\n', '', '1 2 passed\n']);
    expect(played.result).toBe('passed');
  });

  test('the first failure skips the other commands, and the epilogue runs', async () => {
    const played = await play({
      prologue: ['(exit 7)', 'echo never'],
      commands: ['echo never'],
      epilogue: ['echo "$SEMAPHORE_JOB_RESULT"'],
    });
    expect(played.steps.map(({ phase, exitCode, output }) => [phase, exitCode, output])).toEqual([
      ['prologue', 7, ''],
      ['epilogue', 0, 'failed\n'],
    ]);
    expect(played).toMatchObject({ result: 'failed', shellSurvived: true });
  });

  test('a command that ends the shell prevents the epilogue', async () => {
    const played = await play({ commands: ['echo last words; exit 3'], epilogue: ['echo never'] });
    expect(played.steps.map(({ exitCode }) => exitCode)).toEqual([1]);
    expect(played.steps[0]?.output).toContain('last words');
    expect(played).toMatchObject({ result: 'failed', shellSurvived: false });
  });

  test('exit code 130 stops the job without its epilogue', async () => {
    const played = await play({ commands: ['(exit 130)'], epilogue: ['echo never'] });
    expect(played).toMatchObject({ result: 'stopped', shellSurvived: true });
    expect(played.steps).toHaveLength(1);
  });

  test('output arrives while the command runs, without the agent’s marks', async () => {
    const received: string[] = [];
    await play({ commands: ['echo one', 'printf two'], onOutput: (text) => received.push(text) });
    expect(received.join('').replaceAll('\r', '')).toBe('one\ntwo');
  });

  test('a command that hangs is an error that names what it printed', async () => {
    await expect(play({ commands: ['echo waiting; sleep 600'], limitSeconds: 1 })).rejects.toThrow(/waiting/);
  });
});

// Stand-ins for the executable: the effect of `source "$(…)"` for each way in which it can fail.
describe('`source "$(…)"` loses no failure', () => {
  const elfForAnotherMachine = (): Buffer => {
    const header = Buffer.alloc(64);
    header.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]);
    header.writeUInt16LE(2, 16); // an executable
    header.writeUInt16LE(22, 18); // s390: no Semaphore agent runs on it
    return header;
  };
  const standIns: readonly [name: string, content: string | Buffer | undefined, says: string][] = [
    ['is missing', undefined, 'command not found'],
    ['is built for another architecture', elfForAnotherMachine(), 'cannot execute binary file'],
    ['is killed at once', '#!/bin/bash\nkill -9 $$\n', 'No such file'], // bash does not tell of a kill within `$(…)`
    ['fails and says nothing', '#!/bin/bash\nexit 5\n', 'No such file'],
    ['names no file', '#!/bin/bash\necho "/sem-aws-login: LOGIN FAILED (exit 5)"\nexit 5\n', 'LOGIN FAILED (exit 5)'],
  ];

  test.each(standIns)('when the executable %s', async (_, content, says) => {
    const directory = await mkdtemp(join(home, 'stand-in-'));
    if (content !== undefined) await writeFile(join(directory, 'sem-aws-login'), content, { mode: 0o755 });
    const played = await play({
      environment: { PATH: `${directory}:/usr/bin:/bin` },
      prologue: ['source "$(sem-aws-login --role-arn x)"'],
      commands: ['echo never'],
      epilogue: ['echo "epilogue after $SEMAPHORE_JOB_RESULT"'],
    });
    expect(played.steps[0]).toMatchObject({ exitCode: 1, output: expect.stringContaining(says) });
    expect(played.steps[1]).toMatchObject({ phase: 'epilogue', output: 'epilogue after failed\n' });
    expect(played.shellSurvived).toBe(true);
  });

  test('its limit: in a multi-line block bash continues, unless `|| return` follows', async () => {
    const failing = 'source "$(false)"';
    const block = await play({ commands: [`${failing}\necho went on`] });
    expect(block.steps[0]).toMatchObject({ exitCode: 0, output: expect.stringContaining('went on') });
    const guarded = await play({ commands: [`${failing} || return\necho went on`] });
    expect(guarded.steps[0]).toMatchObject({ exitCode: 1, output: expect.not.stringContaining('went on') });
  });
});
