import { quietly } from './system-error.ts';

/** A stack of undo steps. */
export interface UndoSteps {
  add(step: () => void): void;
  /**
   * Runs the steps, last first, and empties the stack. A step that fails does not stop the rest.
   */
  run(): void;
}

/** Returns an empty stack. */
export function makeUndoSteps(): UndoSteps {
  const steps: (() => void)[] = [];
  return {
    add: (step) => void steps.push(step),
    run: () => {
      for (const step of steps.splice(0).reverse()) quietly(step);
    },
  };
}
