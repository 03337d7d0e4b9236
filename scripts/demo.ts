import { playDemo } from './demo/played-demo.ts';

// npm run demo: plays two Semaphore jobs against a local STS, and shows the log that a user would see: a login, who the
// job is for an AWS SDK that knows nothing of this program, and a forked pull request that the role does not let in.

const bold = (text: string) => (process.stdout.isTTY ? `\u001b[1m${text}\u001b[22m` : text);

const passed = await playDemo({
  onJob: (title) => console.log(bold(title)),
  onCommand: (command) => console.log(`\n$ ${bold(command)}`),
  onOutput: (text) => process.stdout.write(text),
  onJobEnd: () => console.log(),
});
process.exitCode = passed ? 0 : 1;
