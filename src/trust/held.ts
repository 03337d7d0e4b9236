/** Whether something holds, in three values: `unknown` where only AWS can tell. */
export type Held = 'yes' | 'no' | 'unknown';

/** Kleene's "and": one `no` decides, whatever is unknown; nothing at all holds. */
export function allHeld(all: readonly Held[]): Held {
  if (all.includes('no')) return 'no';
  return all.includes('unknown') ? 'unknown' : 'yes';
}

/** Kleene's "or": one `yes` decides, whatever is unknown; nothing at all does not hold. */
export function anyHeld(all: readonly Held[]): Held {
  if (all.includes('yes')) return 'yes';
  return all.includes('unknown') ? 'unknown' : 'no';
}

/** Kleene's "not": what is unknown stays unknown. */
export function notHeld(held: Held): Held {
  if (held === 'unknown') return 'unknown';
  return held === 'yes' ? 'no' : 'yes';
}

/** A fact that is known. */
export function heldIf(fact: boolean): Held {
  return fact ? 'yes' : 'no';
}
