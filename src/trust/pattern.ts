/** `*`, `?`, or a literal character. */
type Piece = { readonly kind: 'run' } | { readonly kind: 'one' } | { readonly kind: 'character'; readonly is: string };

/** `pieces` is undefined if the value contains a variable that only AWS knows. */
export interface Pattern {
  readonly pieces: readonly Piece[] | undefined;
}

export interface PatternRules {
  /** `*` and `?` are wildcards: in StringLike and Action. */
  readonly wildcards: boolean;
  /** `${…}` is a policy variable: in policies of version 2012-10-17. */
  readonly variables: boolean;
}

/**
 * Parses a value of a policy. `${*}`, `${?}` and `${$}` are literal characters; any other variable
 * makes the pattern unknown.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#policy-vars-specialchars
 */
export function parsePattern(text: string, rules: PatternRules): Pattern {
  const pieces: Piece[] = [];
  for (let rest = text; rest !== ''; ) {
    const escaped = rules.variables ? /^\$\{[*?$]\}/.exec(rest) : null;
    if (!escaped && rules.variables && rest.startsWith('${')) return { pieces: undefined };
    const head = escaped?.[0] ?? String.fromCodePoint(rest.codePointAt(0) ?? 0);
    pieces.push(escaped ? { kind: 'character', is: rest.charAt('${'.length) } : pieceOf(head, rules.wildcards));
    rest = rest.slice(head.length);
  }
  return { pieces };
}

function pieceOf(character: string, wildcards: boolean): Piece {
  if (wildcards && character === '*') return { kind: 'run' };
  if (wildcards && character === '?') return { kind: 'one' };
  return { kind: 'character', is: character };
}

/** Whether a value matches a pattern, case-sensitively. Takes at most |pattern| × |value| steps. */
export function matchesPattern(pattern: Pattern, value: string): Truth {
  return pattern.pieces === undefined ? 'unknown' : truthOf(fits(pattern.pieces, [...value]));
}

/**
 * `matchesPattern`, ignoring case. Different non-ASCII letters are unknown: AWS documents no rule.
 */
export function matchesPatternIgnoringCase(pattern: Pattern, value: string): Truth {
  if (pattern.pieces === undefined) return 'unknown';
  const folded = pattern.pieces.map((piece) =>
    piece.kind === 'character' ? ({ kind: 'character', is: piece.is.toLowerCase() } as const) : piece,
  );
  if (fits(folded, [...value.toLowerCase()])) return 'yes';
  const isAscii = (text: string) => /^[\0-\x7f]*$/.test(text);
  const known = isAscii(value) && pattern.pieces.every((piece) => piece.kind !== 'character' || isAscii(piece.is));
  return known ? 'no' : 'unknown';
}

// Greedy, backtracking only to the latest `*`, since that can match whatever an earlier one could.
// So no pattern makes this exponential.
function fits(pieces: readonly Piece[], characters: readonly string[]): boolean {
  let piece = 0;
  let at = 0;
  let run: { readonly piece: number; readonly at: number } | undefined;
  while (at < characters.length) {
    const wanted = pieces[piece];
    if (wanted?.kind === 'run') {
      run = { piece, at };
      piece += 1;
    } else if (wanted?.kind === 'one' || (wanted?.kind === 'character' && wanted.is === characters[at])) {
      piece += 1;
      at += 1;
    } else if (run) {
      run = { piece: run.piece, at: run.at + 1 };
      piece = run.piece + 1;
      at = run.at;
    } else {
      return false;
    }
  }
  return pieces.slice(piece).every((left) => left.kind === 'run');
}

/** A truth value; `unknown` if only AWS knows. `doctor --json` prints these words. */
export type Truth = 'yes' | 'no' | 'unknown';

/** Kleene's "and": a single `no` decides. Returns `yes` for an empty list. */
export function allTrue(all: readonly Truth[]): Truth {
  if (all.includes('no')) return 'no';
  return all.includes('unknown') ? 'unknown' : 'yes';
}

/** Kleene's "or": a single `yes` decides. Returns `no` for an empty list. */
export function anyTrue(all: readonly Truth[]): Truth {
  if (all.includes('yes')) return 'yes';
  return all.includes('unknown') ? 'unknown' : 'no';
}

/** Kleene's "not": unknown stays unknown. */
export function negate(held: Truth): Truth {
  if (held === 'unknown') return 'unknown';
  return held === 'yes' ? 'no' : 'yes';
}

/** Returns the truth value of a known fact. */
export function truthOf(fact: boolean): Truth {
  return fact ? 'yes' : 'no';
}
