import { playDemo } from './demo/played-demo.ts';

// npm run demo: plays two Semaphore jobs against a local STS and shows their log: a login with an
// AWS SDK's identity afterwards, and a fork's pull request that the role does not trust.

const bold = (text: string) => (process.stdout.isTTY ? `\u001b[1m${text}\u001b[22m` : text);

const passed = await playDemo({
  onJob: (title) => console.log(bold(title)),
  onCommand: (command) => console.log(`\n$ ${bold(command)}`),
  onOutput: (text) => process.stdout.write(text),
  onJobEnd: () => console.log(),
});
process.exitCode = passed ? 0 : 1;
