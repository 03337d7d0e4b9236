import { quietly } from './system-error.ts';

/** What it takes to get back to where one was: each step done adds the step that takes it back. */
export interface UndoSteps {
  /** Adds a step. */
  add(step: () => void): void;
  /** Takes everything back, last step first; a step that fails does not keep the others from being tried. */
  run(): void;
}

/** Nothing done yet, nothing to take back. */
export function makeUndoSteps(): UndoSteps {
  const steps: (() => void)[] = [];
  return {
    add: (step) => void steps.push(step),
    run: () => {
      for (const step of steps.splice(0).reverse()) quietly(step);
    },
  };
}
