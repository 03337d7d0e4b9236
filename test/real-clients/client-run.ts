import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { LocalAws } from '../aws-simulator/aws.ts';
import { type ClientName, commandLineOf } from './client.ts';

/** What a client found itself to be. Every field but `error` is empty where there is an error. */
export interface Answer {
  readonly arn: string;
  readonly account: string;
  /** The region that it found; empty where none is set, in which case it asked STS in us-east-1. */
  readonly region: string;
  /** Where its credentials came from, in its own word. */
  readonly source: string;
  readonly error: string;
}

/** What a client is run in. Nothing of the test's own environment reaches it but Node's and the system's PATH. */
export interface Surroundings {
  readonly home: string;
  readonly environment: Readonly<Record<string, string>>;
  /** A file for bash to source before the client starts. */
  readonly environmentFile?: string;
  readonly cwd?: string;
  /** A command that runs the client, put before it. */
  readonly wrapper?: readonly string[];
  /** A profile chosen by the client's own option. */
  readonly profile?: string;
}

/** What leads every client to the local STS: the newer by a variable of their own, the older through the proxy. */
export const networkOf = (aws: LocalAws): Readonly<Record<string, string>> => ({
  ...aws.proxyEnvironment,
  ...aws.clientEnvironment,
});

const environmentOf = ({ home, environment }: Surroundings): Record<string, string> => ({
  HOME: home,
  PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  LANG: 'C.UTF-8',
  AWS_EC2_METADATA_DISABLED: 'true', // no machine's own role may answer in place of the login
  ...environment,
});

const sourcing = (file: string): readonly [string, ...string[]] => [
  '/bin/bash',
  '-c',
  'source "$0" && exec "$@"',
  file,
];

const parseAnswer = (line: string): Answer => {
  // The programs beside this file write nothing else; what is no object of strings shows in the tests at once.
  const answer = JSON.parse(line) as Partial<Answer>;
  return { arn: '', account: '', region: '', source: '', error: '', ...answer };
};

const converse = async (name: ClientName, where: Surroundings, between: (() => Promise<void>) | undefined) => {
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

/** Runs a client and gives its answer. A refusal is an answer with `error`; a client that says nothing is an error. */
export const runClient = async (name: ClientName, where: Surroundings): Promise<Answer> => {
  const [answer] = await converse(name, where, undefined);
  if (answer === undefined) throw new Error(`${name} answered nothing`);
  return answer;
};

/** Runs a client that asks twice in one process, with `between` done in between, and gives both answers. */
export const runClientTwice = async (
  name: ClientName,
  where: Surroundings,
  between: () => Promise<void>,
): Promise<readonly [Answer, Answer]> => {
  const [first, second] = await converse(name, where, between);
  if (first === undefined || second === undefined) throw new Error(`${name} did not answer twice`);
  return [first, second];
};

/** Runs `work` for each item, two at a time: the machines that run the tests have two cores. */
const forEachInPairs = async <Item>(items: readonly Item[], work: (item: Item) => Promise<void>) => {
  const left = [...items];
  const worker = async (): Promise<void> => {
    for (let item = left.shift(); item !== undefined; item = left.shift()) await work(item);
  };
  await Promise.all([worker(), worker()]);
};

/** What each of the clients answers in the same surroundings. */
export const runClients = async (
  names: readonly ClientName[],
  where: Surroundings,
): Promise<Partial<Record<ClientName, Answer>>> => {
  const answers: Partial<Record<ClientName, Answer>> = {};
  await forEachInPairs(names, async (name) => {
    answers[name] = await runClient(name, where);
  });
  return answers;
};
