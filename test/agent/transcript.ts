/** The text between two marks on a terminal. */
export interface Transcript {
  /** Adds output; true after the end mark. */
  add(text: string): boolean;
  /** The text after the start mark and before the end mark, if that has come. */
  text(): string;
  /** The first group of the end mark; undefined before the mark. */
  endGroup(): string | undefined;
}

// Marks begin with this character, so the text before it is known to be output.
const MARK = '\u0001';

/** Collects the text between two marks and passes on each part when it cannot be a mark. */
export const makeTranscript = (start: RegExp, end: RegExp, onOutput: (text: string) => void): Transcript => {
  let text = '';
  let started = false;
  let passedOn = 0;
  let match: RegExpExecArray | undefined;

  const passStart = (): void => {
    const found = start.exec(text);
    if (!found) return;
    started = true;
    text = text.slice(found.index + found[0].length);
  };
  const passOnTo = (index: number): void => {
    if (index <= passedOn) return;
    onOutput(text.slice(passedOn, index));
    passedOn = index;
  };

  return {
    add: (more) => {
      text += more;
      if (!started) passStart();
      if (!started) return false;
      match = end.exec(text) ?? undefined;
      const mark = text.indexOf(MARK, passedOn);
      passOnTo(match?.index ?? (mark === -1 ? text.length : mark));
      return match !== undefined;
    },
    text: () => (started ? text.slice(0, match?.index) : ''),
    endGroup: () => match?.[1],
  };
};
