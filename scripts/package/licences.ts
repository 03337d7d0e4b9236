import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Bundle, project, root } from '../build/bundle.ts';

/**
 * Returns the licences of all code in the executables: the bundled npm packages and Node. Throws if
 * a package has no licence text.
 */
export function makeLicences(bundles: readonly Bundle[], nodeDirectory: string): string {
  const directories = new Set(bundles.flatMap(packageDirectoriesOf));
  const texts = [...directories].sort().map((directory) => {
    const { name, version, license } = JSON.parse(readFileSync(join(root, directory, 'package.json'), 'utf8'));
    return section(`${name} ${version} (${license})`, licenceTextOf(join(root, directory)));
  });
  return [...texts, section(`Node.js ${project.devDependencies.node}`, licenceTextOf(nodeDirectory))].join('\n');
}

/** Returns the directories of packages with at least one byte in the bundle. */
function packageDirectoriesOf({ origins }: Bundle): string[] {
  return Object.entries(origins)
    .filter(([, bytes]) => bytes > 0)
    .map(([path]) => /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1])
    .filter((directory) => directory !== undefined);
}

function licenceTextOf(directory: string): string {
  const name = readdirSync(directory).find((entry) => /^licen[cs]e(\.md|\.txt)?$/i.test(entry));
  if (name === undefined) throw new Error(`${directory} has no licence`);
  return readFileSync(join(directory, name), 'utf8');
}

function section(title: string, text: string): string {
  return `${'='.repeat(80)}\n${title}\n${'='.repeat(80)}\n\n${text.trim()}\n`;
}
