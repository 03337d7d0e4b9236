/** What stood between two marks on a terminal. */
export type Transcript = {
  /** Takes what the terminal says next; true once the end mark has come. */
  add(text: string): boolean;
  /** The text after the start mark, without the end mark; all of it so far where no end mark has come. */
  text(): string;
  /** The end mark's first group; undefined before it has come. */
  endGroup(): string | undefined;
};

// Every mark begins with this character, so what precedes it can be told at once.
const MARK = '\u0001';

/** Collects the text between a start and an end mark, telling each part of it as soon as it cannot be a mark. */
export const makeTranscript = (start: RegExp, end: RegExp, onOutput: (text: string) => void): Transcript => {
  let text = '';
  let started = false;
  let told = 0;
  let match: RegExpExecArray | null = null;

  const passStart = (): void => {
    const found = start.exec(text);
    if (found === null) return;
    started = true;
    text = text.slice(found.index + found[0].length);
  };
  const tellUpTo = (index: number): void => {
    if (index <= told) return;
    onOutput(text.slice(told, index));
    told = index;
  };

  return {
    add: (more) => {
      text += more;
      if (!started) passStart();
      if (!started) return false;
      match = end.exec(text);
      const mark = text.indexOf(MARK, told);
      tellUpTo(match?.index ?? (mark === -1 ? text.length : mark));
      return match !== null;
    },
    text: () => (started ? text.slice(0, match?.index) : ''),
    endGroup: () => match?.[1],
  };
};
