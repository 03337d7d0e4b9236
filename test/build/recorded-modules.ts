import { writeFileSync } from 'node:fs';
import Module from 'node:module';

// node --import recorded-modules.ts SCRIPT: at its end, the names of Node's modules that the script itself asked for, in the file that
// RECORDED_MODULES names. (What those load among themselves is Node's own affair.)

type Load = (request: string, parent: unknown, isMain: boolean) => unknown;

// Node's published hooks do not see what a CommonJS script requires of Node itself; this one, old and widely used, does.
const load = Reflect.get(Module, '_load') as Load;
const asked = new Set<string>();
const recording: Load = (request, parent, isMain) => {
  if (!isMain) asked.add(request.replace(/^node:/, ''));
  return load(request, parent, isMain);
};
Reflect.set(Module, '_load', recording);
process.on('exit', () => writeFileSync(process.env['RECORDED_MODULES'] ?? '', [...asked].sort().join('\n')));
