import { createInterface } from 'node:readline/promises';
import { parseArgs } from 'node:util';

const { values } = parseArgs({ options: { profile: { type: 'string' }, again: { type: 'boolean' } } });

/** The profile that was chosen as the tool's own option. */
export const chosenProfile: string | undefined = values.profile;

const say = async (answer: () => Promise<object>): Promise<void> => {
  try {
    console.log(JSON.stringify(await answer()));
  } catch (error) {
    console.log(JSON.stringify({ error: String(error) }));
  }
};

/** Says the answer as one line of JSON, and once more after a line on standard input if that was asked for. */
export const sayAll = async (answer: () => Promise<object>): Promise<void> => {
  await say(answer);
  if (values.again !== true) return;
  const lines = createInterface({ input: process.stdin });
  await lines.question('');
  lines.close();
  await say(answer);
};
