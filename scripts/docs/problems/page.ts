import { explanationOf } from '../../../src/explain/catalogue.ts';
import { type ExitCode, exitCodeOf, type FailureFacts } from '../../../src/failure.ts';
import { explanationLines } from '../../../src/text/explanation.ts';
import { examples, lineOf } from './examples.ts';

const groups: readonly (readonly [ExitCode, string])[] = [
  [2, 'The command line or a variable is wrong'],
  [3, 'There is no usable token'],
  [4, 'A file on this machine cannot be used'],
  [5, 'AWS refused'],
  [6, 'AWS cannot be reached, or is busy; a retry can help'],
];

/** Returns docs/problems.md: every failure by its exit code, worded by the program's own code. */
export function problemsPage(): string {
  const cases = Object.entries(examples).flatMap(([kind, facts]) =>
    // Object.entries loses the relation between a kind and its facts.
    facts.map((one) => ({ kind, ...one }) as FailureFacts),
  );
  const sections = groups.flatMap(([exitCode, title]) => [
    `## Exit code ${exitCode}: ${title}`,
    ...cases.filter((facts) => exitCodeOf(facts) === exitCode).map(problemText),
  ]);
  return `${[head, ...sections].join('\n\n')}\n`;
}

const head = `# Problems by message

<!-- Made from the program's own words by "npm run docs". -->

Every expected failure says what failed, the likely cause and what to do. After a failure nothing is written, and existing
files stay as they are. Commands to paste repeat the options that were given. Exit code 0 is success, 1 a bug in the program,
143 the end by SIGINT or SIGTERM. The others are below, with an example of each message.

A failed login prints the path of no file on stdout, so that \`source "$(sem-aws-login …)"\` fails too. Bash then adds its own line:

\`\`\`
bash: /sem-aws-login: LOGIN FAILED (exit 5), see the lines above; add || return to stop here; ignore the rest of this one: No such file or directory
\`\`\``;

function problemText(facts: FailureFacts): string {
  const explanation = explanationOf(facts, lineOf(facts));
  const answer = 'refusal' in facts ? `: "${facts.refusal.message}"` : '';
  return `### ${explanation.headline}${answer}\n\n\`\`\`\n${explanationLines(explanation).join('\n')}\n\`\`\``;
}
