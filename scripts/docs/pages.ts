import { doctorPage } from './doctor/page.ts';
import { problemsPage } from './problems/page.ts';
import { referencePage } from './reference/page.ts';

/** The pages of docs/ that are generated from the code, by their path in the repository. */
export const generatedPages: Readonly<Record<string, () => string>> = {
  'docs/doctor.md': doctorPage,
  'docs/problems.md': problemsPage,
  'docs/reference.md': referencePage,
};
