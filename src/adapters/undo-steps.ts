import { quietly } from './system-error.ts';

/** A stack of undo steps. */
export interface UndoSteps {
  add(step: () => void): void;
  /** Runs the steps, last first, and empties the stack. If a step fails, the rest still runs. */
  run(): void;
}

export function makeUndoSteps(): UndoSteps {
  const steps: (() => void)[] = [];
  return {
    add: (step) => void steps.push(step),
    run: () => {
      for (const step of steps.splice(0).reverse()) quietly(step);
    },
  };
}
