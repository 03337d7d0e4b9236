/**
 * Returns the name that a misspelt word most likely means; undefined when no name is like it.
 * Ignores case.
 */
export function suggestionFor(word: string, names: readonly string[]): string | undefined {
  const given = word.toLowerCase();
  return nearestOf(given, names) ?? sameBeginningOf(given, names);
}

/**
 * Returns the names that differ least from a word, if it takes at most `most` changes; ignores the
 * word's case.
 */
export function nearestNames(word: string, names: readonly string[], most: number): readonly string[] {
  const distances = names.map((name) => distanceOf(word.toLowerCase(), name));
  const least = Math.min(...distances);
  return least > most ? [] : names.filter((_, index) => distances[index] === least);
}

// At most three changes, and fewer than three in five letters: a word with more is another word.
function nearestOf(word: string, names: readonly string[]): string | undefined {
  const near = names
    .map((name) => ({ name, distance: distanceOf(word, name), longest: Math.max(word.length, name.length) }))
    .filter(({ distance, longest }) => distance <= 3 && distance < 0.6 * longest);
  return near.toSorted((one, other) => one.distance - other.distance)[0]?.name;
}

function sameBeginningOf(word: string, names: readonly string[]): string | undefined {
  const lengthOf = (name: string) => [...name].filter((_, index) => word.startsWith(name.slice(0, index + 1))).length;
  const [likest] = names.toSorted((one, other) => lengthOf(other) - lengthOf(one));
  return likest !== undefined && lengthOf(likest) >= 2 ? likest : undefined;
}

/**
 * Returns the number of inserted, deleted, replaced or swapped letters between two words (optimal
 * string alignment, https://en.wikipedia.org/wiki/Damerau-Levenshtein_distance).
 */
function distanceOf(one: string, other: string): number {
  const rows: number[][] = [Array.from({ length: other.length + 1 }, (_, column) => column)];
  const at = (row: number, column: number) => rows[row]?.[column] ?? Number.POSITIVE_INFINITY;
  for (let row = 1; row <= one.length; row++) {
    const current = [row];
    rows.push(current);
    for (let column = 1; column <= other.length; column++) {
      const isSame = one[row - 1] === other[column - 1];
      const isSwap = one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1];
      current[column] = Math.min(
        at(row - 1, column) + 1,
        at(row, column - 1) + 1,
        at(row - 1, column - 1) + (isSame ? 0 : 1),
        isSwap ? at(row - 2, column - 2) + 1 : Number.POSITIVE_INFINITY,
      );
    }
  }
  return at(one.length, other.length);
}
