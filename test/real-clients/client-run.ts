import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { LocalAws } from '../aws-simulator/aws.ts';
import { type ClientName, commandLineOf } from './client.ts';

/** Who a client is to AWS. With an error, the other fields are empty. */
export interface Answer {
  readonly arn: string;
  readonly account: string;
  /** The client's region; empty if it has none and used STS in us-east-1. */
  readonly region: string;
  /** The client's name for the source of its credentials. */
  readonly source: string;
  readonly error: string;
}

/** How to run a client. Of the test's environment it gets only the system's PATH. */
export interface ClientRun {
  readonly home: string;
  readonly environment: Readonly<Record<string, string>>;
  /** A file that bash sources before the client starts. */
  readonly environmentFile?: string;
  readonly cwd?: string;
  /** A command that runs the client. */
  readonly wrapper?: readonly string[];
  /** A profile chosen by the client's own option. */
  readonly profile?: string;
}

/**
 * Variables that lead every client to the local STS: newer clients read their own, older ones use
 * the proxy.
 */
export const networkOf = (aws: LocalAws): Readonly<Record<string, string>> => ({
  ...aws.proxyEnvironment,
  ...aws.clientEnvironment,
});

const environmentOf = ({ home, environment }: ClientRun): Record<string, string> => ({
  HOME: home,
  PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  LANG: 'C.UTF-8',
  AWS_EC2_METADATA_DISABLED: 'true', // the machine's own role must not answer instead of the login
  ...environment,
});

const sourcing = (file: string): readonly [string, ...string[]] => [
  '/bin/bash',
  '-c',
  'source "$0" && exec "$@"',
  file,
];

const parseAnswer = (line: string): Answer => {
  // The programs in this folder write nothing else; any other value fails the tests at once.
  const answer = JSON.parse(line) as Partial<Answer>;
  return { arn: '', account: '', region: '', source: '', error: '', ...answer };
};

const converse = async (name: ClientName, where: ClientRun, between: (() => Promise<void>) | undefined) => {
  const asked = await commandLineOf(name);
  const wrapped = [...(where.wrapper ?? []), ...asked];
  const sourced = where.environmentFile === undefined ? wrapped : [...sourcing(where.environmentFile), ...wrapped];
  const chosen = where.profile === undefined ? [] : ['--profile', where.profile];
  const [program = '', ...args] = [...sourced, ...chosen, ...(between === undefined ? [] : ['--again'])];
  const child = spawn(program, args, {
    cwd: where.cwd ?? where.home,
    env: environmentOf(where),
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let complaints = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaints += text;
  });
  child.stdin.on('error', () => {}); // a client that could not start reads nothing
  const answers: Answer[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    answers.push(parseAnswer(line));
    if (answers.length === 1) await between?.();
    child.stdin.end('\n');
  }
  if (answers.length === 0) throw new Error(`${name} answered nothing: ${complaints}`);
  return answers;
};

/**
 * Runs a client and returns its answer; a refusal has `error`. Throws when the client prints
 * nothing.
 */
export const runClient = async (name: ClientName, where: ClientRun): Promise<Answer> => {
  const [answer] = await converse(name, where, undefined);
  if (answer === undefined) throw new Error(`${name} answered nothing`);
  return answer;
};

/**
 * Runs a client that asks twice in one process, with `between` in between. Returns both answers.
 */
export const runClientTwice = async (
  name: ClientName,
  where: ClientRun,
  between: () => Promise<void>,
): Promise<readonly [Answer, Answer]> => {
  const [first, second] = await converse(name, where, between);
  if (first === undefined || second === undefined) throw new Error(`${name} did not answer twice`);
  return [first, second];
};

/** Runs `work` for each item, two at a time: test machines have two cores. */
const forEachInPairs = async <Item>(items: readonly Item[], work: (item: Item) => Promise<void>) => {
  const left = [...items];
  const worker = async (): Promise<void> => {
    for (let item = left.shift(); item !== undefined; item = left.shift()) await work(item);
  };
  await Promise.all([worker(), worker()]);
};

/** Returns each client's answer in the same environment. */
export const runClients = async (
  names: readonly ClientName[],
  where: ClientRun,
): Promise<Partial<Record<ClientName, Answer>>> => {
  const answers: Partial<Record<ClientName, Answer>> = {};
  await forEachInPairs(names, async (name) => {
    answers[name] = await runClient(name, where);
  });
  return answers;
};
