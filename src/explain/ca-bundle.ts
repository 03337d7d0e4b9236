import type { CaBundleProblem } from '../failures/file.ts';
import type { Paste } from '../text/explanation.ts';
import { shellWord } from './ways-out.ts';

/** Returns why a file of certificates cannot be used, as a sentence. */
export function bundleCause(problem: CaBundleProblem): string {
  return typeof problem === 'string' ? bundleText[problem] : `It cannot be read (${problem.code}).`;
}

const bundleText: Readonly<Record<Extract<CaBundleProblem, string>, string>> = {
  'not-a-file': 'It is not a regular file.',
  'too-large': 'It is larger than 8 MB.',
  empty: 'It is empty.',
  der: 'It is a certificate in DER form. PEM, which is text, is needed.',
  damaged: 'Its first certificate is damaged: cut short or changed. The rest would not be read either.',
  'no-certificate': 'It has no certificate in PEM form.',
};

/** Returns what to do about it. */
export function bundleSteps(variable: string, path: string, problem: CaBundleProblem): Paste[] {
  const unset = 'Name a file of PEM certificates that this user can read. To trust only the usual ones:';
  if (problem !== 'der') return [{ intro: unset, lines: [`unset ${variable}`] }];
  const name = path.slice(path.lastIndexOf('/') + 1).replace(/\.\w+$/, '');
  const pem = `"$HOME"/${shellWord(`${name}.pem`)}`;
  return [
    {
      intro: 'Convert it:',
      lines: [`openssl x509 -inform der -in ${shellWord(path)} -out ${pem}`, `export ${variable}=${pem}`],
    },
    { intro: 'Or trust only the usual certificates:', lines: [`unset ${variable}`] },
  ];
}
