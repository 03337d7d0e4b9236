// npm run demo: plays two Semaphore jobs against a local STS, and shows the log that a user would see: a login, who the
// job is for an AWS SDK that knows nothing of this program, and a forked pull request that the role does not let in.
import { chmod, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { type PlayedJob, playJob } from '../test/agent/job.ts';
import { type LocalAws, standardRoleArn, startAws } from '../test/sts/aws.ts';
import type { JobContext } from '../test/sts/job.ts';

const project = resolve(import.meta.dirname, '..');
const executable = join(project, 'dist', 'sem-aws-login');
const bold = (text: string) => (process.stdout.isTTY ? `\u001b[1m${text}\u001b[22m` : text);

const login = `source "$(sem-aws-login --role-arn ${standardRoleArn} --region eu-west-1)"`;

const aws = await startAws();
const home = await mkdtemp(join(tmpdir(), 'sem-aws-login-demo-'));
try {
  const bin = await makeCommands(home);
  console.log(bold('A job on branch main: the role trusts it'));
  const branch = await play(aws, 'branch', [login, 'aws-who-am-i', 'sem-aws-login logout']);
  console.log(bold("A forked pull request: the role does not trust it, and says so before the job's commands run"));
  const fork = await play(aws, 'fork-pull-request', [login, 'aws-who-am-i']);
  process.exitCode = branch.result === 'passed' && fork.result === 'failed' ? 0 : 1;

  async function play(local: LocalAws, context: JobContext, commands: readonly string[]): Promise<PlayedJob> {
    const environment = { ...local.environmentFor(context), ...local.clientEnvironment };
    const played = await playJob({
      home,
      environment: {
        ...environment,
        AWS_EC2_METADATA_DISABLED: 'true',
        PATH: `${bin}${delimiter}${process.env['PATH']}`,
      },
      commands,
      epilogue: ['echo "epilogue: the job has $SEMAPHORE_JOB_RESULT"'],
      onCommand: (_phase, command) => console.log(`\n$ ${bold(command)}`),
      onOutput: (text) => process.stdout.write(text),
    });
    console.log();
    return played;
  }
} finally {
  await aws.close();
  await rm(home, { recursive: true });
}

// The job's PATH has the executable, and a command that asks STS who it is through AWS's own SDK with its default settings.
async function makeCommands(directory: string): Promise<string> {
  await symlink(executable, join(directory, 'sem-aws-login'));
  const client = join(project, 'test', 'clients', 'programs', 'javascript-v3.ts');
  const whoAmI = join(directory, 'aws-who-am-i');
  await writeFile(whoAmI, `#!/bin/bash\nexec '${process.execPath}' '${client}'\n`);
  await chmod(whoAmI, 0o755);
  return directory;
}
