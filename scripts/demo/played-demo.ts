import { chmod, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { playJob } from '../../test/agent/agent-job.ts';
import { type LocalAws, standardRoleArn, startAws } from '../../test/aws-simulator/aws.ts';
import type { JobContext } from '../../test/aws-simulator/semaphore-job.ts';

/** Callbacks for the demo's progress; output is as on the terminal, `\r\n` included. */
export interface DemoAudience {
  readonly onJob: (title: string) => void;
  readonly onCommand: (command: string) => void;
  readonly onOutput: (text: string) => void;
  readonly onJobEnd: () => void;
}

const project = resolve(import.meta.dirname, '..', '..');
const login = `source "$(sem-aws-login --role-arn ${standardRoleArn} --region eu-west-1)"`;

/**
 * Plays a job that the role trusts and one that it does not, with the built executable. Returns
 * true if both ended as expected.
 */
export async function playDemo(audience: DemoAudience): Promise<boolean> {
  const aws = await startAws();
  const home = await mkdtemp(join(tmpdir(), 'sem-aws-login-demo-'));
  try {
    await makeCommands(home);
    audience.onJob('A job on branch main: the role trusts it');
    const branch = await play(
      aws,
      home,
      'branch',
      [login, 'aws-who-am-i', 'source "$(sem-aws-login logout)"'],
      audience,
    );
    audience.onJob("A forked pull request: the role does not trust it, and the job's commands never run");
    const fork = await play(aws, home, 'fork-pull-request', [login, 'aws-who-am-i'], audience);
    return branch === 'passed' && fork === 'failed';
  } finally {
    await aws.close();
    await rm(home, { recursive: true });
  }
}

async function play(
  aws: LocalAws,
  home: string,
  context: JobContext,
  commands: readonly string[],
  { onCommand, onOutput, onJobEnd }: DemoAudience,
): Promise<string> {
  const played = await playJob({
    home,
    environment: {
      ...aws.environmentFor(context),
      ...aws.clientEnvironment,
      AWS_EC2_METADATA_DISABLED: 'true',
      PATH: `${home}${delimiter}${process.env['PATH']}`,
    },
    commands,
    epilogue: ['echo "epilogue: the job has $SEMAPHORE_JOB_RESULT"'],
    onCommand: (_phase, command) => onCommand(command),
    onOutput,
  });
  onJobEnd();
  return played.result;
}

// The second command asks STS for the caller's identity through an AWS SDK with default settings.
async function makeCommands(directory: string): Promise<void> {
  await symlink(join(project, 'dist', 'sem-aws-login'), join(directory, 'sem-aws-login'));
  const client = join(project, 'test', 'real-clients', 'programs', 'javascript-v3.ts');
  const whoAmI = join(directory, 'aws-who-am-i');
  await writeFile(whoAmI, `#!/bin/bash\n'${process.execPath}' '${client}' | grep -o 'arn:[^"]*'\n`);
  await chmod(whoAmI, 0o755);
}
