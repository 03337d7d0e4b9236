export type { Row } from './rows.ts';

import { KEYS, VARIABLES } from './keys.ts';
import { ACTIONS, LOGIC, PRINCIPALS } from './logic.ts';
import { OTHER_OPERATORS, PRESENCE, SETS, SEVERAL, STRINGS } from './operators.ts';
import type { Row } from './rows.ts';

/** Every operator, modifier and rule, at least once held and once not. */
export const ROWS: readonly Row[] = [
  ...STRINGS,
  ...OTHER_OPERATORS,
  ...PRESENCE,
  ...SEVERAL,
  ...SETS,
  ...KEYS,
  ...VARIABLES,
  ...LOGIC,
  ...PRINCIPALS,
  ...ACTIONS,
];
