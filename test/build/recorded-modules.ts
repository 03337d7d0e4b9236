import { writeFileSync } from 'node:fs';
import Module from 'node:module';

// node --import recorded-modules.ts SCRIPT: writes the names of the Node modules that the script
// loads to the file RECORDED_MODULES. Modules that Node loads for itself are not included.

type Load = (request: string, parent: unknown, isMain: boolean) => unknown;

// Node's public hooks do not see `require` of a Node module in CommonJS; this old hook does.
const load = Reflect.get(Module, '_load') as Load;
const asked = new Set<string>();
const recording: Load = (request, parent, isMain) => {
  if (!isMain) asked.add(request.replace(/^node:/, ''));
  return load(request, parent, isMain);
};
Reflect.set(Module, '_load', recording);
process.on('exit', () => writeFileSync(process.env['RECORDED_MODULES'] ?? '', [...asked].sort().join('\n')));
