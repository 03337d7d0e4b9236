import { execFileSync } from 'node:child_process';
import type { Job, Run, Variables } from './job-run.ts';

/**
 * Returns what sourcing the printed env file changes in the job's environment: new values by name,
 * `undefined` for unset variables. `more` is set before.
 */
export function sourced(job: Job, run: Run, more: Readonly<Record<string, string>> = {}): Variables {
  const environment = { ...job.environment, ...more };
  const script = 'source "$1" || exit; exec env -0';
  const text = execFileSync('bash', ['--norc', '--noprofile', '-c', script, 'bash', run.stdout.trimEnd()], {
    env: environment,
    encoding: 'utf8',
  });
  const after = Object.fromEntries(text.split('\0').map((entry) => splitAt(entry, entry.indexOf('='))));
  const ignored = new Set(['_', 'SHLVL', 'PWD', 'OLDPWD', '']);
  const names = [...new Set([...Object.keys(environment), ...Object.keys(after)])].filter((name) => !ignored.has(name));
  const changed = names.filter((name) => after[name] !== Reflect.get(environment, name));
  return Object.fromEntries(changed.map((name) => [name, after[name]]));
}

function splitAt(text: string, index: number): [string, string] {
  return index < 0 ? ['', ''] : [text.slice(0, index), text.slice(index + 1)];
}
